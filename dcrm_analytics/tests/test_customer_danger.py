from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, format_date

from ..queries import rhythm, worth
from .common_danger import DangerCase


@tagged("post_install", "-at_install")
class TestCustomerDanger(DangerCase):
    """Who is silent for too many of its own gaps is in danger: once a spell."""

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
