"""What the tests of deferred points stand on: a club whose points are in the books."""

from contextlib import contextmanager
from datetime import datetime

from freezegun import freeze_time

from .common_points import PointsCase

SETTINGS = {
    "deferral": True,
    "point_price": 1.0,
    "expected_redemption": 95.0,
}


class DeferralCase(PointsCase):
    """A point for ten euros, worth one; 95 in 100 are expected to be redeemed.

    The clock stands on the first of January of 2026, when deferral begins.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.books = {company: cls.make_books(company) for company in cls.companies}
        cls.program.rule_ids.reward_point_amount = 0.1

    @classmethod
    def make_books(cls, company):
        """Return the journal and the accounts of a company's points."""
        env = cls.env(context=dict(cls.env.context, allowed_company_ids=company.ids))
        kinds = {
            "deferral_account_id": ("X480", "liability_current"),
            "deferral_revenue_account_id": ("X709", "income"),
        }
        accounts = {
            name: env["account.account"]
            .create({"name": code, "code": code, "account_type": kind})
            .id
            for name, (code, kind) in kinds.items()
        }
        journal = env["account.journal"].create(
            {"name": "Points", "code": "XPTS", "type": "general"}
        )
        return {"deferral_journal_id": journal.id, **accounts}

    def setUp(self):
        super().setUp()
        self.clock = freeze_time(datetime(2026, 1, 1, 12))
        self.frozen = self.clock.start()
        self.addCleanup(self.clock.stop)

    def at(self, day):
        """Go to noon of a day, given as 2026-01-31."""
        self.frozen.move_to(datetime.fromisoformat(f"{day} 11:00:00"))

    def deferring_club(self, company=None, **values):
        company = company or self.company_a
        return self.points_club(
            company=company,
            deferral_from="2026-01-01",
            **{**SETTINGS, **self.books[company], **values},
        )

    def sell(self, euros, day=None, partner=None, **values):
        """Return the invoice of an order that earns a point for each ten euros."""
        if day:
            self.at(day)
        order = self.order(euros / 100, partner=partner, confirm=True, **values)
        return self.invoice(order)

    def redeem(self, club, points, day=None, partner=None):
        if day:
            self.at(day)
        return self.account(club, partner)._post("redeem", -points)

    def close(self, club, day):
        """Close a club's points up to a day, on the morning after."""
        self.at(day)
        club._close_points(datetime.fromisoformat(day).date())
        self.env.invalidate_all()

    def cohort(self, club, month="2026-01"):
        return self.env["dcrm.points.deferral"].search(
            [("club_id", "=", club.id), ("month", "=", f"{month}-01")]
        )

    def owed(self, club, day=None):
        """Return what the liability account of a club says, at the end of a day."""
        domain = [
            ("account_id", "=", club.deferral_account_id.id),
            ("parent_state", "=", "posted"),
        ]
        if day:
            domain.append(("date", "<=", day))
        lines = self.env["account.move.line"].search(domain)
        return round(-sum(lines.mapped("balance")), 2)

    def assertCohort(self, cohort, **values):
        """The cohort stands at these numbers, and the accounts owe its liability."""
        self.assertEqual({name: cohort[name] for name in values}, values)
        self.assertEqual(
            self.owed(cohort.club_id),
            round(sum(cohort.club_id.deferral_ids.mapped("liability")), 2),
        )

    def amounts(self, entry):
        """Return ``{account: balance}`` of an entry."""
        return {
            account: round(sum(lines.mapped("balance")), 2)
            for account, lines in entry.line_ids.grouped("account_id").items()
        }

    @contextmanager
    def as_of(self, day):
        """Yield the rows of the closing report at the end of a day."""
        self.env.flush_all()
        self.env.invalidate_all()
        yield self.env["dcrm.points.closing"].with_context(as_of=day).search([])
