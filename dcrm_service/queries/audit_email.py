"""Invariants of e-mails to tickets: each yields the ids of the rows that break it."""

from odoo.tools import SQL


def email_is_no_message(company_ids) -> SQL:
    """Claims on e-mails that are not as many messages as there are claims.

    An e-mail to two teams is two tickets with a message each; one that was merged has
    its message in another ticket. What a machine answered is one of the team.
    """
    return SQL(
        """
        SELECT claim.id
        FROM dcrm_ticket_email claim
        LEFT JOIN dcrm_ticket ticket ON ticket.id = claim.ticket_id
        WHERE claim.message_id IS NOT NULL
          AND (ticket.id IS NULL OR ticket.company_id IN %s)
          AND (
            SELECT count(*) FROM dcrm_ticket_email other
            WHERE other.message_id = claim.message_id
          ) <> (
            SELECT count(*) FROM mail_message message
            WHERE message.message_id = claim.message_id
              AND message.model IN ('dcrm.ticket', 'dcrm.ticket.team')
          )
        """,
        company_ids,
    )
