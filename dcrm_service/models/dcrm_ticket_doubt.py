from odoo import api, fields, models
from odoo.tools import email_normalize

from .mail_message import DOUBTS


class DcrmTicket(models.Model):
    """Whether it is doubtful who opened a ticket, and how the doubt ends.

    It ends with the contact: one of us chooses it, or who has the address answers what
    we wrote there.
    """

    _inherit = "dcrm.ticket"

    sender_doubt = fields.Selection(
        DOUBTS,
        "Doubt About the Sender",
        readonly=True,
        copy=False,
        help="It came by e-mail or by a form, and nothing proves who it says it is "
        "from, or something speaks against it. Nobody was taken for the sender.",
    )
    doubted_partner_id = fields.Many2one(
        "res.partner",
        "Known by This Address",
        compute="_compute_doubted_partner_id",
        help="Who has the address that somebody wrote with. Nothing proves that it was "
        "them.",
    )

    @api.depends("sender_doubt", "partner_id", "email_from", "company_id")
    def _compute_doubted_partner_id(self):
        for ticket in self:
            address = email_normalize(ticket.email_from)
            known = self.env["res.partner"]
            if ticket.sender_doubt and not ticket.partner_id and address:
                known = self._customer_of_email(address, ticket.company_id)
            ticket.doubted_partner_id = known.sudo(False)

    def write(self, vals):
        outcome = super().write(vals)
        if vals.get("partner_id"):
            doubted = self.sudo().filtered("sender_doubt")
            doubted.sender_doubt = False
        return outcome

    def message_post(self, **kwargs):
        if (
            kwargs.get("sender_doubt") == "unproven"
            and kwargs.get("is_internal")
            # Whoever is away would answer that they were told so.
            and not self.env.context.get("dcrm_automatic_email")
        ):
            # The customer does not get it: who works on the ticket has to know.
            mine = self.sudo().user_id.partner_id.ids
            kwargs["partner_ids"] = [*(kwargs.get("partner_ids") or ()), *mine]
        return super().message_post(**kwargs)

    @api.model
    def message_update(self, msg_dict, update_vals=None):
        outcome = super().message_update(msg_dict, update_vals)
        if not msg_dict.get("sender_doubt"):
            self.filtered("sender_doubt")._prove_sender(msg_dict)
        return outcome

    def _prove_sender(self, msg_dict):
        """Take who answers for who has asked, where we wrote to that address.

        Whoever only knows a ticket's number has not read what we wrote.
        """
        messages = self.env["mail.message"].sudo()
        parent = messages.browse(msg_dict.get("parent_id") or ()).exists()
        answered = self.browse(
            parent.res_id if parent.model == self._name else ()
        ).exists()
        if not answered or not (self._is_spoken(parent) and self._is_by_us(parent)):
            return
        for ticket in self.filtered(lambda ticket: ticket == answered._living()):
            sender = ticket._sender(msg_dict, ticket.team_id)
            address = email_normalize(ticket.email_from)
            if address and sender.email_normalized == address:
                ticket.partner_id = sender
