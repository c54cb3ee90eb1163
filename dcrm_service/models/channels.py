"""The channels that customers come on, the same for interactions and tickets."""

CHANNELS = [
    ("visit", "Visit"),
    ("sales_centre", "Sales Centre"),
    ("phone", "Phone"),
    ("call_centre", "Call Centre"),
    ("email", "E-mail"),
    ("web", "Web"),
    ("chat", "Chat"),
    ("symposium", "Symposium"),
    ("exhibition", "Exhibition"),
    ("letter", "Letter"),
    ("portal", "Portal"),
]
