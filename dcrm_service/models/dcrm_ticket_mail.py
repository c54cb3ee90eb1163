from odoo import api, fields, models

SPOKEN = ("comment", "email")


class DcrmTicket(models.Model):
    """What is written to a ticket, and what follows from it."""

    _inherit = "dcrm.ticket"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a ticket of an e-mail to a team.

        The sender is its contact where it is known to the team's company. What was
        written is in the thread, and not once more in the description.
        """
        custom_values = custom_values or {}
        team = self.env["dcrm.ticket.team"].browse(custom_values.get("team_id"))
        subject = (msg_dict.get("subject") or "").strip()
        values = {
            "name": subject or self.env._("No subject"),
            "partner_id": self._sender(msg_dict, team).id,
            "channel": "email",
            **custom_values,
        }
        return super().message_new(msg_dict, values)

    @api.model
    def _sender(self, msg_dict, team):
        """Return the contact who wrote, empty where the team's company has none."""
        sender = self.env["res.partner"].browse(msg_dict.get("author_id"))
        if sender.company_id and sender.company_id != team.company_id:
            return sender.browse()
        return sender

    def _message_post_after_hook(self, message, msg_values):
        outcome = super()._message_post_after_hook(message, msg_values)
        if self._is_spoken(message):
            self.sudo()._heard(message.sudo().author_id)
        return outcome

    @api.model
    def _is_spoken(self, message):
        """Return whether a message is one between the customer and us."""
        return message.message_type in SPOKEN and message.subtype_id == self.env.ref(
            "mail.mt_comment"
        )

    def _heard(self, author):
        """Do what follows when somebody has written to the other side."""
        ours = author and not author.partner_share
        for ticket in self:
            if ours and author != ticket.partner_id:
                ticket._answered()
            elif ticket.stage_id.is_closed or ticket.stage_id.is_waiting:
                ticket._go_on()

    def _answered(self, at=None):
        """Note that the customer has had an answer, unless there was one before.

        :param datetime at: when, naive UTC; empty: now
        """
        self.sudo().filtered(lambda ticket: not ticket.first_response_at).write(
            {"first_response_at": at or fields.Datetime.now()}
        )
