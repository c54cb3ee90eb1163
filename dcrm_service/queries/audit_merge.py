"""Invariants of merged, closed and checked tickets: the ids of what breaks them."""

from datetime import datetime

from odoo.tools import SQL


def merged_not_put_away(company_ids) -> SQL:
    """Merged tickets that are open or shown, or went to another company."""
    return SQL(
        """
        SELECT ticket.id
        FROM dcrm_ticket ticket
        JOIN dcrm_ticket living ON living.id = ticket.merged_into_id
        WHERE ticket.company_id IN %s AND (
            ticket.active
            OR ticket.closed_at IS NULL
            OR living.company_id <> ticket.company_id
        )
        """,
        company_ids,
    )


def said_in_merged(company_ids, before: datetime) -> SQL:
    """Messages, by e-mail or of people, that are left in tickets merged before then."""
    return SQL(
        """
        SELECT message.id
        FROM dcrm_ticket ticket
        JOIN mail_message message
            ON message.model = 'dcrm.ticket' AND message.res_id = ticket.id
        WHERE ticket.company_id IN %s AND ticket.merged_into_id IS NOT NULL
          AND ticket.merged_at < %s
          AND message.message_type IN ('email', 'comment')
        """,
        company_ids,
        before,
    )


def closings_otherwise(company_ids) -> SQL:
    """Tickets whose first and last closing are not what their closing says."""
    return SQL(
        """
        SELECT ticket.id
        FROM dcrm_ticket ticket
        WHERE ticket.company_id IN %s AND (
            (ticket.closed_at IS NOT NULL
                AND ticket.last_closed_at IS DISTINCT FROM ticket.closed_at)
            OR (ticket.first_closed_at IS NULL) <> (ticket.last_closed_at IS NULL)
            OR (ticket.closed_at IS NULL AND ticket.first_closed_at IS NOT NULL
                AND COALESCE(ticket.reopened_count, 0) = 0)
        )
        """,
        company_ids,
    )


def done_by_nobody(company_ids) -> SQL:
    """Items of checklists that are done by nobody, or that somebody did undone."""
    return SQL(
        """
        SELECT checked.id
        FROM dcrm_ticket_check checked
        WHERE checked.company_id IN %s
          AND COALESCE(checked.is_done, FALSE) <> (checked.done_at IS NOT NULL)
        """,
        company_ids,
    )
