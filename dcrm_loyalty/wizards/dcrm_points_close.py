from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

# Who may post entries: of the host's groups, that of who posts.
POSTS = "account.group_account_invoice"


class DcrmPointsClose(models.TransientModel):
    """Closing points up to a day at once, instead of waiting for the end of the month.

    Each month up to the day is closed by entries of its own, as it would have been.
    """

    _name = "dcrm.points.close"
    _description = "Close Points"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    club_ids = fields.Many2many(
        "dcrm.club",
        string="Clubs",
        compute="_compute_club_ids",
        store=True,
        readonly=False,
        context={"active_test": False},
        domain="[('company_id', '=', company_id), ('deferral', '=', True)]",
    )
    day = fields.Date(
        "Up To",
        required=True,
        default=lambda self: self._default_day(),
        help="Invoices and points up to the end of this day are reckoned in",
    )

    @api.model
    def _default_day(self):
        """The end of last month; yesterday, where all clubs are closed as far."""
        today = self.env.company._customer_today()
        month_end = fields.Date.subtract(today.replace(day=1), days=1)
        closed_on = self._deferring(self.env.company).mapped("deferral_closed_on")
        is_done = closed_on and all(day and day >= month_end for day in closed_on)
        return fields.Date.subtract(today, days=1) if is_done else month_end

    @api.model
    def _deferring(self, company):
        """Return the clubs of a company that defer revenue, closed ones too."""
        return (
            self.env["dcrm.club"]
            .with_context(active_test=False)
            .search(
                Domain("company_id", "=", company.id) & Domain("deferral", "=", True)
            )
        )

    @api.depends("company_id")
    def _compute_club_ids(self):
        for wizard in self:
            wizard.club_ids = self._deferring(wizard.company_id)

    def action_close(self):
        """Close the points, and return the action that shows what that came to.

        :raise AccessError: for who may not post entries
        :raise UserError: for a day that is not over, or closed already
        """
        self.ensure_one()
        if not (self.env.su or self.env.user.has_group(POSTS)):
            raise AccessError(
                self.env._("Only who may post entries closes the points of clubs.")
            )
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._("You do not work in %s.", self.company_id.sudo().name)
            )
        self._check_day()
        self.club_ids._close_points(self.day)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_loyalty.dcrm_points_deferral_period_action"
        )
        return {
            **action,
            "domain": [("club_id", "in", self.club_ids.ids)],
            "context": {"search_default_group_day": 1},
        }

    def _check_day(self):
        if self.day >= self.company_id._customer_today():
            raise UserError(
                self.env._("%s is not over yet.", format_date(self.env, self.day))
            )
        for club in self.club_ids:
            if club.company_id != self.company_id or not club.deferral:
                raise UserError(
                    self.env._(
                        "The points of %(club)s are not deferred in %(company)s.",
                        club=club.name,
                        company=self.company_id.name,
                    )
                )
            closed_on = club.deferral_closed_on
            if self.day < club.deferral_from or closed_on and self.day <= closed_on:
                raise UserError(
                    self.env._(
                        "The points of %(club)s are closed up to %(day)s.",
                        club=club.name,
                        day=format_date(self.env, closed_on or club.deferral_from),
                    )
                )
