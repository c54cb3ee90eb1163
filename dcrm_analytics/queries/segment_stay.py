"""Stays in segments: closed and opened for the customers that a refresh moved.

Both statements read the scores as just written and the customers in the temporary
table ``dcrm_score_moved`` (see ``queries.score``).
"""

from odoo.tools import SQL


def leave(company_id, day) -> SQL:
    """Close stays in a segment that the customer is not in, and surplus ones.

    A customer that two merged partners became may have two open stays: the earlier
    one goes on.
    """
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
           AND (y.segment_id IS DISTINCT FROM s.segment_id
                OR EXISTS (SELECT FROM dcrm_segment_stay e
                            WHERE e.partner_id = y.partner_id
                              AND e.company_id = y.company_id
                              AND e.segment_id = y.segment_id AND e.left_on IS NULL
                              AND (e.entered_on, e.id) < (y.entered_on, y.id)))
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
