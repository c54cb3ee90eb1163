"""Customers who were in a segment on one day, and in which on another."""

from odoo.tools import SQL


def flows(stays: SQL, first, last) -> SQL:
    """Yield (segment on the first day, segment on the last, customers).

    No segment is NULL; whoever had none on both days is not there. A merge may leave
    two stays at once until the next refresh: the earlier counts.

    :param stays: the ids of the stays that count
    """
    return SQL(
        """
        WITH stay AS MATERIALIZED (
            SELECT id, partner_id, segment_id, entered_on, left_on
              FROM dcrm_segment_stay WHERE id IN %(stays)s
        )
        SELECT earlier.segment_id, later.segment_id, count(*)
          FROM (%(earlier)s) AS earlier
          FULL JOIN (%(later)s) AS later USING (partner_id)
         GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
        """,
        stays=stays,
        earlier=_on(first),
        later=_on(last),
    )


def _on(day) -> SQL:
    return SQL(
        """
        SELECT DISTINCT ON (partner_id) partner_id, segment_id FROM stay
         WHERE entered_on <= %(day)s AND (left_on IS NULL OR left_on > %(day)s)
         ORDER BY partner_id, entered_on, id
        """,
        day=day,
    )
