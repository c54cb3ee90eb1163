from odoo import api, models
from odoo.tools import email_normalize

from ..compute import sender_proof

SERVERS = "dcrm_service.authentication_servers"
HOPS = "dcrm_service.authentication_hops"


class MailThread(models.AbstractModel):
    """Whether an e-mail is from whom it says: forged senders gain nothing."""

    _inherit = "mail.thread"

    @api.model
    def _sender_doubt(self, message, email_from):
        """Return what is doubtful of an e-mail's sender, False where nothing is.

        Results of authentication count where the server that writes them is named in
        the settings; what they say against a sender counts always. What claims to be
        from us has to be proven: nobody is a colleague by saying so.

        :param email.message.EmailMessage message: the e-mail
        :param str email_from: who it says it is from
        :return: a key of ``sender_doubt`` of messages
        """
        address = email_normalize(email_from)
        if not address:
            return False
        domain = address.rpartition("@")[2]
        servers = self._authentication_servers()
        found = sender_proof.proof(
            message, domain, servers, self._authentication_hops()
        )
        if found == "pass":
            return False
        elsewhere = self._is_handed_in_elsewhere(message, domain)
        if self._is_ours(address):
            return "ours" if servers or elsewhere or found else "unproven"
        if found:
            return "failed"
        return elsewhere and "envelope"

    @api.model
    def _authentication_servers(self):
        names = self.env["ir.config_parameter"].sudo().get_param(SERVERS) or ""
        return names.replace(",", " ").split()

    @api.model
    def _authentication_hops(self):
        hops = self.env["ir.config_parameter"].sudo().get_param(HOPS) or ""
        return int(hops) if hops.isdecimal() else 0

    @api.model
    def _is_handed_in_elsewhere(self, message, domain):
        """Return whether the envelope names a sender of another domain, not ours.

        What comes by way of an own address was handed on by ourselves.
        """
        envelope = sender_proof.envelope_domain(message)
        if not envelope or sender_proof.aligned(envelope, domain):
            return False
        # All of them, and they are few.
        domains = self.env["mail.alias.domain"].sudo().search([])  # pylint: disable=no-search-all
        ours = domains.mapped("name")
        ours += [email.rpartition("@")[2] for email in self._company_addresses()]
        return not any(sender_proof.aligned(envelope, each) for each in ours)

    @api.model
    def _is_ours(self, address):
        """Return whether an address is one of us or of this database itself."""
        if self._is_own_address(address):
            return True
        users = self.env["res.users"].sudo().with_context(active_test=False)
        return bool(
            users.search_count(
                [("email_normalized", "=", address), ("share", "=", False)], limit=1
            )
        )

    @api.model
    def _is_own_address(self, address):
        """Return whether what is sent to an address comes back here."""
        domains = self.env["mail.alias.domain"].sudo()
        return address in self._company_addresses() or bool(
            domains._find_aliases([address])
        )

    @api.model
    def _company_addresses(self):
        # All of them, and they are few.
        companies = self.env["res.company"].sudo().search([])  # pylint: disable=no-search-all
        return list(filter(None, companies.partner_id.mapped("email_normalized")))

    @api.model
    def _get_message_create_valid_field_names(self):
        return super()._get_message_create_valid_field_names() | {"sender_doubt"}
