"""How it stands with what was promised to tickets, and which clocks to set anew."""

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
                WHEN bool_or(%(breached)s) THEN 'breached'
                WHEN bool_or(%(at_risk)s) THEN 'at_risk'
                WHEN bool_or(%(running)s) THEN 'running'
                WHEN bool_or(clock.reached_at IS NULL) THEN 'paused'
                WHEN count(*) > 0 THEN 'met'
            END
            FROM dcrm_sla_clock clock
            WHERE clock.ticket_id = %(ticket)s AND clock.policy_id IS NOT NULL
        )""",
        ticket=ticket,
        **_conditions(now),
    )


def state_of_clock(now: datetime) -> SQL:
    """Return the state of a row ``clock``, NULL where nothing is promised any more."""
    return SQL(
        """CASE
            WHEN clock.policy_id IS NULL THEN NULL
            WHEN %(breached)s THEN 'breached'
            WHEN clock.reached_at IS NOT NULL THEN 'met'
            WHEN clock.deadline IS NULL THEN 'paused'
            WHEN %(at_risk)s THEN 'at_risk'
            ELSE 'running'
        END""",
        breached=_conditions(now)["breached"],
        at_risk=_conditions(now)["at_risk"],
    )


def _conditions(now):
    """Return conditions on a row ``clock``, each of which goes before the next."""
    return {
        "breached": SQL(
            "clock.missed OR (clock.reached_at IS NULL AND clock.deadline < %s)", now
        ),
        "at_risk": SQL("clock.reached_at IS NULL AND clock.at_risk_at <= %s", now),
        "running": SQL("clock.reached_at IS NULL AND clock.deadline IS NOT NULL"),
    }


def mark_stale(where: SQL, reason: str, with_policies=False, promised=True) -> SQL:
    """Have the deadlines of open tickets counted anew; yield the ids of the rows.

    :param where: a condition on ``ticket``, such as those below
    :param reason: why, in words
    :param with_policies: by what is promised now, and not only what was
    :param promised: only of tickets with deadlines that are not reached
    """
    return SQL(
        """
        INSERT INTO dcrm_sla_recount (ticket_id, reason, with_policies)
        SELECT ticket.id, %(reason)s, %(with_policies)s
          FROM (
            SELECT ticket.id, ticket.company_id, ticket.team_id, ticket.stage_id,
                   COALESCE(team.resource_calendar_id, company.resource_calendar_id)
                       AS calendar_id,
                   team.resource_calendar_id AS team_calendar_id
              FROM dcrm_ticket ticket
              JOIN res_company company ON company.id = ticket.company_id
              LEFT JOIN dcrm_ticket_team team ON team.id = ticket.team_id
             WHERE ticket.closed_at IS NULL
          ) ticket
         WHERE %(where)s AND (NOT %(promised)s OR EXISTS (
               SELECT FROM dcrm_sla_clock clock
                WHERE clock.ticket_id = ticket.id
                  AND clock.reached_at IS NULL AND clock.policy_id IS NOT NULL))
         ORDER BY ticket.id
        RETURNING id
        """,
        reason=reason,
        with_policies=with_policies,
        promised=promised,
        where=where,
    )


def on_calendars(calendar_ids) -> SQL:
    """Tickets that count the hours of these calendars."""
    return SQL("ticket.calendar_id = ANY(%s)", list(calendar_ids))


def of_companies(company_ids) -> SQL:
    """Tickets of these companies that count the hours of any calendar."""
    return SQL(
        "ticket.calendar_id IS NOT NULL AND ticket.company_id = ANY(%s)",
        list(company_ids),
    )


def on_hours_of_companies(company_ids) -> SQL:
    """Tickets of these companies whose team has no hours of its own."""
    return SQL(
        "ticket.team_calendar_id IS NULL AND ticket.company_id = ANY(%s)",
        list(company_ids),
    )


def of_teams(team_ids) -> SQL:
    return SQL("ticket.team_id = ANY(%s)", list(team_ids))


def in_stages(stage_ids) -> SQL:
    return SQL("ticket.stage_id = ANY(%s)", list(stage_ids))


def in_companies(company_ids) -> SQL:
    """Open tickets of companies, whatever hours they count."""
    return SQL("ticket.company_id = ANY(%s)", list(company_ids))
