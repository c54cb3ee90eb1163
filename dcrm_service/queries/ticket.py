"""Numbers of tickets, many at once."""

from odoo.tools import SQL


def next_values(sequence: str, count: int) -> SQL:
    """Take the next values of a database sequence."""
    return SQL("SELECT nextval(%s) FROM generate_series(1, %s)", sequence, count)
