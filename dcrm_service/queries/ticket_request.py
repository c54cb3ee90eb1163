"""Requests for tickets that are done once, however often they are sent."""

from odoo.tools import SQL


def claim(company_id: int, key: str, uid: int) -> SQL:
    """Yield the id of a new request of that key, nothing where there is one.

    One that another transaction has made and this one can not see fails as a
    serialization failure, which the host tries again.
    """
    return SQL(
        """
        INSERT INTO dcrm_ticket_request (
            company_id, key, create_uid, write_uid, create_date, write_date
        )
        VALUES (
            %(company)s, %(key)s, %(uid)s, %(uid)s,
            now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
        )
        ON CONFLICT (company_id, key) DO NOTHING
        RETURNING id
        """,
        company=company_id,
        key=key,
        uid=uid,
    )


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
