"""The lifecycle of a customer: acquired → retained → extended → lost → won back.

The specification of what ``queries.lifecycle`` computes inside the database. The first
day on which a customer buys it is *acquired*, with the second *retained*; *extended*
from the day on which it buys a further kind of product. After so many days without a
purchase it is *lost*; the purchase after that has *won it back*, and the next one makes
it retained or extended again. (Acquisition, retention, extension and win-back as the
stages of a relationship; that the facts alone date them is our own choice.)

>>> from datetime import date
>>> bought = [date(2020, 1, 1), date(2020, 3, 1), date(2023, 1, 1), date(2023, 2, 1)]
>>> for spell in spells(bought, as_of=date(2023, 6, 1)):
...     print(spell.entered_on, spell.state, spell.left_on)
2020-01-01 acquired 2020-03-01
2020-03-01 retained 2021-03-01
2021-03-01 lost 2023-01-01
2023-01-01 won_back 2023-02-01
2023-02-01 retained None
"""

from datetime import date, timedelta
from typing import NamedTuple

LOST_AFTER, LOYAL_AFTER = 365, 365
STATES = ("acquired", "retained", "extended", "lost", "won_back")


class Spell(NamedTuple):
    """A customer's stay in a state.

    :param left_on: the day on which the next state begins; ``None``: it is there still
    :param from_state: the state before; ``None`` for the first
    """

    state: str
    entered_on: date
    left_on: date | None
    from_state: str | None


def extension_day(first_bought):
    """Return the day on which a customer bought a further kind of product, or None.

    :param first_bought: for each kind, the day on which it was bought first; kinds
        bought together on the very first day are where the customer began

    >>> extension_day([date(2024, 1, 1), date(2024, 5, 1), date(2024, 3, 1)])
    datetime.date(2024, 3, 1)
    >>> extension_day([date(2024, 1, 1), date(2024, 1, 1)])
    """
    return next(iter(sorted(set(first_bought))[1:]), None)


def spells(days, as_of, lost_after=LOST_AFTER, extended_on=None) -> list[Spell]:
    """Return the stays of a customer up to a day, the first first.

    Who buys on the very day on which it would be lost is not lost.

    :param days: ascending dates on which it bought, each once
    :param extended_on: see :func:`extension_day`

    >>> bought = [date(2024, 1, 1), date(2024, 12, 31)]
    >>> [spell.state for spell in spells(bought, as_of=date(2025, 12, 30))]
    ['acquired', 'retained']
    >>> [spell.state for spell in spells(bought, as_of=date(2025, 12, 31))]
    ['acquired', 'retained', 'lost']
    >>> further = date(2024, 12, 31)
    >>> [spell.state for spell in spells(bought, date(2025, 1, 1), 365, further)]
    ['acquired', 'extended']
    """
    days = [day for day in days if day <= as_of]
    entries = []
    for number, day in enumerate(days):
        lost = entries and entries[-1][0] == "lost"
        state = _state(day, number, lost, extended_on)
        if not entries or entries[-1][0] != state:
            entries.append((state, day))
        until = days[number + 1] if number + 1 < len(days) else as_of + timedelta(1)
        if until > day + timedelta(lost_after):
            entries.append(("lost", day + timedelta(lost_after)))
    states = [None, *(state for state, _day in entries)]
    ends = [*(day for _state, day in entries[1:]), None]
    return [
        Spell(state, day, left_on, before)
        for (state, day), left_on, before in zip(entries, ends, states, strict=False)
    ]


def _state(day, number, lost, extended_on):
    if not number:
        return "acquired"
    if lost:
        return "won_back"
    return "extended" if extended_on and extended_on <= day else "retained"


def relation(
    length, profit, share=None, loyal_after=LOYAL_AFTER, loyal_from=0, profitable_from=0
):
    """Return which cell of loyal × profitable a customer is in (Reinartz and Kumar,
    2002): friend, butterfly, barnacle or stranger.

    :param length: days from its first to its last purchase
    :param profit: what it brought; ``None`` is unknown, and has no cell
    :param share: the share of its spending that is ours, in per cent, where known
    :param profitable_from: what the profit of a profitable customer is greater than

    >>> relation(800, 12.5), relation(30, 12.5), relation(800, -1), relation(0, 0)
    ('friend', 'butterfly', 'barnacle', 'stranger')
    >>> relation(800, 12.5, share=10, loyal_from=25)
    'butterfly'
    >>> relation(800, None)
    """
    if length is None or profit is None:
        return None
    loyal = length >= loyal_after and (share is None or share >= loyal_from)
    if profit > profitable_from:
        return "friend" if loyal else "butterfly"
    return "barnacle" if loyal else "stranger"
