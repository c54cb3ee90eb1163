"""Requests that are done once, however often they are sent."""

from odoo.tools import SQL


def claim(table: str, company_id: int, key: str, uid: int) -> SQL:
    """Yield the id of a new request of that key, nothing where there is one.

    One that another transaction has made and this one can not see fails as a
    serialization failure, which the host tries again.

    :param table: of the model that keeps the requests
    """
    return SQL(
        """
        INSERT INTO %(table)s (
            company_id, key, create_uid, write_uid, create_date, write_date
        )
        VALUES (
            %(company)s, %(key)s, %(uid)s, %(uid)s,
            now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
        )
        ON CONFLICT (company_id, key) DO NOTHING
        RETURNING id
        """,
        table=SQL.identifier(table),
        company=company_id,
        key=key,
        uid=uid,
    )
