"""How often somebody sends the form that opens a ticket."""

from odoo.tools import SQL


def count(key: str, most: int) -> SQL:
    """Count one more form of a sender; a row says that it is not too many.

    Whoever counts at the same time waits, and fails as a serialization failure, which
    the host tries again: no two are counted as one.
    """
    return SQL(
        """
        INSERT INTO dcrm_ticket_sender AS sender (key, forms, create_date)
        VALUES (%(key)s, 1, now() AT TIME ZONE 'UTC')
        ON CONFLICT (key) DO UPDATE SET forms = sender.forms + 1
            WHERE sender.forms < %(most)s
        RETURNING id
        """,
        key=key,
        most=most,
    )
