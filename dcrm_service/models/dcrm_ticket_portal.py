from odoo import api, models
from odoo.tools import plaintext2html

# What the customer reads of a ticket, in pages and by calls alike; nothing else of it.
PORTAL_READABLE = {
    "id",
    "display_name",
    "name",
    "number",
    "active",
    "partner_id",
    "commercial_partner_id",
    "company_id",
    "stage_id",
    "is_closed",
    "kind_id",
    "user_id",
    "opened_at",
    "first_response_at",
    "closed_at",
    "create_date",
    "write_date",
    "access_url",
    # The host asks for it, with their rights, to lead them from an e-mail to the page.
    "access_token",
    "access_warning",
    "website_message_ids",
}

# What they may say of a message by calls; whom it goes to is not theirs to say.
SAID_OUTSIDE = {"body", "message_type", "subtype_xmlid", "attachment_ids"}


class DcrmTicket(models.Model):
    """The customer's side of a ticket."""

    _inherit = "dcrm.ticket"

    def _has_field_access(self, field, operation):
        """Let people from outside read what is theirs to know, and write nothing."""
        if not super()._has_field_access(field, operation):
            return False
        if not self._is_outside():
            return True
        return operation == "read" and field.name in PORTAL_READABLE

    def message_post(self, **kwargs):
        """Let people from outside speak here, and to nobody else.

        :raises AccessError: where one of them says more than words and files
        """
        if self._is_outside() and not kwargs.keys() <= SAID_OUTSIDE:
            self.check_access("write")
        return super().message_post(**kwargs)

    def message_notify(self, **kwargs):
        """Let nobody from outside send e-mails to whom they please."""
        if self._is_outside():
            self.check_access("write")
        return super().message_notify(**kwargs)

    @api.model
    def _is_outside(self):
        return not self.env.su and not self.env.user._is_internal()

    def _open_in_portal(self, subject, text, kind, files=()):
        """Open a ticket of the user in view, who is a customer; return it, as sudo.

        :param str text: what is asked, as plain text
        :param files: pairs of a file's name and its bytes
        :raises AccessError: where the user is nobody who has tickets
        """
        self.browse().check_access("read")
        user = self.env.user
        ticket = self.sudo().create(
            {
                "name": subject,
                "partner_id": user.partner_id.id,
                "company_id": self.env.company.id,
                "kind_id": kind.id,
                "channel": "portal",
            }
        )
        ticket.message_subscribe(user.partner_id.ids)
        ticket.message_post(
            body=plaintext2html(text),
            author_id=user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=list(files),
        )
        return ticket

    def _close_in_portal(self):
        """Close the ticket on the customer's word.

        :raises AccessError: where the user may not read the ticket
        """
        self.ensure_one()
        self.check_access("read")
        ticket = self.sudo()
        closing = ticket._all_stages()._of_team(ticket.team_id).filtered("is_closed")
        if ticket.is_closed or not closing:
            return
        ticket.stage_id = closing[0]
        ticket.message_post(
            body=self.env._("Closed by the customer: it is solved."),
            author_id=self.env.user.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )
