"""How well members are served: as their best tier says, unless a hand decides."""

from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestMembershipLevel(LoyaltyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        levels = cls.env["dcrm.service.level"].search([])
        cls.premier, cls.preferred, cls.standard = levels[:3]

    def setUp(self):
        super().setUp()
        self.customer = self.partner("The Copper Kettle", is_company=True)
        self.chef = self.partner("Chef", parent_id=self.customer.id)
        self.members = self.club(tiers=[("Silver", None), ("Gold", None)])
        for tier, level in zip(
            self.members.tier_ids, (self.preferred, self.premier), strict=True
        ):
            tier.service_level_id = level

    def level(self, partner=None, company=None):
        self.env.invalidate_all()
        partner = partner or self.customer
        return partner.with_company(company or self.company_a).service_level_id

    def test_from_joining_to_leaving(self):
        self.assertFalse(self.level())
        membership = self.join(self.customer, self.members)
        self.assertEqual(self.level(), self.preferred)
        self.assertEqual(self.level(self.chef), self.preferred)
        self.assertFalse(self.level(company=self.company_b))
        membership.tier_id = self.tier(self.members, "Gold")
        self.assertEqual(self.level(), self.premier)
        membership.action_leave()
        self.assertFalse(self.level())
        self.assertNoViolations()

    def test_above_the_value_class_below_the_hand(self):
        self.order(self.customer, 100)
        self.refresh()
        by_class = self.level()
        self.assertTrue(by_class)
        other = self.standard
        membership = self.join(self.customer, self.members)
        self.assertEqual(self.level(), self.preferred)
        here = self.customer.with_company(self.company_a)
        here.service_level_id = other
        self.assertEqual(self.level(), other)
        membership.action_leave()
        self.assertEqual(self.level(), other)
        here.service_level_id = False
        self.assertEqual(self.level(), by_class)
        self.assertNoViolations()

    def test_the_best_of_several(self):
        lesser = self.club("Lesser", [("Only", None)], sequence=1)
        lesser.tier_ids.service_level_id = self.standard
        self.join(self.customer, lesser)
        self.assertEqual(self.level(), self.standard)
        membership = self.join(self.customer, self.members)
        self.assertEqual(self.level(), self.preferred)
        self.assertNoViolations()
        membership.action_leave()
        self.assertEqual(self.level(), self.standard)

    def test_another_level_for_the_tier(self):
        self.join(self.customer, self.members)
        silver = self.tier(self.members, "Silver")
        silver.service_level_id = self.standard
        self.assertEqual(self.level(), self.standard)
        silver.service_level_id = False
        self.assertFalse(self.level())
        self.assertNoViolations()

    def test_who_gave_it_is_said(self):
        self.join(self.customer, self.members)
        override = self.env["dcrm.service.level.override"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(
            (override.origin, override.reason, override.company_id),
            ("tier", "Kitchen Club: Silver", self.company_a),
        )
        here = self.customer.with_company(self.company_a)
        self.assertEqual(here.service_level_origin, "Club tier")

    def test_applicants_and_what_is_over(self):
        self.members.needs_approval = True
        membership = self.join(self.customer, self.members)
        self.assertFalse(self.level())
        membership.action_approve()
        self.assertEqual(self.level(), self.preferred)
        membership.state = "lapsed"
        self.assertFalse(self.level())

    def test_levels_in_another_order(self):
        self.members.tier_ids[0].service_level_id = self.premier
        other = self.club("Second", [("Only", None)])
        other.tier_ids.service_level_id = self.preferred
        self.join(self.customer, self.members)
        self.join(self.customer, other)
        self.assertEqual(self.level(), self.premier)
        self.preferred.sequence = self.premier.sequence - 1
        self.assertEqual(self.level(), self.preferred)
        self.assertNoViolations()

    def test_a_level_that_a_tier_gives_is_kept(self):
        for refused in (self.premier.action_archive, self.premier.unlink):
            with self.assertRefused("is what tier Gold of Kitchen Club gives"):
                refused()
        self.tier(self.members, "Gold").service_level_id = False
        self.premier.action_archive()
