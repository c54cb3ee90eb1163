from odoo import models


class ResPartner(models.Model):
    """Each customer has a page of its own."""

    _inherit = "res.partner"

    def action_open_customer_page(self):
        """Return the action that opens the page of this customer.

        :raises AccessError: the host's, for who may not read it
        """
        self.ensure_one()
        page = self.env["dcrm.customer.page"]._of_partner(self.id)
        return {
            "type": "ir.actions.client",
            "tag": "dcrm_customer_page",
            "path": "customer-page",
            "name": self.env._("Customer Page"),
            "context": {"active_id": page.id},
        }
