"""What nobody should ask, or enter: refused in words, and nothing half-written."""

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from ..compute import lifecycle, rhythm
from .common_access import AccessCase

NO_DAYS = ("soon", "2020-02-31", "'; --", 5, True, ["2020-01-01"], {"a": 1})
FAR_DAYS = ("0001-01-01", "9999-12-31")
NO_IDS = (
    "x'; DROP TABLE res_users --",
    [1],
    {"a": 1},
    True,
    1.5,
    -1,
    2**31,
    float("nan"),
)


class TestBadFilters(AccessCase):
    """Filters, days and contexts come from outside."""

    def methods(self):
        """Return every method that takes filters, as a seller calls it."""
        env = self.env_as("seller")
        scores = env["dcrm.customer.score"]
        return [
            scores.danger_by_value,
            scores.lost_matrix,
            scores.invest_matrix,
            env["dcrm.cohort"].table,
            env["dcrm.customer.lifecycle"].flows,
            env["dcrm.customer.profit"].concentration,
            env["dcrm.dashboard"].sections,
            env["dcrm.receivable"].ageing,
            env["dcrm.scorecard"].figures,
            env["dcrm.segment.stay"].flows,
            env["dcrm.segment.stay"].flow_screen,
        ]

    def assertRefused(self, filters):
        for method in self.methods():
            with self.subTest(f"{method.__self__._name}.{method.__name__} {filters}"):
                with self.assertRaises(UserError):
                    method(filters)

    def test_no_days(self):
        for day in (*NO_DAYS, *FAR_DAYS):
            self.assertRefused({"date_from": day})
            self.assertRefused({"date_to": day})

    def test_no_ids(self):
        for value in NO_IDS:
            for name in ("company_id", "user_id", "industry_id"):
                self.assertRefused({name: value})

    def test_no_period(self):
        self.assertRefused({"date_from": "2024-05-05", "date_to": "2024-05-04"})

    def test_no_filters(self):
        for filters in ("all", ["all"], 5):
            self.assertRefused(filters)

    def test_nothing_asked_for(self):
        """Empty filters are those of everything."""
        nothing = dict.fromkeys(
            ("company_id", "date_from", "date_to", "user_id", "industry_id"), False
        )
        for method in self.methods():
            with self.subTest(f"{method.__self__._name}.{method.__name__}"):
                self.assertEqual(method(nothing), method())
                self.assertEqual(method({}), method(None))

    def test_days_that_a_grid_and_receivables_are_as_of(self):
        env = self.env_as("seller")
        items = env["dcrm.receivable"]
        own = self.customers["own"].ids
        for day in (*NO_DAYS, *FAR_DAYS):
            dated = items.with_context(as_of=day)
            for call in (
                lambda day=day: items.ageing({}, day),
                lambda day=day: items.days_late(own, day),
                lambda day=day: env["dcrm.customer.score"].rfm_grid([], day),
                lambda dated=dated: dated.search([]),
                lambda dated=dated: dated.formatted_read_group(
                    [], ["bucket"], ["residual:sum"]
                ),
            ):
                with self.subTest(day), self.assertRaises(UserError):
                    call()

    def test_a_baseline_says_only_when(self):
        """The period to compare with is of the same customers and company."""
        scorecard = self.env_as("manager_ab")["dcrm.scorecard"]
        before = {"date_from": "2020-01-01", "date_to": "2020-12-31"}
        there = {**before, "company_id": self.company_b.id}
        self.assertEqual(scorecard.figures({}, there), scorecard.figures({}, before))


