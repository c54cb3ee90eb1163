from odoo import api, models
from odoo.tools import formataddr, plaintext2html

from .inside import INSIDE


class DcrmTicket(models.Model):
    """Tickets that strangers open in a page of ours."""

    _inherit = "dcrm.ticket"

    @api.model
    def _customer_of_email(self, email, company):
        """Return whom a company knows by an address, as of e-mails; empty: nobody.

        Whoever says to be one of ours is none by saying it.
        """
        found = self.env["mail.thread"].sudo()
        found = found.with_company(company)._partner_find_from_emails_single(
            [email], no_create=True
        )
        if not found.partner_share or found.company_id not in (
            found.company_id.browse(),
            company,
        ):
            return found.browse()
        return found

    @api.model
    def _customer_in_view(self, email, company):
        """Return the user in view where it is a customer with that address, as sudo."""
        user = self.env.user
        contact = user.partner_id.sudo()
        if (
            user._is_internal()
            or user._is_public()
            or contact.email_normalized != email
            or contact.company_id not in (company.browse(), company)
        ):
            return contact.browse()
        return contact

    @api.model
    def _open_in_form(self, team, subject, text, email, name="", kind=None):
        """Open a ticket of who filled in the form of a team; return it, as sudo.

        As by e-mail: who is not known is made a contact by being answered only. Whoever
        writes the address of somebody known is nobody by that, unless they are logged
        in as that contact.

        :param team: the team, as sudo
        :param str text: what is asked, as plain text
        :param str email: a normalized address, which nobody has proved to be theirs
        """
        company = team.company_id
        tickets = self.sudo().with_context(allowed_company_ids=company.ids)
        contact = self._customer_in_view(email, company)
        doubt = not contact and (
            tickets._customer_of_email(email, company)
            or self.env["mail.thread"]._is_ours(email)
        )
        sender = formataddr((name, email)) if name else email
        ticket = tickets.create(
            {
                "name": subject,
                "partner_id": contact.id,
                "email_from": contact.email or sender,
                "sender_doubt": "form" if doubt else False,
                "company_id": company.id,
                "team_id": team.id,
                "kind_id": kind.id if kind else False,
                "channel": "web",
            }
        )
        # The ticket and its first words are one interaction.
        ticket.with_context(dcrm_opening_message=INSIDE).message_post(
            body=plaintext2html(text),
            author_id=contact.id,
            email_from=sender,
            sender_doubt=ticket.sender_doubt,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        return ticket
