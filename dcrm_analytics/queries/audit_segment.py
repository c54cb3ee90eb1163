"""Invariants of what segments do, as queries: each yields the ids that break it."""

from odoo.tools import SQL


def actions_out_of_place(companies) -> SQL:
    """Actions of another stay than they say, or on the exit of who is still there."""
    return SQL(
        """
        SELECT log.id
        FROM dcrm_segment_action_log log
        JOIN dcrm_segment_stay stay ON stay.id = log.stay_id
        WHERE log.company_id IN %s AND (
            (log.partner_id, log.company_id, log.segment_id)
            IS DISTINCT FROM (stay.partner_id, stay.company_id, stay.segment_id)
            OR log.event = 'exit' AND stay.left_on IS NULL
            OR (log.state = 'due') IS DISTINCT FROM (log.done_on IS NULL)
        )
        """,
        companies,
    )
