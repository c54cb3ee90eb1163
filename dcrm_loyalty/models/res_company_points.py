from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    loyalty_club_ids = fields.One2many(
        "dcrm.club", "company_id", groups="dcrm_analytics.group_dcrm_seller"
    )
    points_club_ids = fields.Many2many(
        "dcrm.club",
        compute="_compute_points_club_ids",
        compute_sudo=True,
        context={"active_test": False},
        groups="dcrm_analytics.group_dcrm_seller",
        help="The clubs that keep points, also closed ones: what orders had of those "
        "is still taken back, or given back",
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
        """Return the clubs of the company, also closed ones, whose points are kept."""
        return self.sudo().points_club_ids

    @api.depends("loyalty_club_ids.program_id", "loyalty_club_ids.active")
    def _compute_points_club_ids(self):
        clubs = self.env["dcrm.club"].with_context(active_test=False)
        kept = clubs.search_fetch(
            [("company_id", "in", self.ids), ("program_id", "!=", False)],
            [name for name, field in clubs._fields.items() if field.prefetch is True],
        )
        for company in self:
            company.points_club_ids = kept.filtered(
                lambda club, company=company: club.company_id == company
            )
