from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, format_date

from ..queries import rhythm, worth
from .common_score import ScoreCase


@tagged("post_install", "-at_install")
class TestCustomerDanger(ScoreCase):
    """Who is silent for too many of its own gaps is in danger: once a spell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env.ref("mail.mail_activity_data_call")
        cls.company_a.danger_activity_type_id = cls.kind
        cls.customer = cls.env["res.partner"].create(
            {"name": "Baker", "user_id": cls.users["seller"].id}
        )

    def buys(self, *ago, partner=None, company=None):
        """Have a customer buy so many days ago, and refresh."""
        partner = partner or self.customer
        day = [self.days_ago(days, company) for days in ago]
        self.book([(partner, each, 10) for each in day], company)
        self.refresh(company or self.company_a)

    def spells(self, partner=None):
        return self.env["dcrm.customer.danger"].search(
            [("partner_id", "=", (partner or self.customer).id)], order="entered_on"
        )

    def activities(self, partner=None):
        partner = partner or self.customer
        return self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", partner.id)]
        )

    def test_by_its_own_gap(self):
        other = self.partner()
        self.buys(120, 100, 80, 60)
        self.buys(300, 200, 100, 60, partner=other)
        score = self.score_of(self.customer)
        self.assertEqual(score.purchase_gap, 20)
        self.assertEqual(score.purchase_due_date, self.days_ago(40))
        self.assertEqual(score.danger_since, self.days_ago(20))
        self.assertEqual(score.overdue_gaps, 3)
        self.assertEqual(self.customer.customer_danger_since, self.days_ago(20))
        self.assertEqual(self.score_of(other).purchase_gap, 100)
        self.assertFalse(self.score_of(other).danger_since)
        self.assertFalse(self.spells(other))
        self.assertNoViolations()

    def test_without_a_rhythm(self):
        self.buys(300, 280)
        score = self.score_of(self.customer)
        self.assertFalse(score.purchase_gap)
        self.assertFalse(score.purchase_due_date)
        self.assertEqual(score.overdue_gaps, 0)
        self.assertFalse(score.danger_since)
        # Two purchases of one day are one day; credit notes are none.
        self.book([(self.customer, self.days_ago(280), 5)])
        self.book([(self.customer, self.days_ago(1), -5)])
        self.refresh()
        self.assertFalse(self.score_of(self.customer).purchase_gap)

    def test_gaps_silent_are_searched_sorted_and_averaged(self):
        other, third = self.partner(), self.partner()
        self.buys(120, 100, 80, 60)
        self.buys(140, 100, 60, partner=other)
        self.buys(5, partner=third)
        scores = self.scores.search([("company_id", "=", self.company_a.id)])
        found = self.scores.search([*self.own, ("overdue_gaps", ">", 2)])
        self.assertEqual(found.partner_id, self.customer)
        found = self.scores.search([*self.own, ("overdue_gaps", "<=", 1.5)])
        self.assertEqual(found.partner_id, other)
        for order, wanted in (
            ("overdue_gaps", [other, self.customer, third]),
            ("overdue_gaps desc", [self.customer, other, third]),
        ):
            ordered = self.scores.search(self.own, order=order)
            self.assertEqual(list(ordered.partner_id), wanted)
        self.assertEqual(len(scores), 3)
        [[average]] = self.scores._read_group(self.own, [], ["overdue_gaps:avg"])
        self.assertEqual(average, 2.25)

    @property
    def own(self):
        return [("company_id", "=", self.company_a.id)]

    def test_one_activity_a_spell(self):
        self.buys(120, 100, 80, 60)
        activity = self.activities()
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.activity_type_id, self.kind)
        self.assertEqual(activity.user_id, self.users["seller"])
        self.assertIn("every 20 days", activity.note)
        self.assertIn("silent for 60 days", activity.note)
        # However often it is refreshed, and though it was done.
        activity.action_feedback(feedback="Called")
        self.refresh(full=True)
        with freeze_time(self.instant(self.today() + timedelta(3))):
            self.refresh()
        self.assertFalse(self.activities())
        self.assertEqual(len(self.spells()), 1)
        # Buying ends it; the next silence is another.
        self.buys(0)
        [spell] = self.spells()
        self.assertEqual((spell.left_on, spell.outcome), (self.today(), "bought"))
        self.assertFalse(self.score_of(self.customer).danger_since)
        with freeze_time(self.instant(self.today() + timedelta(50))):
            self.refresh()
            self.assertEqual(len(self.activities()), 1)
            self.assertEqual(len(self.spells()), 2)
            self.assertNoViolations()

    def test_the_day_alone_puts_in_danger_and_loses(self):
        self.buys(69, 49, 29)
        self.assertFalse(self.spells())
        with freeze_time(self.instant(self.today() + timedelta(10))):
            self.refresh()
            self.assertFalse(self.spells())
        with freeze_time(self.instant(self.today() + timedelta(11))):
            self.refresh()
            self.assertEqual(self.spells().entered_on, self.today())
            self.assertEqual(len(self.activities()), 1)
        with freeze_time(self.instant(self.today() + timedelta(336))):
            self.refresh()
            [spell] = self.spells()
            self.assertEqual((spell.left_on, spell.outcome), (self.today(), "lost"))
            score = self.score_of(self.customer)
            self.assertFalse(score.danger_since)
            self.assertEqual(score.lifecycle, "lost")
            self.assertNoViolations()

    def test_a_weekend_is_no_danger(self):
        """Who buys daily is in danger after two weeks, not after two days."""
        self.buys(*range(3, 15))
        score = self.score_of(self.customer)
        self.assertEqual((score.purchase_gap, score.overdue_gaps), (1, 3))
        self.assertFalse(score.danger_since)
        text = " ".join(score.explain()["rhythm"]["sentences"])
        day = format_date(self.env, self.days_ago(-11))
        self.assertIn(f"In danger from {day} on, unless it buys before.", text)
        self.assertIn("2 of its usual gaps, and of 14 days at least", text)
        for days, since in ((10, None), (11, self.days_ago(-11))):
            with freeze_time(self.instant(self.today() + timedelta(days))):
                self.refresh()
                self.assertEqual(score.danger_since or None, since)
                self.assertNoViolations()
        self.company_a.danger_min_silence_days = 2
        self.refresh()
        self.assertEqual(score.danger_since, self.days_ago(1))
        # Silences of the past are measured alike.
        self.company_a.danger_min_silence_days = 14
        self.buys(1)
        self.assertFalse(self.spells())

    def test_the_rhythm_is_of_late(self):
        """Who once bought daily, and since monthly, is a monthly customer."""
        monthly = range(760, 30, -30)
        self.buys(*range(860, 760, -1), *monthly)
        score = self.score_of(self.customer)
        self.assertEqual((score.purchase_gap, score.overdue_gaps), (30, 4 / 3))
        self.assertFalse(score.danger_since)

    def test_no_median_is_of_more_than_the_latest_gaps(self):
        """Not even of a till's customer that stands for all who pass by, or of a
        distributor: one of all gaps at each of them would be their number squared.
        """
        self.company_a.danger_min_silence_days = 0
        for partner, step, count in (
            (self.customer, 1, 8000),
            (self.partner(), 4, 1000),
        ):
            # Five purchases, and a longer silence.
            self.book(
                [
                    (partner, self.days_ago(step * (ago + ago // 5 * 2)), 10)
                    for ago in range(count)
                ]
            )
        self.refresh()
        rules = self.company_a._worth_rules()
        self.env.cr.execute(worth.begin())
        self.env.cr.execute(worth.gather(rules, None))
        self.env.cr.execute("SELECT count(*) FROM dcrm_worth_danger")
        [dangers] = self.env.cr.fetchone()
        self.assertGreater(dangers, 1500)
        steps = self.steps(rhythm.silences(rules, worth.DAY))
        read = sum(step["Actual Rows"] * step["Actual Loops"] for step in steps)
        # Each day is read and sorted a few times, and its latest gaps at most twice.
        self.assertLess(read, 9000 * (5 + 2 * rules.latest))

    def steps(self, query):
        """Return the steps of the plan of a query, with what each of them did."""
        self.env.cr.execute(SQL("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) %s", query))
        [[[explained]]] = self.env.cr.fetchall()
        found = [explained["Plan"]]
        for step in found:
            found.extend(step.get("Plans", []))
        return found

    def test_the_day_of_danger_comes_as_foretold(self):
        self.buys(69, 49, 29)
        score = self.score_of(self.customer)
        day = score._danger_on()
        self.assertEqual(day, self.days_ago(-11))
        with freeze_time(self.instant(day)):
            self.refresh()
            self.assertEqual(score.danger_since, day)
            self.assertIsNone(score._danger_on())
        # Whoever is lost first does not get in danger.
        self.company_a.lost_after_days = 40
        self.refresh()
        self.assertIsNone(score._danger_on())

    def test_an_incremental_refresh_reads_few(self):
        partners = [self.partner() for _number in range(5)]
        for partner in partners:
            self.buys(120, 100, 80, 60, partner=partner)
        before = self.written("dcrm_customer_danger")
        self.book([(partners[0], self.days_ago(1), 10)])
        self.refresh()
        self.assertEqual(self.written("dcrm_customer_danger"), before + 1)

    def test_past_spells_call_for_nothing(self):
        self.buys(120, 100, 80, 20, 1)
        [spell] = self.spells()
        self.assertEqual(spell.outcome, "bought")
        self.assertFalse(spell.treatment_due)
        self.assertFalse(self.activities())

    def test_who_gets_in_danger_before_there_is_an_activity_gets_none(self):
        self.company_a.danger_activity_type_id = False
        self.buys(120, 100, 80, 60)
        self.company_a.danger_activity_type_id = self.kind
        self.refresh(full=True)
        self.assertFalse(self.activities())

    def test_for_nobody(self):
        self.customer.user_id = False
        self.book([(self.customer, self.days_ago(ago), 10) for ago in (80, 70, 60)])
        done = self.scores.refresh(self.company_a)
        self.assertEqual((done["treated"], done["untreated"]), (0, 1))
        run = self.env["dcrm.run"]._start("refresh", self.company_a)
        run._refresh_treat()
        self.assertIn("in danger have no salesperson", run.result)
        # A seller comes in time, and is told.
        self.customer.user_id = self.users["seller"]
        self.refresh()
        self.assertEqual(self.activities().user_id, self.users["seller"])

    def test_corrected_facts_correct_the_spell_and_call_for_nothing_new(self):
        self.buys(120, 100, 80, 60)
        first = self.spells()
        # An earlier purchase that was missing changes the gap: 10 days.
        self.buys(110, 90, 70)
        self.assertEqual(self.spells(), first)
        self.assertEqual(first.entered_on, self.days_ago(40))
        self.assertEqual(len(self.activities()), 1)
        # The last purchase turns out to be of another day.
        self.env.cr.execute(
            "UPDATE dcrm_purchase SET date = date - 1 WHERE date = %s",
            [self.days_ago(60)],
        )
        self.refresh()
        self.assertEqual(self.spells(), first)
        self.assertEqual(first.silent_since, self.days_ago(61))
        self.assertEqual(len(self.activities()), 1)
        # It never bought at all.
        self.env.cr.execute(
            "DELETE FROM dcrm_purchase WHERE partner_id = %s", [self.customer.id]
        )
        self.refresh()
        self.assertFalse(self.spells())
        self.assertNoViolations()

    def test_a_purchase_that_is_taken_back_reopens_the_spell(self):
        self.buys(120, 100, 80, 60)
        order = self.order(self.customer, 50)
        self.refresh()
        self.assertEqual(self.spells().outcome, "bought")
        order._action_cancel()
        self.refresh()
        [spell] = self.spells()
        self.assertFalse(spell.left_on)
        self.assertFalse(spell.outcome)
        self.assertEqual(len(self.activities()), 1)
        self.assertNoViolations()

    def test_merged_customers_are_in_danger_once(self):
        gone = self.partner(seller="seller")
        self.buys(120, 100, 80, 60)
        self.company_a.danger_activity_type_id = False
        self.buys(120, 100, 80, 60, partner=gone)
        self.buys(600, 595, 590, 400, partner=gone)
        self.company_a.danger_activity_type_id = self.kind
        self.assertEqual(len(self.activities()), 1)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [gone.id, self.customer.id], self.customer
        )
        self.assertEqual(len(self.spells().mapped("silent_since")), len(self.spells()))
        self.refresh()
        self.assertEqual(len(self.spells().filtered(lambda s: not s.left_on)), 1)
        self.assertEqual(len(self.activities()), 1)
        self.assertNoViolations()

    def test_the_activity_of_a_merged_spell_that_goes_is_not_made_again(self):
        gone = self.partner(seller="seller")
        self.buys(120, 100, 80, 60, partner=gone)
        self.company_a.danger_activity_type_id = False
        self.buys(100, 85, 70, 55)
        self.company_a.danger_activity_type_id = self.kind
        self.assertEqual(len(self.activities(gone)), 1)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [gone.id, self.customer.id], self.customer
        )
        self.refresh()
        [spell] = self.spells().filtered(lambda spell: not spell.left_on)
        self.assertEqual(spell.silent_since, self.days_ago(55))
        self.assertTrue(spell.treated_on)
        self.assertEqual(len(self.activities()), 1)
        self.assertNoViolations()

    def test_archived_customers_call_for_nothing(self):
        self.customer.active = False
        self.buys(120, 100, 80, 60)
        self.assertTrue(self.score_of(self.customer).danger_since)
        self.assertFalse(self.activities())

    def test_each_company_by_its_own_day_and_books(self):
        # At this instant it is the 20th in Brussels, and the 21st in Auckland.
        with freeze_time(datetime(2024, 3, 20, 18)):
            self.assertEqual(self.today(self.company_b), date(2024, 3, 21))
            bought = [date(2024, 2, day) for day in (10, 20)] + [date(2024, 3, 1)]
            for company in self.companies:
                self.book([(self.customer, day, 10) for day in bought], company)
            # Twice ten days after the 1st is the 21st.
            self.refresh(*self.companies)
            self.assertFalse(self.score_of(self.customer).danger_since)
            there = self.score_of(self.customer, self.company_b)
            self.assertEqual(there.danger_since, date(2024, 3, 21))
            self.book([(self.customer, date(2024, 3, 20), 10)])
            self.refresh(*self.companies)
            self.assertTrue(there.danger_since)
            self.assertEqual(self.spells().company_id, self.company_b)
            self.assertNoViolations()

    def test_rules_change_all(self):
        self.buys(120, 100, 80, 60)
        self.company_a.danger_after_gaps = 3.5
        self.refresh()
        self.assertFalse(self.spells())
        self.assertFalse(self.score_of(self.customer).danger_since)
        self.company_a.danger_after_gaps = 2.5
        self.refresh()
        self.assertEqual(self.spells().entered_on, self.days_ago(10))
        self.company_a.danger_min_days = 5
        self.refresh()
        self.assertFalse(self.score_of(self.customer).purchase_gap)
        for name in ("danger_after_gaps", "danger_min_days", "lost_after_days"):
            with self.assertRaises(ValidationError):
                self.company_a[name] = 0
        with self.assertRaises(ValidationError):
            self.company_a.danger_min_silence_days = -1

    def test_switched_off_and_on_again(self):
        self.company_a.customer_worth = False
        self.buys(120, 100, 80, 60)
        self.assertFalse(self.score_of(self.customer).lifecycle)
        self.env.cr.execute("SELECT count(*) FROM dcrm_worth_change")
        self.assertEqual(self.env.cr.fetchone(), (0,))
        self.assertNoViolations()
        self.company_a.customer_worth = True
        self.refresh()
        self.assertTrue(self.score_of(self.customer).danger_since)
        self.company_a.customer_worth = False
        self.buys(0)
        self.company_a.customer_worth = True
        self.refresh()
        self.assertFalse(self.score_of(self.customer).danger_since)
        self.assertNoViolations()

    def test_told_in_words(self):
        self.buys(120, 100, 80, 60)
        rhythm = self.score_of(self.customer).explain()["rhythm"]
        self.assertEqual(rhythm["tone"], "danger")
        text = " ".join(rhythm["sentences"])
        self.assertIn("silent for 3.0 of its usual gaps", text)
        self.assertIn("every 20 days", text)
        self.assertIn("Retained since", text)
        once = self.partner()
        self.buys(3, partner=once)
        text = " ".join(self.score_of(once).explain()["rhythm"]["sentences"])
        self.assertIn("it takes 3 days", text)


@tagged("post_install", "-at_install")
class TestDangerByValue(ScoreCase):
    """The matrix of silence by value counts each customer once, and leads to it."""

    def test_matrix(self):
        silences = {
            "steady": (25, 15, 5),
            "overdue": (45, 30, 15, 1),
            "danger": (90, 80, 70),
            "lost": (700, 690, 680),
            "unknown": (3,),
        }
        silences["overdue"] = (60, 40, 21)
        partners = {}
        for number, (name, ago) in enumerate(silences.items()):
            partners[name] = self.partner(name, seller="seller")
            self.book(
                [
                    (partners[name], self.days_ago(days), 10 ** (number + 1))
                    for days in ago
                ]
            )
        refunded = self.partner("refunded", seller="other_seller")
        self.book([(refunded, self.days_ago(3), -10)])
        self.refresh()
        matrix = self.scores.danger_by_value({"company_id": self.company_a.id})
        self.assertEqual(
            [row["key"] for row in matrix["rows"]],
            ["steady", "overdue", "danger", "lost", "unknown"],
        )
        found = {}
        for cell in matrix["cells"]:
            scores = self.scores.search(cell["domain"])
            self.assertEqual(len(scores), cell["customers"])
            self.assertEqual(sum(scores.mapped("monetary")), cell["amount"])
            self.assertEqual(set(scores.mapped("value_class")), {cell["column"]})
            found.setdefault(cell["row"], self.env["res.partner"])
            found[cell["row"]] |= scores.partner_id
        partners["unknown"] |= refunded
        self.assertEqual(found, partners)
        mine = self.scores.with_env(self.env_as("other_seller")).danger_by_value()
        self.assertEqual([cell["customers"] for cell in mine["cells"]], [1])
        filtered = self.scores.danger_by_value(
            {"company_id": self.company_a.id, "user_id": self.users["seller"].id}
        )
        self.assertEqual(sum(cell["customers"] for cell in filtered["cells"]), 5)
