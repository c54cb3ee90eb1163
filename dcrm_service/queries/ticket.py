"""Numbers of tickets, many at once, and claims on e-mails, one at a time."""

from odoo.tools import SQL


def next_values(sequence: str, count: int) -> SQL:
    """Take the next values of a database sequence."""
    return SQL("SELECT nextval(%s) FROM generate_series(1, %s)", sequence, count)


def claim(key: str, user_id: int) -> SQL:
    """Claim an e-mail; a row says that nobody did before.

    Whoever claims it at the same time waits for the end of this transaction, and gets
    a serialization failure, which the host tries again: a violation of a constraint it
    would not.
    """
    return SQL(
        """
        INSERT INTO dcrm_ticket_email (key, create_uid, create_date)
        VALUES (%s, %s, now() AT TIME ZONE 'UTC')
        ON CONFLICT (key) DO NOTHING
        RETURNING id
        """,
        key,
        user_id,
    )
