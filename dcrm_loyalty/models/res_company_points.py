from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    loyalty_club_ids = fields.One2many(
        "dcrm.club", "company_id", groups="dcrm_analytics.group_dcrm_seller"
    )
    coupons_personal = fields.Boolean(
        "Coupons Are Personal",
        help="A coupon that is bound to a customer is refused in other hands, and an "
        "expired one before the order is confirmed. Switched on by the first club that "
        "keeps points.",
    )

    def _begin_points(self, clubs):
        """Have coupons be personal with the first of the clubs that keep points."""
        for company in self.sudo():
            if company._points_clubs() <= clubs:
                company.coupons_personal = True

    def _points_clubs(self):
        """Return the clubs of the company whose points the ledger keeps."""
        return self.sudo().loyalty_club_ids.filtered("program_id")
