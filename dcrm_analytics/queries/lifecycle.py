"""The lifecycle of customers, set-based: purchase days → states.

Selects over those of ``queries.rhythm``; the arithmetic is that of
``compute.lifecycle``, where the definitions are told.
"""

from odoo.tools import SQL

from .rhythm import Rules


def extensions(rules: Rules, stale: SQL | None = None) -> SQL:
    """Select ``partner_id, extended_on``: the second day with a first of its kind."""
    return SQL(
        """
        SELECT partner_id, min(first_on) AS extended_on
          FROM (SELECT partner_id, first_on,
                       rank() OVER (PARTITION BY partner_id ORDER BY first_on) AS place
                  FROM dcrm_customer_kind
                 WHERE company_id = %s AND %s) AS kind
         WHERE place > 1
         GROUP BY partner_id
        """,
        rules.company_id,
        SQL("partner_id IN (%s)", stale) if stale else SQL("TRUE"),
    )


def spells(rules: Rules, days: SQL, extensions: SQL) -> SQL:
    """Select the stays in states: the columns of ``dcrm.customer.lifecycle``."""
    return SQL(
        """
        WITH bought AS (
            SELECT day.*, CASE WHEN number = 1 THEN 'acquired'
                               WHEN gap > %(lost_after)s THEN 'won_back'
                               WHEN extended_on <= day THEN 'extended'
                               ELSE 'retained' END AS state
              FROM %(days)s AS day
              LEFT JOIN %(extensions)s AS extension USING (partner_id)
        ), entry AS (
            SELECT partner_id, day AS entered_on, state
              FROM (SELECT *, lag(state) OVER (PARTITION BY partner_id ORDER BY day)
                           AS before
                      FROM bought) AS bought
             WHERE state IS DISTINCT FROM before OR state = 'won_back'
            UNION ALL
            SELECT partner_id, day + %(lost_after)s, 'lost'
              FROM %(days)s AS day
             WHERE COALESCE(until, %(as_of)s::date + 1) > day + %(lost_after)s
        )
        SELECT partner_id, state, entered_on,
               lead(entered_on) OVER of_customer AS left_on,
               lag(state) OVER of_customer AS from_state
          FROM entry
        WINDOW of_customer AS (PARTITION BY partner_id ORDER BY entered_on)
        """,
        days=days,
        extensions=extensions,
        lost_after=rules.lost_after,
        as_of=rules.as_of,
    )
