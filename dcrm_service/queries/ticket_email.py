"""Claims on e-mails that come in, and on those that the system sends by itself."""

from datetime import datetime

from odoo.tools import SQL


def claim(key: str, message_id: str, ticket_id: int | None, user_id: int) -> SQL:
    """Claim an e-mail; a row says that nobody did before.

    Whoever claims it at the same time waits for the end of this transaction, and gets
    a serialization failure, which the host tries again: a violation of a constraint it
    would not.
    """
    return SQL(
        """
        INSERT INTO dcrm_ticket_email
            (key, message_id, ticket_id, create_uid, create_date)
        VALUES (%s, %s, %s, %s, now() AT TIME ZONE 'UTC')
        ON CONFLICT (key) DO NOTHING
        RETURNING id
        """,
        key,
        message_id,
        ticket_id,
        user_id,
    )


def claim_answer(key: str, now: datetime, since: datetime) -> SQL:
    """Claim an automatic answer to an address; a row says that none went since then.

    Two at once are as in ``claim``.
    """
    return SQL(
        """
        INSERT INTO dcrm_automatic_email AS sent (key, sent_at, create_date)
        VALUES (%s, %s, %s)
        ON CONFLICT (key) DO UPDATE SET sent_at = EXCLUDED.sent_at
            WHERE sent.sent_at <= %s
        RETURNING id
        """,
        key,
        now,
        now,
        since,
    )
