"""Open tickets that lag behind what is known of their customers."""

from odoo.tools import SQL


def tickets_behind(company_id: int, limit: int) -> SQL:
    """Yield open tickets whose customer's score says otherwise than they do."""
    return SQL(
        """
        SELECT ticket.id
          FROM dcrm_ticket ticket
          LEFT JOIN dcrm_customer_score score
            ON score.partner_id = ticket.commercial_partner_id
           AND score.company_id = ticket.company_id
         WHERE ticket.closed_at IS NULL AND ticket.company_id = %s
           AND (ticket.value_class, ticket.customer_segment_id,
                ticket.customer_danger_since)
               IS DISTINCT FROM
               (score.value_class, score.segment_id, score.danger_since)
         ORDER BY ticket.id
         LIMIT %s
        """,
        company_id,
        limit,
    )
