"""Invariants of ladders as queries: each yields the ids of the rows that break it."""

from odoo.tools import SQL


def open_on_closed(company_ids) -> SQL:
    """Notices that still ask somebody, of a deadline that is over."""
    return SQL(
        """
        SELECT notice.id
          FROM dcrm_escalation_notice notice
          JOIN dcrm_sla_clock clock ON clock.id = notice.clock_id
         WHERE clock.company_id IN %s AND notice.state = 'open'
           AND (clock.reached_at IS NOT NULL OR clock.policy_id IS NULL)
        """,
        company_ids,
    )


def told_twice(company_ids) -> SQL:
    """Notices of a step, or of the end, of which the deadline has another one."""
    return SQL(
        """
        SELECT unnest(array_agg(notice.id))
          FROM dcrm_escalation_notice notice
          JOIN dcrm_sla_clock clock ON clock.id = notice.clock_id
         WHERE clock.company_id IN %s AND notice.state <> 'obsolete'
           AND (notice.is_end OR notice.step_id IS NOT NULL)
         GROUP BY notice.clock_id, notice.step_id, notice.is_end
        HAVING count(*) > 1
        """,
        company_ids,
    )


def several_open(company_ids) -> SQL:
    """Notices of a deadline for which more than one person is asked at once."""
    return SQL(
        """
        SELECT unnest(array_agg(notice.id))
          FROM dcrm_escalation_notice notice
          JOIN dcrm_sla_clock clock ON clock.id = notice.clock_id
         WHERE clock.company_id IN %s AND notice.state = 'open'
         GROUP BY notice.clock_id
        HAVING count(*) > 1
        """,
        company_ids,
    )


def told_otherwise(company_ids) -> SQL:
    """Notices that do not say who was told, or who answered, as their state has it."""
    return SQL(
        """
        SELECT notice.id
          FROM dcrm_escalation_notice notice
          JOIN dcrm_sla_clock clock ON clock.id = notice.clock_id
          JOIN dcrm_ticket ticket ON ticket.id = clock.ticket_id
         WHERE ticket.company_id IN %s AND (
               notice.ticket_id <> ticket.id
            OR notice.company_id IS DISTINCT FROM ticket.company_id
            OR (notice.state = 'skipped') <> (notice.reason IS NOT NULL)
            OR (notice.state IN ('accepted', 'handed_on')
                AND notice.answered_at IS NULL)
            OR notice.answered_at < notice.told_at
         )
        """,
        company_ids,
    )


def not_looked_at(company_ids) -> SQL:
    """Deadlines that run in teams with a ladder, and that nobody will ever look at."""
    return SQL(
        """
        SELECT clock.id
          FROM dcrm_sla_clock clock
          JOIN dcrm_ticket ticket ON ticket.id = clock.ticket_id
         WHERE ticket.company_id IN %s
           AND (clock.climb_at IS NULL) <> NOT (
               clock.reached_at IS NULL AND clock.deadline IS NOT NULL
               AND EXISTS (
                   SELECT FROM dcrm_escalation_policy policy
                    WHERE policy.team_id = ticket.team_id AND policy.active
               )
           )
        """,
        company_ids,
    )
