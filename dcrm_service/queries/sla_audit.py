"""Invariants of clocks and pauses: each yields the ids of the rows that break it."""

from odoo.tools import SQL


def several_running(company_ids) -> SQL:
    """Clocks of which another one of the same ticket and target runs."""
    return SQL(
        """
        SELECT clock.id
          FROM dcrm_sla_clock clock
         WHERE clock.company_id IN %s AND clock.reached_at IS NULL
           AND EXISTS (
                SELECT FROM dcrm_sla_clock other
                 WHERE other.ticket_id = clock.ticket_id
                   AND other.target = clock.target AND other.id <> clock.id
                   AND other.reached_at IS NULL
           )
        """,
        company_ids,
    )


def running_on_closed(company_ids) -> SQL:
    return SQL(
        """
        SELECT clock.id
          FROM dcrm_sla_clock clock
          JOIN dcrm_ticket ticket ON ticket.id = clock.ticket_id
         WHERE clock.company_id IN %s AND clock.reached_at IS NULL
           AND clock.policy_id IS NOT NULL AND ticket.closed_at IS NOT NULL
        """,
        company_ids,
    )


def held_otherwise(company_ids) -> SQL:
    """Clocks that stand still while no pause goes on, or run while one does."""
    return SQL(
        """
        SELECT clock.id
          FROM dcrm_sla_clock clock
          LEFT JOIN dcrm_sla_pause pause
            ON pause.ticket_id = clock.ticket_id AND pause.ended_at IS NULL
         WHERE clock.company_id IN %s AND clock.policy_id IS NOT NULL AND (
            (clock.deadline IS NULL) <> (clock.paused_at IS NOT NULL)
            OR (clock.reached_at IS NULL AND clock.deadline IS NULL
                AND pause.id IS NULL)
            OR (clock.reached_at IS NULL AND clock.deadline > pause.started_at)
         )
        """,
        company_ids,
    )


def waiting_otherwise(company_ids) -> SQL:
    """Pauses that go on though their ticket is closed or waits for nobody."""
    return SQL(
        """
        SELECT pause.id
          FROM dcrm_sla_pause pause
          JOIN dcrm_ticket ticket ON ticket.id = pause.ticket_id
          LEFT JOIN dcrm_ticket_stage stage ON stage.id = ticket.stage_id
         WHERE ticket.company_id IN %s AND pause.ended_at IS NULL AND (
            ticket.closed_at IS NOT NULL OR stage.is_waiting IS NOT TRUE
            OR ticket.customer_waits_since IS NOT NULL
            OR ticket.first_response_at IS NULL
         )
        """,
        company_ids,
    )