class TestBadArguments(AccessCase):
    """What is no record, day, step, class or domain is refused in a sentence."""

    def assertRefused(self, calls, error=UserError):
        for method, *arguments in calls:
            with self.subTest(f"{method.__self__._name}.{method.__name__} {arguments}"):
                with self.assertRaises(error), self.env.cr.savepoint():
                    method(*arguments)

    def test_no_records_or_days(self):
        env = self.env_as("manager_ab")
        scores, profits = env["dcrm.customer.score"], env["dcrm.customer.profit"]
        page, late = env["dcrm.customer.page"].page, env["dcrm.receivable"].days_late
        preview = env["dcrm.segment.rule"].preview
        scheme = env["dcrm.rfm.scheme"].search([], limit=1)
        self.assertRefused(
            [
                *((page, value) for value in ("x", None, [1], True, {})),
                *((late, value) for value in ("x", -1, True, [None], {})),
                *(
                    (method, company)
                    for method in (
                        scores.refresh,
                        scores.replay,
                        scores.replay_worth,
                        profits.statement,
                        profits.reconcile,
                    )
                    for company in (True, 1e308, "x")
                ),
                *(
                    (method, None, day)
                    for method in (scores.refresh, scores.replay, scores.replay_worth)
                    for day in ("x", -1, "2026-13-45")
                ),
                *((scores.rfm_segment_customers, value) for value in (True, {}, "x")),
                *((preview, {}, value) for value in (True, 1e308, "x")),
                *((scheme.write_grid, value) for value in ("x", None, [1], [{}])),
            ]
        )

    def test_no_steps_or_classes(self):
        env = self.env_as("seller")
        table = env["dcrm.cohort"].table
        cell = env["dcrm.customer.score"].rfm_cell_customers
        self.assertRefused(
            [
                *((table, {}, step) for step in ([], None, {})),
                *((cell, *pair) for pair in (("x", 1), (1, None), (True, 1))),
            ],
            ValueError,
        )

    def test_no_domains(self):
        env = self.env_as("seller")
        scores = env["dcrm.customer.score"]
        asked = [("no_field", "=", 1)], [("user_id", "is", 1)], [("user_id.x", "=", 1)]
        for domain in ("x", 5, None, [1], ["&"], {"a": 1}, *asked):
            self.assertRefused(
                [
                    (env["dcrm.cohort"].table, {}, "month", domain),
                    (scores.lost_matrix, {}, domain),
                    (scores.invest_matrix, {}, domain),
                    (scores.rfm_grid, domain),
                ]
            )

    def test_access_first(self):
        env = self.env_as("portal")
        self.assertRefused(
            [
                (env["dcrm.cohort"].table, {}, []),
                (env["dcrm.customer.page"].page, "x"),
            ],
            AccessError,
        )


