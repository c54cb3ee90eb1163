"""What was recorded of a day."""

from odoo.tools import SQL


def latest(alias, company_id, day) -> SQL:
    """Return the condition that a row is its customer's last up to a day."""
    return SQL(
        """
        %(id)s IN (SELECT DISTINCT ON (partner_id) id
                     FROM dcrm_customer_score_history
                    WHERE company_id = %(company_id)s AND date <= %(day)s
                    ORDER BY partner_id, date DESC)
        """,
        id=SQL.identifier(alias, "id"),
        company_id=company_id,
        day=day,
    )


def leave_room() -> SQL:
    """Let a page keep room for new versions of its rows: those of a day may change
    until the day is over."""
    return SQL("ALTER TABLE dcrm_customer_score_history SET (fillfactor = 85)")
