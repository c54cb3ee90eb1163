from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common_segment import SegmentCase


@tagged("post_install", "-at_install")
class TestScoreTreatment(SegmentCase):
    """Entering a segment with a treatment makes exactly one activity."""

    OPEN = [("left_on", "=", False)]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env.ref("mail.mail_activity_data_call")
        cls.good.write({"activity_type_id": cls.kind.id, "treatment": "Thank them."})
        cls.customer = cls.env["res.partner"].create(
            {"name": "Customer", "user_id": cls.users["seller"].id}
        )

    def buy(self, amount, partner=None):
        self.book([(partner or self.customer, self.days_ago(1), amount)])
        done = self.scores.refresh(self.company_a)
        return done["treated"], done["untreated"]

    def activities(self, partner=None):
        partner = partner or self.customer
        return self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", partner.id)]
        )

    def stays(self):
        return self.env["dcrm.segment.stay"].search(
            [("partner_id", "=", self.customer.id)], order="id"
        )

    def test_one_activity_an_entry(self):
        self.assertEqual(self.buy(50), (0, 0))
        self.assertFalse(self.activities())
        self.assertEqual(self.buy(100), (1, 0))
        activity = self.activities()
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.activity_type_id, self.kind)
        self.assertEqual(activity.user_id, self.users["seller"])
        self.assertIn("Thank them.", activity.note)
        # Refreshing again, changed or not, full or not, makes none.
        self.assertEqual(self.buy(10), (0, 0))
        self.refresh(full=True)
        with freeze_time(self.instant(self.today() + timedelta(1))):
            self.refresh()
        self.assertEqual(self.activities(), activity)
        # Leaving and coming back is another entry.
        self.buy(-100)
        self.assertEqual(self.score_of(self.customer).segment_id, self.bad)
        self.assertEqual(self.buy(100), (1, 0))
        self.assertEqual(len(self.activities()), 2)
        self.assertEqual(
            [stay.segment_id.code for stay in self.stays()], ["lost", "champion"] * 2
        )
        self.assertEqual(
            [bool(stay.left_on) for stay in self.stays()], [True, True, True, False]
        )
        self.assertEqual(self.stays().activity_id, self.activities())
        self.assertNoViolations()

    def test_a_done_activity_is_not_made_again(self):
        self.buy(150)
        self.activities().action_feedback(feedback="Thanked")
        self.buy(10)
        self.refresh(full=True)
        self.assertFalse(self.activities())
        self.assertTrue(self.stays().treated_on)

    def test_who_has_entered_before_the_treatment_gets_none(self):
        self.good.activity_type_id = False
        self.buy(150)
        self.good.activity_type_id = self.kind
        self.assertEqual(self.buy(150), (0, 0))
        self.assertFalse(self.activities())

    def test_for_whom(self):
        other = self.partner()
        self.assertEqual(self.buy(150, other), (0, 1))
        self.assertFalse(self.activities(other))
        # Somebody is named, and does it from then on.
        self.good.activity_user_id = self.users["manager"]
        self.assertEqual(self.buy(1, other), (1, 0))
        self.assertEqual(self.activities(other).user_id, self.users["manager"])
        # A seller who left the company does nothing.
        self.users["seller"].active = False
        self.assertEqual(self.buy(150), (1, 0))
        self.assertEqual(self.activities().user_id, self.users["manager"])
        third = self.partner()
        self.users["manager"].active = False
        self.assertEqual(self.buy(150, third), (0, 1))

    def test_for_nobody_of_another_company(self):
        self.customer.user_id = self.users["seller_b"]
        self.assertEqual(self.buy(150), (0, 1))
        self.good.activity_user_id = self.users["seller_b"]
        self.assertEqual(self.buy(1), (0, 1))
        self.assertFalse(self.activities())
        self.good.activity_user_id = self.users["manager"]
        self.assertEqual(self.buy(1), (1, 0))
        self.assertEqual(self.activities().user_id, self.users["manager"])

    def test_an_entry_left_before_it_was_treated(self):
        self.customer.user_id = False
        self.assertEqual(self.buy(150), (0, 1))
        self.buy(-100)
        self.customer.user_id = self.users["seller"]
        self.assertEqual(self.buy(-1), (0, 0))
        self.assertFalse(self.activities())

    def test_in_batches(self):
        partners = [self.partner(seller="seller") for _n in range(5)]
        self.book([(partner, self.days_ago(1), 150) for partner in partners])
        self.env["dcrm.purchase"]._sync(self.company_a)
        self.scores._score(self.company_a)
        stays = self.env["dcrm.segment.stay"]
        left = [stays._treat(self.company_a, 2) for _n in range(4)]
        self.assertEqual(left, [3, 1, 0, 0])
        for partner in partners:
            self.assertEqual(len(self.activities(partner)), 1)

    def test_no_mails_for_many_activities(self):
        before = self.env["mail.mail"].search_count([])
        self.buy(150)
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_merged_customers_are_in_one_segment(self):
        """At once, and in that of their common score once it is there."""
        for first, second in ((150, 1), (1, 150), (150, 160)):
            with self.subTest(amounts=(first, second)):
                self.customer = self.partner(seller="seller")
                other = self.partner(seller="seller")
                self.buy(first)
                self.buy(second, other)
                before = self.stays().filtered_domain(self.OPEN)
                wizard = self.env["base.partner.merge.automatic.wizard"].create({})
                wizard._merge([other.id, self.customer.id], self.customer)
                self.env.invalidate_all()
                self.assertEqual(len(self.stays()), 2)
                self.assertEqual(self.stays().filtered_domain(self.OPEN), before)
                self.scores.refresh(self.company_a)
                [still] = self.stays().filtered_domain(self.OPEN)
                self.assertEqual(still.segment_id, self.good)
                self.assertNoViolations()