class TestBadEntries(AccessCase):
    """Settings and entries."""

    def test_limits_of_rules(self):
        nan, infinite = float("nan"), float("inf")
        for name, values in {
            "danger_after_gaps": (0, -1, 0.5, 1e300, nan, infinite),
            "danger_min_silence_days": (-1, 2**31 - 1),
            "danger_min_days": (0, 1, -1, 2**31 - 1),
            "lost_after_days": (0, -1, 2**31 - 1),
            "loyal_after_days": (-1, 2**31 - 1),
            "loyal_from_share": (-1, 101, nan, infinite),
            "late_payment_rate": (-1, 1e300),
            "value_class_share_a": (0, -1, 96, 101, nan),
            "value_class_share_b": (79, 101, nan),
        }.items():
            before = self.company_a[name]
            for value in values:
                with self.subTest(f"{name} {value}"):
                    with self.assertRaises(ValidationError):
                        self.company_a[name] = value
                    self.env.invalidate_all()
                    self.assertEqual(self.company_a[name], before)

    def test_day_of_scores(self):
        for day in FAR_DAYS:
            with self.subTest(day), self.assertRaises(UserError):
                self.company_a.customer_scoring_today = day

    def test_a_refresh_survives_every_limit(self):
        company = self.company_a
        for values in (
            {"danger_after_gaps": 1000, "danger_min_days": 2},
            {"danger_min_silence_days": 36_500, "lost_after_days": 36_500},
            {"danger_after_gaps": 1, "lost_after_days": 1, "loyal_after_days": 0},
            {"late_payment_rate": 1000, "loyal_from_share": 100},
            {"customer_scoring_today": "2200-12-31"},
            {"customer_scoring_today": "1900-01-01"},
        ):
            with self.subTest(values):
                company.write(values)
                self.book_gaps()
                self.refresh(company, full=True)
                self.assertScored(self.customers["own"])
                self.assertNoViolations()

    def assertScored(self, customer):
        """A score in company A says what its purchases and the settings of now do."""
        company, score = self.company_a, self.score_of(customer)
        as_of = company._customer_scoring_today()
        dates = self.env["dcrm.purchase"].search([("partner_id", "=", customer.id)])
        days = sorted({day for day in dates.mapped("date") if day <= as_of})
        self.assertEqual(bool(score), bool(days))
        if not days:
            return
        least, lost_after = company.danger_min_days, company.lost_after_days
        dangers = rhythm.dangers(
            days,
            as_of,
            company.danger_after_gaps,
            least,
            lost_after,
            company.danger_min_silence_days,
        )
        since = [spell.entered_on for spell in dangers if not spell.left_on]
        [*_before, stay] = lifecycle.spells(days, as_of, lost_after)
        self.assertEqual(score.last_purchase_date, days[-1])
        self.assertEqual(score.purchase_gap, rhythm.usual_gap(days, least))
        self.assertEqual([score.danger_since] if score.danger_since else [], since)
        self.assertEqual(score.lifecycle, stay.state)

    def book_gaps(self):
        for days in (40, 90, 400):
            self.purchase(self.customers["own"], 50, self.days_ago(days))

    def spend(self, **values):
        entry = {
            "partner_id": self.customers["own"].id,
            "category_id": self.product.categ_id.id,
            "amount": 500,
            **values,
        }
        return self.env_as("seller")["dcrm.customer.spend"].create(entry)

    @mute_logger("odoo.sql_db")
    def test_spends(self):
        before = self.spend().search_count([])
        for amount in (0, -1):
            with self.subTest(amount), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self.spend(amount=amount)
        tomorrow = self.today() + timedelta(1)
        unknown = self.env["res.currency"].create({"name": "XQX", "symbol": "X"})
        for values in ({"date": tomorrow}, {"currency_id": unknown.id}):
            with self.subTest(values), self.assertRaises(ValidationError):
                with self.env.cr.savepoint():
                    self.spend(**values)
        self.assertEqual(self.spend().search_count([]), before + 1)

    def test_spends_entered_twice(self):
        """The later entry counts, of the same day the one entered last."""
        score = self.score_of(self.customers["own"])
        bought = score.share_of_wallet * 300
        self.spend(amount=1000)
        self.spend(amount=2000)
        self.assertAlmostEqual(score.share_of_wallet, bought / 2000)

    def test_spend_of_another_sellers_customer(self):
        """Neither entered, nor moved there, nor by a contact of one's own."""
        other = self.customers["other"]
        share = self.score_of(other).share_of_wallet
        contact = self.partner(parent_id=other.id)
        contact.user_id = self.users["seller"]
        spend = self.spend()
        for call in (
            lambda: self.spend(partner_id=other.id),
            lambda: self.spend(partner_id=contact.id),
            lambda: spend.write({"partner_id": other.id}),
            lambda: spend.write({"partner_id": contact.id}),
            lambda: spend.write({"company_id": self.company_b.id}),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                call()
            self.env.invalidate_all()
        self.assertEqual(spend.partner_id.id, self.customers["own"].id)
        self.assertEqual(self.score_of(other).share_of_wallet, share)

    def test_spend_of_a_contact_is_its_customers(self):
        contact = self.partner(parent_id=self.customers["own"].id)
        self.assertEqual(
            self.spend(partner_id=contact.id).partner_id.id, self.customers["own"].id
        )
