"""How it stands with what was promised to tickets, where lists are grouped by it."""

from datetime import datetime

from odoo.tools import SQL


def state_of_ticket(ticket: SQL, now: datetime) -> SQL:
    """Return the state of all that was promised to a ticket, NULL for nothing.

    :param ticket: the id of the ticket
    :param now: naive UTC
    """
    return SQL(
        """(
            SELECT CASE
                WHEN bool_or(clock.missed
                    OR (clock.reached_at IS NULL AND clock.deadline < %(now)s))
                    THEN 'breached'
                WHEN bool_or(clock.reached_at IS NULL) THEN 'running'
                WHEN count(*) > 0 THEN 'met'
            END
            FROM dcrm_sla_clock clock
            WHERE clock.ticket_id = %(ticket)s AND clock.deadline IS NOT NULL
        )""",
        ticket=ticket,
        now=now,
    )
