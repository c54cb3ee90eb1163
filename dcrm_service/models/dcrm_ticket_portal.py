from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
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
}

# How many tickets a customer's people may open in the portal in an hour.
MOST_IN_AN_HOUR = 30
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

    def write(self, vals):
        if "partner_id" not in vals:
            return super().write(vals)
        before = {ticket: ticket.commercial_partner_id for ticket in self}
        outcome = super().write(vals)
        self.filtered(
            lambda ticket: (
                before[ticket] and ticket.commercial_partner_id != before[ticket]
            )
        )._end_links()
        return outcome

    def _end_links(self):
        """Let the links that were sent open these tickets to nobody any more."""
        linked = self.sudo().filtered("access_token")
        linked.access_token = False

    def _search_activity_state(self, operator, value):
        self._check_field_access(self._fields["activity_state"], "read")
        return super()._search_activity_state(operator, value)

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

    @api.model
    def _are_too_many_in_portal(self):
        """Return whether the customer in view has opened as many as an hour may see.

        :raises AccessError: where the user is nobody who has tickets
        """
        self.browse().check_access("read")
        customer = self.env.user.partner_id.commercial_partner_id
        opened = self.sudo().with_context(active_test=False)
        since = fields.Datetime.now() - timedelta(hours=1)
        most = MOST_IN_AN_HOUR
        return most <= opened.search_count(
            Domain("commercial_partner_id", "=", customer.id)
            & Domain("channel", "=", "portal")
            & Domain("create_date", ">", since),
            limit=most,
        )

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
        :raises UserError: where the team has no stage that closes tickets
        """
        self.ensure_one()
        self.check_access("read")
        ticket = self.sudo()
        if ticket.is_closed:
            return
        ticket.stage_id = ticket._closing_stage()
        ticket.message_post(
            body=self.env._("Closed by the customer: it is solved."),
            author_id=self.env.user.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )
