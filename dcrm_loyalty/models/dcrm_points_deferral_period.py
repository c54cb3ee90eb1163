from odoo import api, fields, models
from odoo.tools import format_date

from .dcrm_points_account import POINTS


class DcrmPointsDeferralPeriod(models.Model):
    """What a closing changed of a cohort of points, and the entry that posts it.

    Amounts by which the liability moves are of the period; the rest is what the cohort
    had come to at its end. Rows are only ever added: what turns out otherwise is put
    right in the next period.
    """

    _name = "dcrm.points.deferral.period"
    _description = "Closing of Deferred Points"
    _order = "day desc, deferral_id desc"
    _rec_name = "day"

    deferral_id = fields.Many2one(
        "dcrm.points.deferral",
        "Points Of",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    club_id = fields.Many2one(
        "dcrm.club", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(related="deferral_id.month", store=True)
    day = fields.Date(
        "Up To", required=True, readonly=True, help="The last day that is reckoned in"
    )
    granted_amount = fields.Monetary(
        "Deferred", readonly=True, help="By invoices that granted points"
    )
    refunded_amount = fields.Monetary(
        "Taken Back",
        readonly=True,
        help="By credit notes, and by what else granted less than before; negative",
    )
    redeemed_amount = fields.Monetary(
        "Redeemed", readonly=True, help="Revenue by points that were redeemed"
    )
    expired_amount = fields.Monetary(
        "Expired", readonly=True, help="Revenue by points that were lost"
    )
    catch_up_amount = fields.Monetary(
        "Catch-Up",
        readonly=True,
        help="Revenue by another expectation of how many points are redeemed",
    )
    liability_change = fields.Monetary(readonly=True)
    issued = fields.Float("Granted", digits=POINTS, readonly=True, aggregator=None)
    redeemed = fields.Float(
        "Redeemed Points", digits=POINTS, readonly=True, aggregator=None
    )
    expired = fields.Float(
        "Expired Points", digits=POINTS, readonly=True, aggregator=None
    )
    outstanding = fields.Float(digits=POINTS, readonly=True, aggregator=None)
    rate = fields.Float("Expected (%)", digits=(16, 4), readonly=True, aggregator="avg")
    expected = fields.Float(digits=POINTS, readonly=True, aggregator=None)
    deferred = fields.Monetary("Deferred in All", readonly=True, aggregator=None)
    recognised = fields.Monetary(readonly=True, aggregator=None)
    liability = fields.Monetary(readonly=True, aggregator=None)
    account_id = fields.Many2one(
        "account.account",
        "Liability Account",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    entry_id = fields.Many2one(
        "account.move",
        "Journal Entry",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty where nothing of an amount has changed",
    )
    line_ids = fields.One2many(
        "dcrm.points.deferral.line", "period_id", "Invoices", readonly=True
    )

    _unique_day = models.Constraint(
        "UNIQUE(deferral_id, day)", "These points are closed for this day already."
    )
    _adds_up = models.Constraint(
        """CHECK (
            liability = deferred - recognised
            AND liability_change = granted_amount + refunded_amount - redeemed_amount
                - expired_amount - catch_up_amount
        )""",
        "What is deferred and not recognised is the liability.",
    )

    @api.depends("deferral_id", "day")
    def _compute_display_name(self):
        for period in self:
            period.display_name = self.env._(
                "%(points)s, up to %(day)s",
                points=period.deferral_id.display_name,
                day=format_date(self.env, period.day),
            )

    # -- posting ---------------------------------------------------------------------

    def _post(self):
        """Post the entry of a new period, unless no amount has changed.

        Where the books of its last day are locked, the host dates the entry later.
        """
        self.ensure_one()
        lines = [
            line
            for label, amount in self._parts()
            if not self.currency_id.is_zero(amount)
            for line in self._pair(label, amount)
        ]
        if not lines:
            return
        club = self.club_id
        self.entry_id = (
            self.env["account.move"]
            .with_company(self.company_id)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": club.deferral_journal_id.id,
                    "company_id": self.company_id.id,
                    "date": self.day,
                    "ref": self.display_name,
                    "line_ids": [fields.Command.create(line) for line in lines],
                }
            )
        )
        self.entry_id._post(soft=False)

    def _parts(self):
        """Return ``[(label, by how much the liability grows)]``."""
        points = self.deferral_id.display_name
        return [
            (self.env._("Deferred: %s", points), self.granted_amount),
            (self.env._("Taken back: %s", points), self.refunded_amount),
            (self.env._("Redeemed: %s", points), -self.redeemed_amount),
            (self.env._("Expired: %s", points), -self.expired_amount),
            (self.env._("Changed expectation: %s", points), -self.catch_up_amount),
        ]

    def _pair(self, label, amount):
        """Return the values of the two lines that move revenue to the liability."""
        accounts = (self.club_id.deferral_revenue_account_id, self.account_id)
        return [
            {"name": label, "account_id": account.id, "balance": balance}
            for account, balance in zip(accounts, (amount, -amount), strict=True)
        ]

    def action_open_entry(self):
        """Return the action that opens the entry."""
        self.ensure_one()
        return self.entry_id.get_formview_action()
