"""What the ledger of points tells itself in the context, while the host does its steps.

They are objects, because no request can send one. The key ``dcrm_points`` says what is
done at the moment, one thing at a time, by the inmost step; the other keys stand beside
it for as long as theirs lasts.
"""

# -- dcrm_points: what is done -------------------------------------------------------

# An account is being opened, or its card written as its moves say: the card may be made
# and written.
OPENING = object()

# A document is being posted, whose points the ledger settles by itself: what the host
# writes on cards and their history is held back.
HELD = object()

# Orders are being confirmed whose rewards have been checked.
CONFIRMING = object()

# It is asked only which rewards can be claimed, not how many points there are.
CLAIMING = object()

# It is asked what an order earns at a club: to the host's own automatism a program that
# the ledger keeps is not applicable.
EARNING = object()

# -- dcrm_points_later ---------------------------------------------------------------

# A confirmed order is being changed: its points are settled once, at the end.
LATER = object()

# -- dcrm_points_of_reward -----------------------------------------------------------

# The host's own steps say what a reward is, takes and gives.
REWARDING = object()
