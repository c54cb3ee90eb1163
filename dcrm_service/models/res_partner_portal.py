from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Who leaves a customer has no way to its tickets any more, also by old links."""

    _inherit = "res.partner"

    def write(self, vals):
        if not vals.keys() & {"parent_id", "active"}:
            return super().write(vals)
        before = {person: person.commercial_partner_id for person in self}
        outcome = super().write(vals)
        for person, customer in before.items():
            if customer != person and (
                not person.active or person.commercial_partner_id != customer
            ):
                person._end_ticket_links(customer)
        return outcome

    def _end_ticket_links(self, customer):
        """End the links to a customer's tickets that went to these people."""
        tickets = self.env["dcrm.ticket"].sudo().with_context(active_test=False)
        went_to = Domain("partner_id", "in", self.ids) | Domain(
            "message_partner_ids", "in", self.ids
        )
        tickets.search(
            Domain("commercial_partner_id", "=", customer.id)
            & Domain("access_token", "!=", False)
            & went_to
        )._end_links()
