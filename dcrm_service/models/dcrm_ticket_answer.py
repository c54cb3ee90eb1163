from odoo import fields, models
from odoo.tools import email_normalize_all


class DcrmTicket(models.Model):
    """Who speaks in a ticket, and which of our words are an answer.

    An answer is what has reached somebody of the customer: what nobody there was sent
    leaves the customer waiting.
    """

    _inherit = "dcrm.ticket"

    def message_post(self, **kwargs):
        """Let who may only read a ticket write to its customer, and add no follower."""
        self.ensure_one()
        if kwargs.get("partner_ids") and not self.has_access("write"):
            self = self.with_context(mail_post_autofollow=False)
        return super().message_post(**kwargs)

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        # What is to leave later is heard when it leaves.
        scheduled = self._is_notification_scheduled(kwargs.get("scheduled_date"))
        if not scheduled and self._is_spoken(message):
            self.sudo()._heard(message.sudo())
        return recipients

    def _heard(self, message):
        """Do what follows when somebody has written to the other side; as sudo."""
        for ticket in self:
            if not ticket._speaks_for_us(message.author_id):
                ticket._wake()
                ticket._customer_spoke()
            elif ticket._has_reached_customer(message):
                ticket._answered()

    def _wake(self):
        """Go on with a ticket of which the customer has something to say."""
        if not self.active:
            # Put away, and yet somebody waits for an answer.
            self.active = True
        if self.stage_id.is_closed or self.stage_id.is_waiting:
            self._go_on()

    def _answered(self, at=None):
        """Note that the customer has had an answer, and when the first one.

        :param datetime at: when, naive UTC; empty: now
        """
        at = at or fields.Datetime.now()
        self.sudo().filtered(
            lambda ticket: not ticket.first_response_at or ticket.first_response_at > at
        ).write({"first_response_at": at})

    def _speaks_for_us(self, author):
        """Return whether an author is one of us, and not the ticket's own contact."""
        return bool(author and not author.partner_share and author != self.partner_id)

    def _has_reached_customer(self, message):
        """Return whether somebody of the customer, who has an address, was notified.

        Our e-mail may have gone to the customer itself, and to us as a copy.
        """
        self.ensure_one()
        notified = message.notification_ids.res_partner_id
        reached = set(notified.mapped("email_normalized"))
        sent_to = (message.outgoing_email_to, message.incoming_email_to)
        if message.message_type == "email":
            sent_to += (message.incoming_email_cc,)
        reached |= set(email_normalize_all(", ".join(filter(None, sent_to))))
        return bool(reached & self._addresses_of_customer())

    def _addresses_of_customer(self):
        """Return the normalized addresses of the customer's people and who asked.

        A colleague who has a copy, or is of the customer, is one of us all the same.
        """
        customer = self.commercial_partner_id
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        people = partners.browse()
        if customer:
            people = partners.search([("commercial_partner_id", "=", customer.id)])
        copied = email_normalize_all(self.email_cc or "")
        others = {*people.mapped("email_normalized"), *copied}
        ours = partners.search(
            [("partner_share", "=", False), ("email_normalized", "in", list(others))]
        )
        asked = email_normalize_all(self.email_from or "")
        asked.append(self.partner_id.email_normalized)
        return (others - set(ours.mapped("email_normalized"))).union(asked) - {False}
