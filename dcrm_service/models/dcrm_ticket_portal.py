from odoo import models
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
    "description",
    "opened_at",
    "first_response_at",
    "closed_at",
    "create_date",
    "write_date",
    "access_url",
    "access_token",
    "access_warning",
    "website_message_ids",
}


class DcrmTicket(models.Model):
    """The customer's side of a ticket."""

    _inherit = "dcrm.ticket"

    def _has_field_access(self, field, operation):
        """Let people from outside read what is theirs to know, and write nothing."""
        if not super()._has_field_access(field, operation):
            return False
        if self.env.su or not self.env.user.share:
            return True
        return operation == "read" and field.name in PORTAL_READABLE

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
