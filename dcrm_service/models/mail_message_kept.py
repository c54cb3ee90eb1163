from odoo import api, models
from odoo.exceptions import AccessError

from .dcrm_ticket import MANAGER

TICKET = "dcrm.ticket"
# Whom a message is taken for, and what it says when: deadlines go by it.
FIXED = {
    "author_id",
    "date",
    "email_from",
    "incoming_email_cc",
    "incoming_email_to",
    "message_id",
    "message_type",
    "parent_id",
    "sender_doubt",
    "subject",
    "subtype_id",
}
# What is said of an e-mail that came in, and when: who writes now says none of it.
RECEIVED = {"date", "incoming_email_cc", "incoming_email_to"}
# What its author may say otherwise afterwards.
CORRECTED = {"attachment_ids", "body"}
WRITTEN = ("comment", "email")


class MailMessage(models.Model):
    """What was said in a ticket stays as it was said, and by whom.

    By calls the host lets whoever may change a document rewrite and delete what others
    wrote there, and speak as them.
    """

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and self.env.user._is_internal():
            vals_list = [self._as_oneself(vals) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() & (FIXED | CORRECTED):
            own = vals.keys().isdisjoint(FIXED) and self.env.user.partner_id
            self._refuse_rewriting(own)
        return super().write(vals)

    def unlink(self):
        self._refuse_rewriting()
        return super().unlink()

    @api.model
    def _get_with_access(self, message_id, mode="read", **kwargs):
        """Let the link to a ticket lead to no note of ours in it: by rights alone."""
        message = super()._get_with_access(message_id, mode, **kwargs)
        if message._notes_of_tickets() and not message.sudo(False).has_access(mode):
            return self.browse()
        return message

    def _get_forbidden_access(self, operation):
        """Keep all notes from customers: the host keeps only those of a person."""
        forbidden = super()._get_forbidden_access(operation)
        if self.env.su or self.env.user._is_internal():
            return forbidden
        return forbidden | (self - forbidden)._notes_of_tickets()

    def _notes_of_tickets(self):
        """Return those of these messages that are for us alone."""
        notes = self.sudo().filtered(
            lambda message: (
                message.model == TICKET
                and (
                    message.is_internal
                    or not message.subtype_id
                    or message.subtype_id.internal
                )
            )
        )
        return self.browse(notes.ids)

    @api.model
    def _as_oneself(self, vals):
        """Return the values of a message that the user writes, as one of us.

        :raises AccessError: where the user would speak as somebody from outside
        """
        if vals.get("model") != TICKET:
            return vals
        author = self.env["res.partner"].browse(vals.get("author_id")).sudo()
        if author.partner_share and author != self.env.user.partner_id:
            raise AccessError(self.env._("Nobody speaks as a customer."))
        written = vals.get("message_type", WRITTEN[0]) in WRITTEN
        if written and not self.env.user.has_group(MANAGER):
            vals = {name: vals[name] for name in vals.keys() - RECEIVED}
        if author or not written:
            return vals
        # A template may be from an address that is nobody's.
        return {**vals, "author_id": self.env.user.partner_id.id}

    def _refuse_rewriting(self, author=None):
        """Raise AccessError where these are words in a ticket.

        :param author: whose words they may be; empty: nobody's
        """
        if self.env.su:
            return
        if self.sudo().filtered(
            lambda message: (
                message.model == TICKET
                and message.message_type in WRITTEN
                and not (author and message.author_id == author)
            )
        ):
            raise AccessError(self.env._("What was said in a ticket stays as it was."))
