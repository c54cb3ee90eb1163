from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_score import ScoreCase

WRITTEN = (
    "dcrm_customer_score",
    "dcrm_customer_score_history",
    "dcrm_segment_stay",
    "dcrm_rfm_cut",
    "dcrm_purchase",
    "mail_activity",
)


@tagged("post_install", "-at_install")
class TestScore(ScoreCase):
    """What a refresh does and leaves alone."""

    def customers(self, *amounts, day=None):
        """Return customers with one purchase each."""
        partners = [self.partner() for _amount in amounts]
        day = day or self.days_ago(10)
        self.book([(p, day, a) for p, a in zip(partners, amounts, strict=True)])
        return partners

    # -- what is odd -----------------------------------------------------------------

    def test_no_purchases_at_all(self):
        done = self.scores.refresh(self.company_a)
        self.assertEqual((done["created"], done["entered"]), (0, 0))
        self.assertFalse(self.live())
        self.assertFalse(len(self.scores.refresh(self.company_a, as_of=self.today())))
        # The first customer after that is scored at once.
        [first] = self.customers(100)
        self.refresh()
        self.assertEqual(self.score_of(first).rfm_score, "333")

    def test_where_nothing_was_scored_nothing_is_violated(self):
        self.assertNoViolations()

    def test_one_customer_is_in_the_middle(self):
        [only] = self.customers(100)
        self.refresh()
        score = self.score_of(only)
        self.assertEqual((score.rfm_score, score.value_class), ("333", "a"))
        self.assertEqual(score.segment_id, self.segments["need_attention"])
        self.assertEqual(score.cut_id.recency_cuts, [11, 11, 10, 10])
        self.assertEqual(score.cut_id.frequency_cuts, [0, 0, 1, 1])
        self.assertEqual(score.cut_id.monetary_cuts, [99.99, 99.99, 100, 100])

    def test_equal_customers_get_equal_scores(self):
        partners = self.customers(*[70] * 7)
        self.refresh()
        scores = [self.score_of(partner) for partner in partners]
        self.assertEqual({score.rfm_score for score in scores}, {"333"})
        self.assertEqual({score.value_class for score in scores}, {"a"})
        self.book([(partners[0], self.today(), 70), (partners[1], self.today(), 70)])
        self.refresh(full=True)
        first, second, *others = (self.score_of(partner) for partner in partners)
        self.assertEqual(first.rfm_score, second.rfm_score)
        self.assertEqual(len({score.rfm_score for score in others}), 1)
        self.assertGreater(first.rfm_score, others[0].rfm_score)

    def test_refunds_alone_nothing_and_days_to_come(self):
        refunded, given, future, buyer = (self.partner() for _n in range(4))
        self.book(
            [
                (refunded, self.days_ago(5), -30),
                (given, self.days_ago(5), 0),
                (future, self.days_ago(-5), 30),
                (buyer, self.days_ago(5), 30),
                (buyer, self.days_ago(4), -10),
            ]
        )
        self.refresh()
        for partner, monetary in ((refunded, -30), (given, 0)):
            score = self.score_of(partner)
            self.assertEqual((score.frequency, score.monetary), (0, monetary))
            self.assertFalse(score.last_purchase_date)
            self.assertEqual((score.rfm_score, score.value_class), ("111", "c"))
        self.assertFalse(self.score_of(future))
        score = self.score_of(buyer)
        self.assertEqual((score.frequency, score.monetary), (1, 20))
        self.assertEqual(score.last_purchase_date, self.days_ago(5))

    def test_customer_whose_purchases_are_gone(self):
        kept, gone = self.customers(50, 60)
        self.refresh()
        self.env.cr.execute(
            "DELETE FROM dcrm_purchase WHERE partner_id = %s", [gone.id]
        )
        done = self.scores.refresh(self.company_a)
        self.assertEqual((done["removed"], done["full"]), (1, 0))
        self.assertFalse(self.score_of(gone))
        self.assertTrue(self.score_of(kept))
        stays = self.env["dcrm.segment.stay"].search([("partner_id", "=", gone.id)])
        self.assertEqual(stays.mapped("left_on"), [self.today()])
        self.assertNoViolations()
        # Back again: scored, entered and recorded anew.
        self.book([(gone, self.today(), 60)])
        self.refresh()
        self.assertEqual(self.score_of(gone).frequency, 1)
        self.assertNoViolations()

    def test_deleted_customer(self):
        kept, gone = self.customers(50, 60)
        self.refresh()
        self.env.cr.execute("DELETE FROM res_partner WHERE id = %s", [gone.id])
        self.env.invalidate_all()
        self.refresh()
        self.assertEqual(set(self.live()), {kept.id})
        self.assertNoViolations()

    # -- what did not change -----------------------------------------------------------

    def test_nothing_changed_writes_nothing(self):
        partners = self.customers(10, 20, 30, 40, 50)
        self.book([(partners[0], self.days_ago(2), 10)])
        self.segments["need_attention"].activity_type_id = self.env.ref(
            "mail.mail_activity_data_call"
        )
        self.refresh()
        for full in (False, True):
            before = [self.written(table) for table in WRITTEN]
            done = self.scores.refresh(self.company_a, full=full)
            self.assertEqual(done["full"], int(full))
            self.assertEqual([self.written(table) for table in WRITTEN], before)

    def test_only_what_changed_is_written(self):
        # What they are worth is written by a phase of its own.
        self.company_a.customer_worth = False
        partners = self.customers(*range(10, 60, 10))
        self.refresh()
        self.book([(partners[2], self.today(), 1)])
        before = self.written("dcrm_customer_score")
        done = self.scores.refresh(self.company_a)
        self.assertEqual((done["changed"], done["recorded"], done["full"]), (1, 1, 0))
        self.assertEqual(self.written("dcrm_customer_score"), before + 1)
        self.assertEqual(self.score_of(partners[2]).monetary, 31)

    def test_statements_do_not_grow_with_customers(self):
        self.customers(*range(1, 11))
        counts = []
        for _doubling in range(2):
            self.scores.refresh(self.company_a, full=True)
            for full in (True, False):
                start = self.env.cr.sql_log_count
                self.scores.refresh(self.company_a, full=full)
                counts.append(self.env.cr.sql_log_count - start)
            self.customers(*range(100, 140))
        self.assertEqual(counts[:2], counts[2:])

    def test_a_score_made_in_this_transaction_is_seen(self):
        [partner] = self.customers(100)
        self.assertFalse(partner.with_company(self.company_a).customer_score_id)
        self.scores.refresh(self.company_a)
        seen = partner.with_company(self.company_a)
        self.assertEqual(seen.customer_score_id, self.score_of(partner))
        self.assertEqual(seen.rfm_score, "333")

    # -- days --------------------------------------------------------------------------

    def test_the_day_changes_at_the_companys_midnight(self):
        """10:30 UTC is half past eleven in Brussels and past midnight in Auckland."""
        here, there = self.partner(), self.partner()
        with freeze_time("2024-01-15 10:30:00"):
            self.book([(here, "2024-01-10", 5)])
            self.book([(there, "2024-01-10", 5)], self.company_b)
            self.refresh(*self.companies)
            self.assertEqual(self.score_of(here).recency, 5)
            self.assertEqual(self.score_of(there, self.company_b).recency, 5)
        with freeze_time("2024-01-15 11:30:00"):
            self.env.invalidate_all()
            self.assertEqual(self.score_of(here).recency, 5)
            self.assertEqual(self.score_of(there, self.company_b).recency, 6)
            found = self.scores.search([("recency", "=", 6)])
            self.assertEqual(found.partner_id, there)
            done = [self.scores.refresh(company)["full"] for company in self.companies]
            self.assertEqual(done, [0, 1])
        with freeze_time("2024-01-15 23:30:00"):
            done = [self.scores.refresh(company)["full"] for company in self.companies]
            self.assertEqual(done, [1, 0])

    def test_what_is_dated_today_counts_only_today(self):
        """At 11:30 UTC it is tomorrow in Auckland."""
        partner = self.partner()
        for company in self.companies:
            self.book([(partner, "2024-01-16", 5)], company)
        with freeze_time("2024-01-15 11:30:00"):
            self.refresh(*self.companies)
            self.assertFalse(self.score_of(partner))
            self.assertTrue(self.score_of(partner, self.company_b))
        with freeze_time("2024-01-16 11:30:00"):
            self.refresh(*self.companies)
            self.assertTrue(self.score_of(partner))

    def test_a_window_lets_purchases_go(self):
        self.scheme.window_days = 30
        [partner, other] = self.customers(100, 50, day=self.days_ago(29))
        self.book([(other, self.today(), 1)])
        self.refresh()
        self.assertEqual(self.score_of(partner).frequency, 1)
        tomorrow = self.today() + timedelta(1)
        with freeze_time(self.instant(tomorrow)):
            done = self.scores.refresh(self.company_a)
            self.assertTrue(done["full"])
            score = self.score_of(partner)
            self.assertEqual((score.frequency, score.monetary), (0, 0))
            self.assertEqual(score.recency, 30)
            self.assertEqual(score.rfm_score, "111")
            self.assertEqual(score.scored_on, tomorrow)
            self.assertNoViolations()

    # -- days since --------------------------------------------------------------------

    def test_recency_is_searched_sorted_and_grouped(self):
        partners = [self.partner() for _n in range(4)]
        ages = (3, 7, 7, 20)
        self.book(
            [(p, self.days_ago(a), 10) for p, a in zip(partners, ages, strict=True)]
        )
        refunded = self.partner()
        self.book([(refunded, self.days_ago(1), -10)])
        self.refresh()
        mine = [("company_id", "=", self.company_a.id)]

        def found(operator, value):
            scores = self.scores.search([*mine, ("recency", operator, value)])
            return sorted(scores.mapped("recency"))

        self.assertEqual(found("<", 7), [3])
        self.assertEqual(found("<=", 7), [3, 7, 7])
        self.assertEqual(found(">", 7), [20])
        self.assertEqual(found(">=", 7), [7, 7, 20])
        self.assertEqual(found("=", 7), [7, 7])
        self.assertEqual(found("in", [3, 20]), [3, 20])
        bought = [*mine, ("last_purchase_date", "!=", False)]
        for order, wanted in (
            ("recency", [3, 7, 7, 20]),
            ("recency desc", [20, 7, 7, 3]),
        ):
            scores = self.scores.search(bought, order=order)
            self.assertEqual(scores.mapped("recency"), wanted)
        self.assertEqual(
            self.scores._read_group(bought, ["recency"], ["__count"]),
            [(3, 1), (7, 2), (20, 1)],
        )
        [[average]] = self.scores._read_group(bought, [], ["recency:avg"])
        self.assertAlmostEqual(average, 37 / 4)

    # -- companies and rights ----------------------------------------------------------

    def test_two_companies(self):
        shared, own = self.partner(), self.partner()
        self.book([(shared, self.days_ago(5), 100), (own, self.days_ago(5), 100)])
        self.book([(shared, self.days_ago(5, self.company_b), 9000)], self.company_b)
        manager = self.env_as("manager_ab", *self.companies)
        manager["dcrm.customer.score"].refresh()
        self.assertEqual(self.score_of(shared).monetary, 100)
        self.assertEqual(self.score_of(shared, self.company_b).monetary, 9000)
        self.assertFalse(self.score_of(own, self.company_b))
        frame = manager["dcrm.customer.score"].refresh(as_of=self.days_ago(1))
        self.assertEqual(len(frame), 3)
        self.assertEqual(set(frame["company_id"]), set(self.companies.ids))
        # What one company changes leaves the other's scores alone.
        self.book([(shared, self.today(), 1)])
        before = self.score_of(shared, self.company_b).read()
        self.refresh()
        self.assertEqual(self.score_of(shared, self.company_b).read(), before)
        self.assertNoViolations()

    def test_only_analysts_refresh_and_nothing_is_read_before(self):
        for role in ("seller", "seller_all", "nobody", "portal"):
            scores = self.env_as(role)["dcrm.customer.score"]
            for call in (scores.refresh, scores.replay):
                read = self.tables_read()
                with self.assertRaises(AccessError, msg=role):
                    call()
                self.assertEqual(self.tables_read(), read)
            with self.assertRaises(AccessError):
                scores.refresh(as_of=self.today())
        for role in ("analyst", "manager"):
            self.env_as(role)["dcrm.customer.score"].refresh()

    def test_only_companies_one_works_in(self):
        scores = self.env_as("analyst")["dcrm.customer.score"]
        with self.assertRaises(AccessError):
            scores.refresh(self.company_b)
        with self.assertRaises(AccessError):
            scores.replay(self.company_b.id, self.today())
        with self.assertRaises(AccessError):
            scores.rfm_grid(company_id=self.company_b.id)
        manager = self.env_as("manager_ab", self.company_a)["dcrm.customer.score"]
        with self.assertRaises(AccessError):
            manager.refresh(self.company_b)

    def test_of_no_company(self):
        for nothing in ([], self.env["res.company"]):
            for call in (self.scores.refresh, self.scores.replay):
                with self.assertRaises(UserError):
                    call(nothing)

    def test_a_cell_of_no_day_is_of_today(self):
        [only] = self.customers(100)
        self.refresh()
        company_id = self.company_a.id
        found = self.scores.rfm_cell_customers(3, 3, company_id=company_id)
        self.assertEqual(found, only.ids)

    def test_a_day_to_come(self):
        for call in (self.scores.refresh, self.scores.replay):
            with self.assertRaises(UserError):
                call(self.company_a, as_of=self.days_ago(-1))
        with self.assertRaises(UserError):
            self.scores.rfm_grid(as_of=self.days_ago(-2))

    def test_schemes_that_go_leave_their_customers_to_the_general_one(self):
        industry = self.env["res.partner.industry"].create({"name": "Bakeries"})
        values = {"name": "Bakeries", "industry_id": industry.id}
        for end in (lambda scheme: scheme.action_archive(), lambda s: s.unlink()):
            scheme = self.env["dcrm.rfm.scheme"].create(values)
            [customer] = self.customers(100)
            customer.industry_id = industry
            self.refresh()
            self.assertEqual(self.score_of(customer).scheme_id, scheme)
            end(scheme)
            self.refresh()
            self.assertEqual(self.score_of(customer).scheme_id, self.scheme)
            self.assertNoViolations()

    def test_no_scheme(self):
        # No scheme goes like this any more; some may be gone already.
        self.env.cr.execute("UPDATE dcrm_rfm_scheme SET active = FALSE")
        self.env.invalidate_all()
        with self.assertRaises(UserError) as caught:
            self.scores.refresh(self.company_a)
        self.assertIn("Company A", str(caught.exception))
