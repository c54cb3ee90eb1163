import re
from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common_danger import DangerCase


@tagged("post_install", "-at_install")
class TestCustomerDangerSpell(DangerCase):
    """A spell in danger is one, whatever becomes of facts and customers; it calls for
    one activity."""

    def test_one_activity_a_spell(self):
        self.buys(120, 100, 80, 60)
        activity = self.activities()
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.activity_type_id, self.kind)
        self.assertEqual(activity.user_id, self.users["seller"])
        # It leads to the page: who edits contacts reads notes, too, and no figures.
        self.assertIn(f"/res.partner/{self.customer.id}/customer-page", activity.note)
        words = html2plaintext(activity.note, include_references=False)
        self.assertFalse(re.findall(r"\d", words))
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
