from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize, email_normalize_all

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
        # Encoded, a subject may have line ends.
        subject = " ".join((msg_dict.get("subject") or "").split())
        values = {
            "name": subject or self.env._("No subject"),
            "partner_id": self._sender(msg_dict, team).id,
            "channel": "email",
            "sender_doubt": msg_dict.get("sender_doubt"),
            **custom_values,
        }
        ticket = super().message_new(msg_dict, values)
        if message_id := msg_dict.get("message_id"):
            self.env["dcrm.ticket.email"]._made(message_id, team, ticket)
        return ticket

    @api.model
    def _sender(self, msg_dict, team):
        """Return the contact who wrote, empty where the team's company has none."""
        sender = self.env["res.partner"].browse(msg_dict.get("author_id"))
        if sender.company_id and sender.company_id != team.company_id:
            return sender.browse()
        return sender

    def _has_among_its_people(self, address):
        """Return whether an address is of the customer, a follower or one of us.

        :param str address: normalized
        """
        self.ensure_one()
        if not address:
            return False
        written_to = email_normalize_all(f"{self.email_from},{self.email_cc}")
        if address in written_to:
            return True
        customer = Domain("commercial_partner_id", "=", self.commercial_partner_id.id)
        staff = Domain("partner_share", "=", False) & Domain(
            "user_ids.company_ids", "in", self.company_id.ids
        )
        people = Domain("id", "in", self.message_partner_ids.ids) | staff
        if self.commercial_partner_id:
            people |= customer
        partners = self.env["res.partner"].sudo()
        return bool(
            partners.search_count(
                Domain("email_normalized", "=", address) & people, limit=1
            )
        )

    def _message_post_after_hook(self, message, msg_values):
        outcome = super()._message_post_after_hook(message, msg_values)
        self.sudo()._meet(message.sudo().partner_ids)
        return outcome

    def _meet(self, partners):
        """Let who is written to be the contact of a ticket that a stranger opened.

        One of whom it is doubtful that they did is so by their answer only.
        """
        for ticket in self.filtered(
            lambda ticket: not ticket.partner_id and not ticket.sender_doubt
        ):
            email = email_normalize(ticket.email_from)
            company = ticket.company_id
            known = partners.filtered_domain(partners._check_company_domain(company))
            found = known.filtered(
                lambda partner, email=email: email and partner.email_normalized == email
            )
            if found:
                ticket.partner_id = found[0]

    def _notify_get_reply_to(self, default=None, author_id=False):
        """Have answers go to the team: there none is lost, whatever it refers to."""
        replies = super()._notify_get_reply_to(default=default, author_id=author_id)
        teams = self.sudo().team_id.filtered("alias_email")
        of = teams._notify_get_reply_to(default=default, author_id=author_id)
        for ticket in self.sudo().filtered(lambda ticket: ticket.team_id in teams):
            replies[ticket.id] = of[ticket.team_id.id]
        return replies

    @api.model
    def _is_spoken(self, message):
        """Return whether a message is one between the customer and us."""
        return message.message_type in SPOKEN and message.subtype_id == self.env.ref(
            "mail.mt_comment"
        )
