from odoo import api, fields, models

SELLER = "dcrm_analytics.group_dcrm_seller"
# So many moves are shown with the customer; all are with the account.
LATEST = 20


class ResPartner(models.Model):
    """What the screens of a customer show of its points; contacts share them."""

    _inherit = "res.partner"

    points_account_ids = fields.One2many(
        "dcrm.points.account",
        compute="_compute_points_accounts",
        compute_sudo=False,
        string="Points",
        groups=SELLER,
        help="What the customer has of the points of each club",
    )
    points_text = fields.Char(
        "Points in Words",
        compute="_compute_points_accounts",
        compute_sudo=False,
        groups=SELLER,
    )
    points_lot_ids = fields.One2many(
        "dcrm.points.lot",
        compute="_compute_points_lines",
        compute_sudo=False,
        string="Points Left",
        groups=SELLER,
    )
    points_move_ids = fields.One2many(
        "dcrm.points.move",
        compute="_compute_points_lines",
        compute_sudo=False,
        string="Latest Moves",
        groups=SELLER,
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_points_accounts(self):
        found = self.env["dcrm.points.account"].search(
            [("partner_id", "in", self.commercial_partner_id.ids)]
        )
        accounts = found.grouped("partner_id")
        for partner in self:
            own = accounts.get(partner.commercial_partner_id._origin, found.browse())
            partner.points_account_ids = own
            partner.points_text = own._points_in_short()

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_points_lines(self):
        for partner in self:
            own = [("account_id", "in", partner.points_account_ids.ids)]
            partner.points_move_ids = self.env["dcrm.points.move"].search(
                own, limit=LATEST
            )
            partner.points_lot_ids = self.env["dcrm.points.lot"].search(
                [*own, ("remaining", ">", 0)]
            )

    def action_open_points(self):
        """Return the action that shows the points of these customers."""
        accounts = self.points_account_ids
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_loyalty.dcrm_points_account_action"
        )
        if len(accounts) == 1:
            return {**action, "res_id": accounts.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", accounts.ids)], "context": {}}
