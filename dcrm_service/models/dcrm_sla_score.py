from odoo import api, models


class DcrmCustomerScore(models.Model):
    """A refresh by hand has open tickets follow what is known of their customers."""

    _inherit = "dcrm.customer.score"

    @api.model
    def refresh(self, company=None, as_of=None, full=False):
        outcome = super().refresh(company=company, as_of=as_of, full=full)
        if as_of is None:
            companies = self.env["res.company"].sudo().browse(outcome["companies"])
            tickets = self.env["dcrm.ticket"].sudo()
            outcome["tickets_followed"] = sum(
                tickets._follow_all_customers(company) for company in companies
            )
        return outcome
