from odoo import api, fields, models


class DcrmMembershipJoin(models.TransientModel):
    """The dialog by which customers join a club."""

    _name = "dcrm.membership.join"
    _description = "Join a Club"
    _check_company_auto = True

    partner_ids = fields.Many2many(
        "res.partner", string="Customers", required=True, check_company=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    club_id = fields.Many2one(
        "dcrm.club",
        required=True,
        check_company=True,
        domain="[('company_id', '=', company_id)]",
        default=lambda self: self._only_club(),
    )
    tier_id = fields.Many2one(
        "dcrm.club.tier",
        compute="_compute_tier_id",
        store=True,
        readonly=False,
        check_company=True,
        domain="[('club_id', '=', club_id)]",
    )
    date_start = fields.Date(
        "Begins On", compute="_compute_date_start", store=True, readonly=False
    )
    date_end = fields.Date(
        "Ends On", compute="_compute_date_end", store=True, readonly=False
    )
    needs_approval = fields.Boolean(related="club_id.needs_approval")
    pricelist_id = fields.Many2one(related="tier_id.pricelist_id")
    service_level_id = fields.Many2one(related="tier_id.service_level_id")

    @api.model
    def _only_club(self):
        """Return the company's club where there is just one to choose from."""
        clubs = self.env["dcrm.club"].search(
            [("company_id", "=", self.env.company.id)], limit=2
        )
        return clubs if len(clubs) == 1 else clubs.browse()

    @api.depends("club_id")
    def _compute_tier_id(self):
        for dialog in self:
            dialog.tier_id = dialog.club_id._entry_tier()

    @api.depends("club_id")
    def _compute_date_start(self):
        for dialog in self:
            today = dialog.company_id._customer_scoring_today()
            dialog.date_start = False if dialog.needs_approval else today

    @api.depends("club_id", "date_start")
    def _compute_date_end(self):
        for dialog in self:
            first = dialog.date_start
            dialog.date_end = first and dialog.club_id._last_day(first)

    def action_join(self):
        """Make the customers members of the club, or applicants where it has to agree.

        :raise UserError: where one of them is in the club already
        """
        self.ensure_one()
        terms = {
            name: self[name]
            for name in ("date_start", "date_end")
            if self[name] or not self.needs_approval
        }
        if self.tier_id:
            terms["tier_id"] = self.tier_id.id
        self.env["dcrm.membership"].create(
            [
                {"partner_id": partner.id, "club_id": self.club_id.id, **terms}
                for partner in self.partner_ids.commercial_partner_id
            ]
        )
        return {"type": "ir.actions.act_window_close"}
