from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..compute import deferral
from ..queries import points_curve
from .dcrm_points_deferral import SEES, exact

# After so many months the form tells how many points had been redeemed.
LEARNT = (1, 3, 6, 12, 24)

# Of which kind a club's journal and accounts are.
JOURNAL = "general"
LIABILITY = ("liability_current", "liability_non_current")
REVENUE = ("income", "income_other")


class DcrmClub(models.Model):
    """A club's points in the accounts: a performance obligation of their own."""

    _inherit = "dcrm.club"

    deferral = fields.Boolean(
        "Defer Revenue",
        tracking=True,
        copy=False,
        groups=SEES,
        help="A part of each invoice that grants points is a liability until they are "
        "redeemed or expire (IFRS 15, B39 to B43)",
    )
    deferral_from = fields.Date(
        "Invoices From",
        tracking=True,
        copy=False,
        groups=SEES,
        help="Invoices from this day on are deferred. What earlier ones granted stays "
        "out of the accounts.",
    )
    deferral_closed_on = fields.Date(
        "Closed Up To", readonly=True, copy=False, groups=SEES
    )
    deferral_journal_id = fields.Many2one(
        "account.journal",
        "Journal of Points",
        check_company=True,
        copy=False,
        domain=f"[('type', '=', '{JOURNAL}')]",
        groups=SEES,
        tracking=True,
    )
    deferral_account_id = fields.Many2one(
        "account.account",
        "Liability Account",
        check_company=True,
        copy=False,
        domain=f"[('account_type', 'in', {LIABILITY})]",
        groups=SEES,
        tracking=True,
        help="What is owed to customers in points. Best of its own: then its balance "
        "is that of the points.",
    )
    deferral_revenue_account_id = fields.Many2one(
        "account.account",
        "Revenue Account",
        check_company=True,
        copy=False,
        domain=f"[('account_type', 'in', {REVENUE})]",
        groups=SEES,
        tracking=True,
        help="What is deferred leaves this account, and comes back to it",
    )
    point_price_by = fields.Selection(
        [("hand", "By hand"), ("rewards", "What rewards are worth")],
        "Price of a Point",
        default="hand",
        required=True,
        groups=SEES,
        tracking=True,
    )
    point_price = fields.Float(
        digits=(16, 6),
        groups=SEES,
        tracking=True,
        help="What a customer would pay for what one point buys, in the currency of "
        "the club's company",
    )
    point_price_now = fields.Float(
        "Price of a Point Now",
        digits=(16, 6),
        compute="_compute_point_price_now",
        groups=SEES,
    )
    redemption_by = fields.Selection(
        [("hand", "By hand"), ("curve", "As members have redeemed so far")],
        "Expectation",
        default="hand",
        required=True,
        groups=SEES,
        tracking=True,
        help="How many of the points that are granted members will redeem in all",
    )
    expected_redemption = fields.Float(
        "Expected to Be Redeemed (%)",
        digits=(16, 4),
        default=100.0,
        groups=SEES,
        tracking=True,
        help="Of all points that are granted. Another expectation changes what has "
        "been recognised so far by the next closing.",
    )
    curve_months = fields.Integer(
        "Months to Learn From",
        default=12,
        groups=SEES,
        tracking=True,
        help="The expectation by hand counts as long as the club's first points are "
        "not as old",
    )
    redemption_curve = fields.Json(
        readonly=True,
        copy=False,
        groups=SEES,
        help="Which part of the points had been redeemed so many months after their "
        "issue, as of the last closing; empty while the club is young",
    )
    redemption_learnt = fields.Char(
        "Learnt", compute="_compute_redemption_learnt", groups=SEES
    )
    deferral_ids = fields.One2many(
        "dcrm.points.deferral", "club_id", "Deferred Points", groups=SEES
    )
    deferred_liability = fields.Monetary(
        "Owed in Points", compute="_compute_deferred_liability", groups=SEES
    )

    _expected_redemption = models.Constraint(
        "CHECK (expected_redemption BETWEEN 0 AND 100)",
        "From 0 to 100 per cent of the points are redeemed.",
    )
    _point_price = models.Constraint(
        "CHECK (point_price >= 0)", "A point does not cost less than nothing."
    )
    _curve_months = models.Constraint(
        "CHECK (curve_months BETWEEN 1 AND 120)",
        "A club learns from 1 to 120 months.",
    )

    @api.depends("deferral_ids.liability")
    def _compute_deferred_liability(self):
        owed = dict(
            self.env["dcrm.points.deferral"]._read_group(
                [("club_id", "in", self.ids)], ["club_id"], ["liability:sum"]
            )
        )
        for club in self:
            club.deferred_liability = owed.get(club._origin, 0.0)

    @api.depends("point_price_by", "point_price", "program_id", "company_id")
    def _compute_point_price_now(self):
        for club in self:
            rewards = club.sudo().program_id.reward_ids
            if club.point_price_by == "hand" or rewards._without_price():
                club.point_price_now = club.point_price
            else:
                club.point_price_now = float(club._point_price())

    @api.depends("redemption_curve")
    def _compute_redemption_learnt(self):
        for club in self:
            curve = club.redemption_curve or []
            ages = [age for age in LEARNT if age < len(curve) - 1]
            parts = [
                self.env._(
                    "%(part)s %% by month %(age)s",
                    part=round(100 * curve[age], 1),
                    age=age,
                )
                for age in ages
            ]
            if curve:
                part = round(100 * curve[-1], 1)
                parts.append(self.env._("%s %% in all", part))
            club.redemption_learnt = ", ".join(parts) or self.env._("Nothing yet")

    # -- what is expected --------------------------------------------------------------

    def _expectation(self, day, curve=None):
        """Return the ``deferral.Expectation`` of a club as of the end of a day.

        :param curve: its :meth:`_expected_curve` of the day, where that is known
        """
        if curve is None:
            curve = self._expected_curve(day)
        return deferral.Expectation(
            price=self._point_price(),
            rate=exact(self.expected_redemption) / 100,
            curve=tuple(curve),
        )

    def _expected_curve(self, day):
        """Return the curve that the club expects by, empty where it does by hand."""
        return self._redemption_curve(day) if self.redemption_by == "curve" else []

    def _point_price(self):
        """Return what a point costs by itself, in the currency of the company.

        :raise ValidationError: where nobody can tell
        """
        self.ensure_one()
        if self.point_price_by == "hand":
            return exact(self.point_price)
        club = self.sudo()
        club._check_rewards_priced()
        rewards = club.program_id.reward_ids
        spent = dict(
            self.env.execute_query(
                points_curve.spent_on_rewards(rewards.ids, club.company_id.id)
            )
        )
        price = deferral.price_of_point(
            (*reward._price_and_points(club.company_id), spent.get(reward.id) or 0)
            for reward in rewards
        )
        return deferral.rounded(price, Decimal("0.000001"))

    def _redemption_curve(self, day):
        """Return the club's ``deferral.redemption_curve``, empty while it is young.

        :param day: a ``date``; the months that are over by its end count
        """
        self.env.flush_all()
        self.env.cr.execute(points_curve.WITHOUT_JIT)
        cohorts = {}
        for month, used, points in self.env.execute_query(
            points_curve.redemptions(self.id, day)
        ):
            issued, redeemed = cohorts.setdefault(month, (Decimal(0), {}))
            if used is None:
                cohorts[month] = (issued + Decimal(points), redeemed)
            else:
                redeemed[used] = Decimal(points)
        over = day + timedelta(days=1)
        last = over.year * 12 + over.month - 2
        if not cohorts or last - min(cohorts) < self.curve_months:
            return []
        return deferral.redemption_curve(cohorts, last)

    # -- closing -----------------------------------------------------------------------

    def _days_to_close(self, until=None):
        """Return the ends of months that are over and not closed, the oldest first.

        :param until: a further day, which need not be the end of a month
        """
        self.ensure_one()
        first = self.deferral_closed_on or self.deferral_from - timedelta(days=1)
        if until and until <= first:
            return []
        last = until or self.company_id._customer_today() - timedelta(days=1)
        days, day = [], first + timedelta(days=1) + relativedelta(day=31)
        while day <= last:
            days.append(day)
            day = day + timedelta(days=1) + relativedelta(day=31)
        return days + ([until] if until and until not in days else [])

    def _months_to_close(self, day):
        """Return the first days of the months whose invoices are closed for a day."""
        month = self.deferral_from.replace(day=1)
        months = []
        while month <= day:
            months.append(month)
            month += relativedelta(months=1)
        return months

    def _close_month(self, month, day, expectation):
        """Close the points that invoices of a month granted as of the end of a day."""
        self.ensure_one()
        return (
            self.env["dcrm.points.deferral"]
            .sudo()
            .with_company(self.company_id)
            ._close(self, month, day, expectation)
        )

    def _close_points(self, until):
        """Close these clubs up to a day: month by month, at last the day itself."""
        for club in self.sudo():
            club.lock_for_update(allow_referencing=True)
            for day in club._days_to_close(until):
                expectation = club._expectation(day)
                for month in club._months_to_close(day):
                    club._close_month(month, day, expectation)
                club._closed(day, expectation)

    def _closed(self, day, expectation):
        """Note that the club is closed up to a day, and what it has learnt by then."""
        self.deferral_closed_on = day
        self.redemption_curve = [float(part) for part in expectation.curve]
