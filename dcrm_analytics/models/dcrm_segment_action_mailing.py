from odoo import models
from odoo.exceptions import UserError


class DcrmSegmentAction(models.Model):
    """Customers on mailing lists, where the host's mailings are installed."""

    _inherit = "dcrm.segment.action"

    def _do_mailing(self, logs):
        """Put customers on the list; whoever has opted out of it stays out."""
        if not (self._has_mailing() and self.mailing_list):
            raise UserError(self.env._("There are no mailing lists any more."))
        done = {}
        for log in logs:
            email = log.partner_id.email_normalized
            if not email:
                raise UserError(self.env._("The customer has no e-mail address."))
            done[log] = self._subscribe(log.partner_id, email)
        return done

    def _subscribe(self, partner, email):
        target = self.mailing_list
        subscriptions = self.env["mailing.subscription"]
        known = subscriptions.search(
            [("list_id", "=", target.id), ("contact_id.email_normalized", "=", email)]
        )
        if known:
            out = known.filtered("opt_out")
            if out:
                return self.env._("Has opted out of %s, and stays out", target.name)
            return self.env._("Was on %s already", target.name)
        contacts = self.env["mailing.contact"]
        contact = contacts.search([("email_normalized", "=", email)], limit=1)
        if not contact:
            contact = contacts.create(
                {
                    "name": partner.name,
                    "email": partner.email,
                    "company_name": partner.commercial_company_name,
                    "country_id": partner.country_id.id,
                }
            )
        subscriptions.create({"list_id": target.id, "contact_id": contact.id})
        return self.env._("Added to %s", target.name)
