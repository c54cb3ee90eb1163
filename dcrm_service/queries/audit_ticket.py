"""Invariants of tickets as queries: each yields the ids of the rows that break it."""

from odoo.tools import SQL


def closed_otherwise(company_ids) -> SQL:
    return SQL(
        """
        SELECT ticket.id
        FROM dcrm_ticket ticket
        LEFT JOIN dcrm_ticket_stage stage ON stage.id = ticket.stage_id
        WHERE ticket.company_id IN %s
          AND (ticket.closed_at IS NOT NULL) <> COALESCE(stage.is_closed, FALSE)
        """,
        company_ids,
    )


def team_of_other_company(company_ids) -> SQL:
    return SQL(
        """
        SELECT ticket.id
        FROM dcrm_ticket ticket
        JOIN dcrm_ticket_team team ON team.id = ticket.team_id
        WHERE ticket.company_id IN %s AND team.company_id <> ticket.company_id
        """,
        company_ids,
    )


def customer_is_contact(company_ids) -> SQL:
    return SQL(
        """
        SELECT ticket.id
        FROM dcrm_ticket ticket
        LEFT JOIN res_partner customer ON customer.id = ticket.commercial_partner_id
        WHERE ticket.company_id IN %s AND (
            customer.commercial_partner_id <> customer.id
            OR (ticket.partner_id IS NULL) <> (customer.id IS NULL)
        )
        """,
        company_ids,
    )


def clock_reached_otherwise(company_ids) -> SQL:
    return SQL(
        """
        SELECT clock.id
        FROM dcrm_sla_clock clock
        JOIN dcrm_ticket ticket ON ticket.id = clock.ticket_id
        WHERE ticket.company_id IN %s AND (
            clock.reached_at IS DISTINCT FROM CASE clock.target
                WHEN 'first_response' THEN ticket.first_response_at
                WHEN 'next_response' THEN COALESCE(clock.reached_at, ticket.closed_at)
                ELSE ticket.closed_at
            END
            OR COALESCE(clock.missed, FALSE)
                <> COALESCE(clock.reached_at > clock.deadline, FALSE)
            OR clock.company_id IS DISTINCT FROM ticket.company_id
        )
        """,
        company_ids,
    )


def deadline_shown_otherwise(company_ids) -> SQL:
    return SQL(
        """
        SELECT ticket.id
        FROM dcrm_ticket ticket
        LEFT JOIN dcrm_sla_clock answer
            ON answer.ticket_id = ticket.id AND answer.target = 'first_response'
        LEFT JOIN dcrm_sla_clock solution
            ON solution.ticket_id = ticket.id AND solution.target = 'resolution'
        LEFT JOIN dcrm_sla_clock next
            ON next.ticket_id = ticket.id AND next.target = 'next_response'
            AND next.reached_at IS NULL
        WHERE ticket.company_id IN %s AND (
            ticket.first_response_deadline IS DISTINCT FROM answer.deadline
            OR ticket.next_response_deadline IS DISTINCT FROM next.deadline
            OR ticket.resolution_deadline IS DISTINCT FROM solution.deadline
            OR ticket.next_deadline IS DISTINCT FROM CASE
                WHEN ticket.closed_at IS NOT NULL THEN NULL
                WHEN ticket.first_response_at IS NOT NULL
                    THEN LEAST(next.deadline, solution.deadline)
                ELSE LEAST(answer.deadline, next.deadline, solution.deadline)
            END
        )
        """,
        company_ids,
    )


def deadline_unexplained(company_ids) -> SQL:
    return SQL(
        """
        SELECT clock.id
        FROM dcrm_sla_clock clock
        LEFT JOIN LATERAL (
            SELECT change.id, change.deadline, change.policy_id
            FROM dcrm_sla_clock_change change
            WHERE change.clock_id = clock.id
            ORDER BY change.id DESC
            LIMIT 1
        ) last ON TRUE
        WHERE clock.company_id IN %s AND (
            clock.deadline < clock.started_at
            OR (clock.policy_id IS NULL AND clock.deadline IS NOT NULL)
            OR (last.id IS NOT NULL AND (
                last.deadline IS DISTINCT FROM clock.deadline
                OR last.policy_id IS DISTINCT FROM clock.policy_id
            ))
        )
        """,
        company_ids,
    )


def pauses_overlapping(company_ids) -> SQL:
    return SQL(
        """
        SELECT pause.id
        FROM dcrm_sla_pause pause
        JOIN dcrm_ticket ticket ON ticket.id = pause.ticket_id
        WHERE ticket.company_id IN %s AND (
            pause.started_at < ticket.opened_at
            OR EXISTS (
                SELECT FROM dcrm_sla_pause other
                WHERE other.ticket_id = pause.ticket_id AND other.id <> pause.id
                  AND other.started_at < COALESCE(pause.ended_at, 'infinity')
                  AND pause.started_at < COALESCE(other.ended_at, 'infinity')
            )
        )
        """,
        company_ids,
    )


def level_otherwise(company_id: int, customers, level: SQL) -> SQL:
    """Open tickets whose level is not ``level``, a term of the query of customers."""
    return SQL(
        """
        SELECT ticket.id
        FROM dcrm_ticket ticket
        JOIN (%s) customer (id, level_id) ON customer.id = ticket.commercial_partner_id
        WHERE ticket.company_id = %s AND ticket.closed_at IS NULL
          AND ticket.service_level_id IS DISTINCT FROM customer.level_id
        """,
        customers.select(SQL.identifier(customers.table, "id"), level),
        company_id,
    )
