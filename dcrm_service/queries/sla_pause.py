"""Pauses that went on although the customer had answered already.

The customer's words are messages of the thread by who is none of us, and interactions
logged with the ticket. A minute is let pass: they and the end of a pause are not
written at the same instant.
"""

from datetime import datetime

from odoo.tools import SQL


def answered(comment_id: int, now: datetime, company_ids=None) -> SQL:
    """Yield (pause, when the customer answered, when we answered that, or NULL).

    :param comment_id: the subtype of messages that customers read
    :param now: naive UTC
    :param company_ids: whose tickets; ``None``: of all companies
    """
    where = SQL("TRUE")
    if company_ids is not None:
        where = SQL("ticket.company_id = ANY(%s)", list(company_ids))
    return SQL(
        """
        SELECT pause.id, word.at, min(answer.date)
          FROM dcrm_sla_pause pause
          JOIN dcrm_ticket ticket ON ticket.id = pause.ticket_id
         CROSS JOIN LATERAL (
            SELECT min(said.at) AS at FROM (
                SELECT message.date AS at
                  FROM mail_message message
                 WHERE %(theirs)s AND %(spoken)s
                UNION ALL
                SELECT interaction.date
                  FROM dcrm_interaction interaction
                 WHERE interaction.ticket_id = pause.ticket_id
                   AND interaction.direction = 'in' AND interaction.active
            ) said
            WHERE said.at > pause.started_at
              AND said.at < COALESCE(pause.ended_at, %(now)s)
                            - interval '1 minute'
         ) word
          LEFT JOIN mail_message answer
            ON answer.model = 'dcrm.ticket' AND answer.res_id = pause.ticket_id
           AND answer.message_type IN ('comment', 'email')
           AND answer.subtype_id = %(comment_id)s
           AND answer.author_id IS DISTINCT FROM ticket.partner_id
           AND answer.author_id IN (
                SELECT id FROM res_partner WHERE partner_share IS FALSE)
           AND answer.date > word.at
           AND answer.date < COALESCE(pause.ended_at, %(now)s)
         WHERE pause.reason = 'waiting' AND word.at IS NOT NULL AND %(where)s
         GROUP BY pause.id, word.at
         ORDER BY pause.id
        """,
        theirs=_by_customer(),
        spoken=_spoken(comment_id),
        comment_id=comment_id,
        now=now,
        where=where,
    )


def answered_ids(comment_id: int, now: datetime, company_ids) -> SQL:
    """Yield the ids of the pauses that :func:`answered` finds."""
    return SQL(
        "SELECT id FROM (%s) AS answered", answered(comment_id, now, company_ids)
    )


def _spoken(comment_id):
    return SQL(
        """
        message.model = 'dcrm.ticket' AND message.res_id = pause.ticket_id
        AND message.message_type IN ('comment', 'email')
        AND message.subtype_id = %s AND message.is_internal IS NOT TRUE
        """,
        comment_id,
    )


def _by_customer():
    return SQL(
        """(
            message.author_id IS NULL OR message.author_id = ticket.partner_id
            OR message.author_id IN (
                SELECT id FROM res_partner WHERE partner_share IS NOT FALSE)
        )"""
    )
