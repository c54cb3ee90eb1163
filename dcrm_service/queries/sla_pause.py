"""Pauses that went on although the customer had answered already.

Who speaks, and what of ours is an answer, is what tickets go by at once: messages of
the thread count from when they came in, whatever their senders date them, and
interactions from when they took place. A minute is let pass: they and the end of a
pause are not written at the same instant. What ended long ago was looked at then.
"""

from datetime import datetime, timedelta

from odoo.tools import SQL

# For so long the end of a pause may still be found to be another one.
LOOKED_BACK = timedelta(days=31)


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
        SELECT pause.id, word.at, answer.at
          FROM dcrm_sla_pause pause
          JOIN dcrm_ticket ticket ON ticket.id = pause.ticket_id
         CROSS JOIN LATERAL (
            SELECT min(said.at) AS at FROM (
                SELECT message.create_date AS at
                  FROM mail_message message
                 WHERE NOT %(ours)s AND %(spoken)s
                UNION ALL
                SELECT interaction.date
                  FROM dcrm_interaction interaction
                 WHERE interaction.ticket_id = pause.ticket_id
                   AND interaction.direction = 'in' AND interaction.is_heard
            ) said
            WHERE said.at > pause.started_at
              AND said.at < COALESCE(pause.ended_at, %(now)s)
                            - interval '1 minute'
         ) word
         CROSS JOIN LATERAL (
            SELECT min(said.at) AS at FROM (
                SELECT message.create_date AS at
                  FROM mail_message message
                 WHERE %(ours)s AND %(spoken)s AND %(reached)s
                UNION ALL
                SELECT interaction.date
                  FROM dcrm_interaction interaction
                 WHERE interaction.ticket_id = pause.ticket_id
                   AND interaction.direction = 'out' AND interaction.is_heard
            ) said
            WHERE said.at > word.at AND said.at < COALESCE(pause.ended_at, %(now)s)
         ) answer
         WHERE pause.reason = 'waiting' AND word.at IS NOT NULL AND %(where)s
           AND (pause.ended_at IS NULL OR pause.ended_at > %(since)s)
         ORDER BY pause.id
        """,
        ours=_ours(),
        spoken=_spoken(comment_id),
        reached=_reached(),
        now=now,
        since=now - LOOKED_BACK,
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
        AND message.subtype_id = %s
        """,
        comment_id,
    )


def _ours():
    """A condition: the message is by one of us, and not by the ticket's contact."""
    return SQL(
        """(
            message.author_id IS NOT NULL
            AND message.author_id IS DISTINCT FROM ticket.partner_id
            AND message.author_id IN (
                SELECT id FROM res_partner WHERE partner_share IS FALSE)
        )"""
    )


def _reached():
    """A condition: somebody of the customer, who has an address, was notified.

    A colleague who has a copy, or is of the customer, is one of us all the same.
    """
    return SQL(
        """EXISTS (
            SELECT FROM (
                SELECT partner.email_normalized AS address
                  FROM mail_notification notification
                  JOIN res_partner partner ON partner.id = notification.res_partner_id
                 WHERE notification.mail_message_id = message.id
                UNION ALL
                %(sent_to)s
            ) AS sent
            WHERE sent.address IN (
                SELECT contact.email_normalized FROM res_partner contact
                 WHERE contact.id = ticket.partner_id
                UNION ALL
                %(asked)s
            ) OR (
                sent.address IN (
                    SELECT person.email_normalized FROM res_partner person
                     WHERE person.commercial_partner_id = ticket.commercial_partner_id
                    UNION ALL
                    %(copied)s
                ) AND NOT EXISTS (
                    SELECT FROM res_partner colleague
                     WHERE colleague.email_normalized = sent.address
                       AND colleague.partner_share IS FALSE
                )
            )
        )""",
        sent_to=_addresses(
            "message.outgoing_email_to",
            "message.incoming_email_to",
            "CASE message.message_type WHEN 'email' THEN message.incoming_email_cc END",
        ),
        asked=_addresses("ticket.email_from"),
        copied=_addresses("ticket.email_cc"),
    )


def _addresses(*texts):
    """A select of the addresses in texts, each an expression."""
    return SQL(
        """
        SELECT lower(found[1]) AS address
          FROM regexp_matches(
               concat_ws(' ', %s),
               '[^[:space:]<>,;"]+@[^[:space:]<>,;"]+', 'g') AS found
        """,
        SQL(", ").join(map(SQL, texts)),
    )
