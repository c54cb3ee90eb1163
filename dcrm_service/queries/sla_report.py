"""What was promised, and whether it was kept: a row a deadline."""

from datetime import datetime

from odoo.tools import SQL

from .sla_clock import state_of_clock


def table(now: datetime) -> SQL:
    """Return the rows of the report of promises.

    What was reached first counts: what happens after a ticket was opened again is told
    apart (``kept_last``). A promise whose end is still to come is neither kept nor not.

    :param now: naive UTC
    """
    return SQL(
        """
        SELECT clock.id, clock.ticket_id, clock.company_id, clock.target,
               clock.policy_id, clock.promised_hours, clock.started_at,
               COALESCE(clock.first_deadline, clock.deadline) AS due_at,
               COALESCE(clock.first_reached_at, clock.reached_at) AS reached_at,
               clock.reached_at AS last_reached_at,
               COALESCE(clock.reopened, 0) AS reopened,
               ticket.team_id, ticket.kind_id, ticket.priority, ticket.user_id,
               ticket.commercial_partner_id AS partner_id, ticket.service_level_id,
               ticket.value_class, ticket.customer_segment_id,
               ticket.customer_danger_since IS NOT NULL AS in_danger,
               %(state)s AS state,
               clock.first_reached_at IS NOT NULL OR clock.reached_at IS NOT NULL
                   OR COALESCE(clock.deadline < %(now)s, FALSE) AS is_decided,
               CASE
                   WHEN clock.first_reached_at IS NOT NULL
                       THEN CASE WHEN clock.first_missed THEN 0.0 ELSE 1.0 END
                   WHEN clock.reached_at IS NOT NULL
                       THEN CASE WHEN clock.missed THEN 0.0 ELSE 1.0 END
                   WHEN clock.deadline < %(now)s THEN 0.0
               END AS kept,
               CASE
                   WHEN clock.reached_at IS NOT NULL
                       THEN CASE WHEN clock.missed THEN 0.0 ELSE 1.0 END
                   WHEN clock.deadline < %(now)s THEN 0.0
               END AS kept_last
          FROM dcrm_sla_clock clock
          JOIN dcrm_ticket ticket ON ticket.id = clock.ticket_id
         WHERE clock.policy_id IS NOT NULL
        """,
        now=now,
        state=state_of_clock(now),
    )
