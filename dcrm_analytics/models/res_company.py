from datetime import datetime

import pytz

from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    purchase_basis = fields.Selection(
        [("sale", "Confirmed sales orders"), ("invoice", "Posted invoices")],
        default="sale",
        required=True,
        help="What counts as a purchase: an order and its invoice are one purchase. "
        "Invoices without an order, till orders and imported history count either way.",
    )
    customer_scoring = fields.Boolean(
        "Score customers daily",
        help="Reads the purchases of this company and scores its customers each night.",
    )
    customer_scoring_today = fields.Date(
        "Score As Of",
        help="Customers are scored as of this day instead of today: for a closed "
        "history, such as that of a demo or of a company taken over. Empty: today.",
    )

    @api.constrains("customer_scoring_today")
    def _check_customer_scoring_today(self):
        for company in self:
            self.env["dcrm.customer.score"]._day_asked(company.customer_scoring_today)

    def _customer_zone(self):
        """Return the ``pytz`` time zone that the company's days are in."""
        self.ensure_one()
        return pytz.timezone(self.sudo().partner_id.tz or "UTC")

    def _customer_today(self):
        """Return the day (a ``date``) that it is now in the company's time zone."""
        return datetime.now(self._customer_zone()).date()

    def _customer_scoring_today(self):
        """Return the day that live scores are as of: the fixed one, else today."""
        self.ensure_one()
        return self.sudo().customer_scoring_today or self._customer_today()
