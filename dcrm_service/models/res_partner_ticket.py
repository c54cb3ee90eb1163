from odoo import api, models


class ResPartner(models.Model):
    """Tickets follow what becomes of their customers."""

    _inherit = "res.partner"

    def _service_level_changed(self, company):
        outcome = super()._service_level_changed(company)
        tickets = self.env["dcrm.ticket"].sudo().with_context(active_test=False)
        tickets.search(
            [
                ("commercial_partner_id", "in", self.ids),
                ("company_id", "=", company.id),
                ("closed_at", "=", False),
            ]
        )._follow_service_level()
        return outcome

    def write(self, vals):
        outcome = super().write(vals)
        if vals.keys() & {"parent_id", "is_company"}:
            self._hand_over_tickets()
        return outcome

    def _hand_over_tickets(self):
        """Give tickets of who became a contact of a customer to that customer.

        Who was a customer of somebody else before leaves the tickets there: they are
        that company's business, not the person's.
        """
        contacts = self.filtered(
            lambda contact: contact.commercial_partner_id != contact
        )
        tickets = self.env["dcrm.ticket"].sudo().with_context(active_test=False)
        found = tickets.search([("commercial_partner_id", "in", contacts.ids)])
        for contact, theirs in found.grouped("commercial_partner_id").items():
            theirs.commercial_partner_id = contact.commercial_partner_id

    @api.ondelete(at_uninstall=False)
    def _unlink_keep_tickets(self):
        """Tickets of a customer's person stay the customer's, without the person."""
        tickets = self.env["dcrm.ticket"].sudo().with_context(active_test=False)
        found = tickets.search(
            [
                ("partner_id", "in", self.ids),
                ("commercial_partner_id", "not in", [False, *self.ids]),
            ]
        )
        for customer, theirs in found.grouped("commercial_partner_id").items():
            theirs.partner_id = customer
