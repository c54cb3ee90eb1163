from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from ..compute import deferral
from .dcrm_points_account import POINTS

# Who sees what points have deferred, beside managers of DCRM.
ACCOUNTANTS = "account.group_account_invoice,account.group_account_readonly"
SEES = f"{ACCOUNTANTS},dcrm_analytics.group_dcrm_manager"


def exact(number):
    """Return the decimal number that a field holds, free of binary noise."""
    return Decimal(repr(number or 0.0))


class DcrmPointsDeferral(models.Model):
    """The points that a month's invoices granted, and the revenue they defer.

    A cohort of points: one a club and month of the invoices. It stands as of the last
    day on which the club's points were closed; ``dcrm.points.deferral.period`` says how
    it came to that, and ``dcrm.points.deferral.line`` by which invoices.
    """

    _name = "dcrm.points.deferral"
    _description = "Deferred Revenue of Points"
    _order = "month desc, club_id, id desc"
    _rec_name = "month"

    club_id = fields.Many2one(
        "dcrm.club", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True, readonly=True, help="The first day of the invoices' month"
    )
    closed_on = fields.Date(
        "Last Change",
        readonly=True,
        help="The last day of the last closing that changed something",
    )
    issued = fields.Float(
        "Granted",
        digits=POINTS,
        readonly=True,
        help="Points that invoices granted, less those that credit notes took back",
    )
    redeemed = fields.Float(digits=POINTS, readonly=True)
    expired = fields.Float(
        digits=POINTS, readonly=True, help="Points that were lost without a reward"
    )
    outstanding = fields.Float(
        digits=POINTS, readonly=True, help="Points that customers have still"
    )
    rate = fields.Float(
        "Expected (%)",
        digits=(16, 4),
        readonly=True,
        aggregator="avg",
        help="How many of the granted points are expected to be redeemed in all",
    )
    expected = fields.Float(
        digits=POINTS,
        readonly=True,
        help="Points that are expected to be redeemed in all, those redeemed included",
    )
    revenue = fields.Monetary(
        "Invoiced", readonly=True, help="What the invoices came to, without taxes"
    )
    deferred = fields.Monetary(
        readonly=True, help="The part of what was invoiced that is for the points"
    )
    recognised = fields.Monetary(
        readonly=True, help="How much of it has become revenue since"
    )
    liability = fields.Monetary(
        readonly=True, help="How much of it is owed to customers still, in points"
    )
    value = fields.Float(
        "Value of a Point",
        digits=(16, 6),
        compute="_compute_value",
        help="What is deferred for each point that is expected to be redeemed",
    )
    period_ids = fields.One2many(
        "dcrm.points.deferral.period", "deferral_id", "Periods", readonly=True
    )
    line_ids = fields.One2many(
        "dcrm.points.deferral.line", "deferral_id", "Invoices", readonly=True
    )
    entry_count = fields.Integer(compute="_compute_counts")
    invoice_count = fields.Integer(compute="_compute_counts")

    _unique_month = models.Constraint(
        "UNIQUE(club_id, month)", "The club has this month already."
    )
    _adds_up = models.Constraint(
        "CHECK (liability = deferred - recognised)",
        "What is deferred and not recognised is the liability.",
    )

    @api.depends("club_id", "month")
    def _compute_display_name(self):
        for cohort in self:
            cohort.display_name = self.env._(
                "%(club)s, %(month)s",
                club=cohort.club_id.sudo().name,
                month=format_date(self.env, cohort.month, date_format="MMMM yyyy"),
            )

    @api.depends("deferred", "expected")
    def _compute_value(self):
        for cohort in self:
            expected = cohort.expected
            cohort.value = cohort.deferred / expected if expected else 0.0

    @api.depends("period_ids.entry_id", "line_ids.invoice_id")
    def _compute_counts(self):
        for cohort in self:
            cohort.entry_count = len(cohort.period_ids.entry_id)
            cohort.invoice_count = len(cohort.line_ids.invoice_id)

    def _state(self):
        """Return what the cohort had come to when it was last closed."""
        return deferral.State(
            deferred=exact(self.deferred),
            issued=exact(self.issued),
            redeemed=exact(self.redeemed),
            expired=exact(self.expired),
            rate=exact(self.rate) / 100,
        )

    # -- drilling down ---------------------------------------------------------------

    def action_open_entries(self):
        """Return the action that lists the entries of these cohorts."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries of Points"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "views": [
                (self.env.ref("account.view_move_tree").id, "list"),
                (False, "form"),
            ],
            "domain": [("points_period_ids.deferral_id", "in", self.ids)],
            "context": {"create": False},
        }

    def action_open_invoices(self):
        """Return the action that lists what invoices granted and deferred here."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_loyalty.dcrm_points_deferral_line_action"
        )
        return {**action, "domain": [("deferral_id", "in", self.ids)]}

    def action_open_moves(self):
        """Return the action that lists the moves of points of these orders."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Moves of Points"),
            "res_model": "dcrm.points.move",
            "view_mode": "list,form",
            "domain": [
                ("res_model", "=", "sale.order"),
                ("res_id", "in", self.sudo().line_ids.order_id.ids),
                ("club_id", "in", self.club_id.ids),
            ],
        }
