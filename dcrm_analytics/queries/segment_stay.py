"""Stays in segments: closed and opened for the customers that a refresh moved.

:func:`leave` and :func:`enter` read the scores as just written and the customers in the
temporary table ``dcrm_score_moved`` (see ``queries.score``).
"""

from odoo.tools import SQL


def leave(company_id, day) -> SQL:
    """Close stays in a segment that the customer is not in."""
    return SQL(
        """
        ANALYZE dcrm_score_moved;
        UPDATE dcrm_segment_stay y
           SET left_on = GREATEST(%(day)s::date, y.entered_on)
          FROM dcrm_score_moved t
          LEFT JOIN dcrm_customer_score s
            ON s.partner_id = t.partner_id AND s.company_id = %(company_id)s
         WHERE y.partner_id = t.partner_id AND y.company_id = %(company_id)s
           AND y.left_on IS NULL
           AND y.segment_id IS DISTINCT FROM s.segment_id
        """,
        company_id=company_id,
        day=day,
    )


def enter(company_id, day) -> SQL:
    """Open a stay in the segment of each customer that has none there.

    It calls for an activity if the segment has a treatment at the moment of entry.
    A set difference, because it is complete before the first row is written: a search
    for each customer would have to pass over all the rows written before.
    """
    return SQL(
        """
        INSERT INTO dcrm_segment_stay
               (partner_id, company_id, segment_id, entered_on, treatment_due)
        SELECT entry.partner_id, %(company_id)s, entry.segment_id, %(day)s::date,
               g.activity_type_id IS NOT NULL
          FROM (SELECT partner_id, segment_id
                  FROM dcrm_score_moved JOIN dcrm_customer_score USING (partner_id)
                 WHERE company_id = %(company_id)s
                EXCEPT
                SELECT partner_id, segment_id
                  FROM dcrm_score_moved JOIN dcrm_segment_stay USING (partner_id)
                 WHERE company_id = %(company_id)s AND left_on IS NULL) AS entry
          JOIN dcrm_segment g ON g.id = entry.segment_id
        """,
        company_id=company_id,
        day=day,
    )


def merge(partner_id, company_id, day) -> SQL:
    """Leave a customer that was merged one open stay in a company: in the segment that
    its score names, else the earliest."""
    return SQL(
        """
        UPDATE dcrm_segment_stay SET left_on = GREATEST(%(day)s::date, entered_on)
         WHERE partner_id = %(partner_id)s AND company_id = %(company_id)s
           AND left_on IS NULL AND id <> (
               SELECT y.id FROM dcrm_segment_stay y
                 LEFT JOIN dcrm_customer_score s USING (partner_id, company_id)
                WHERE y.partner_id = %(partner_id)s AND y.company_id = %(company_id)s
                  AND y.left_on IS NULL
                ORDER BY y.segment_id = s.segment_id DESC NULLS LAST,
                         y.entered_on, y.id
                LIMIT 1)
        """,
        partner_id=partner_id,
        company_id=company_id,
        day=day,
    )
