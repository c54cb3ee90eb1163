from odoo import api, fields, models
from odoo.fields import Domain

from ..models.dcrm_points_account import POINTS
from ..queries import points_closing


class DcrmPointsClosing(models.Model):
    """Whether what the books owe in points is what is outstanding.

    Read from the closings and from the ledger of the accounts, nothing is stored: a row
    a cohort of points, and one an account for what others posted on it. As of today, or
    of the end of the day that is ``as_of`` in the context.
    """

    _name = "dcrm.points.closing"
    _description = "Points and Liability"
    _auto = False
    _order = "company_id, club_id, month, id"
    _rec_name = "deferral_id"
    _depends = {
        "account.move": ["state", "date"],
        "account.move.line": ["account_id", "balance", "date", "move_id"],
        "dcrm.club": ["deferral_account_id", "company_id"],
        "dcrm.points.deferral": ["club_id", "company_id", "month"],
        "dcrm.points.deferral.period": ["account_id", "day", "entry_id", "liability"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    club_id = fields.Many2one("dcrm.club", readonly=True)
    deferral_id = fields.Many2one(
        "dcrm.points.deferral",
        "Points Of",
        readonly=True,
        help="Empty: what others posted on the account",
    )
    account_id = fields.Many2one("account.account", readonly=True)
    month = fields.Date(readonly=True)
    day = fields.Date(
        "Last Change",
        readonly=True,
        help="The last day of the last closing that changed something",
    )
    outstanding = fields.Float(digits=POINTS, readonly=True)
    expected = fields.Float(
        "Still Expected",
        digits=POINTS,
        readonly=True,
        help="Points that are outstanding, and expected to be redeemed",
    )
    value = fields.Float(
        "Value of a Point", digits=(16, 6), readonly=True, aggregator=None
    )
    worth = fields.Monetary(
        "Points × Value",
        readonly=True,
        help="What is expected to be redeemed still, at what was deferred for each",
    )
    liability = fields.Monetary(readonly=True, help="Deferred and not recognised")
    booked = fields.Monetary(
        readonly=True, help="What the account says: posted by the day, credit positive"
    )
    difference = fields.Monetary(readonly=True, help="Booked, less the liability")
    as_of = fields.Date(
        compute="_compute_as_of",
        search="_search_as_of",
        help="The day at whose end it is so: type any day into the search",
    )

    @property
    def _table_query(self):
        return points_closing.table(tuple(self.env.companies.ids), self._as_of())

    @api.model
    def _as_of(self):
        return fields.Date.to_date(self.env.context.get("as_of"))

    @api.depends_context("as_of")
    def _compute_as_of(self):
        for row in self:
            row.as_of = self._as_of() or row.company_id._customer_today()

    def _search_as_of(self, operator, value):
        # The day chooses what the rows are; it is no property by which they differ.
        return Domain.TRUE

    @api.depends("deferral_id", "account_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.deferral_id.display_name or self.env._(
                "Posted by others on %s", row.account_id.display_name
            )

    def action_open(self):
        """Return the action that opens the points, or lists what others posted."""
        self.ensure_one()
        if self.deferral_id:
            return self.deferral_id.get_formview_action()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Posted by Others"),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [
                ("account_id", "=", self.account_id.id),
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("move_id.points_period_ids", "=", False),
                ("date", "<=", self.as_of),
            ],
        }
