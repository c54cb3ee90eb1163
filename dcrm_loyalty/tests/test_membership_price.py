"""What members pay, and what everybody has again when it is over."""

from odoo import SUPERUSER_ID
from odoo.tests import Form, tagged

from ..hooks import uninstall_hook
from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestMembershipPrice(LoyaltyCase):
    def setUp(self):
        super().setUp()
        self.customer = self.partner("The Copper Kettle", is_company=True)
        self.chef = self.partner("Chef", parent_id=self.customer.id)

    def test_next_order_is_priced_by_the_tier(self):
        club = self.club()
        self.assertEqual(self.price(self.customer), 100)
        membership = self.join(self.customer, club)
        self.assertEqual(self.price(self.customer), 95)
        membership.tier_id = self.tier(club, "Gold")
        self.assertEqual(self.price(self.customer), 90)
        membership.action_leave()
        self.assertEqual(self.price(self.customer), 100)
        self.assertFalse(self.list_of(self.customer))
        self.assertNoViolations()

    def test_contacts_buy_as_their_company_does(self):
        archived = self.partner(parent_id=self.customer.id, active=False)
        membership = self.join(self.chef, self.club())
        self.assertEqual(membership.partner_id, self.customer)
        later = self.partner("Sommelier", parent_id=self.customer.id)
        for contact in (self.chef, later, archived):
            self.assertEqual(self.price(contact), 95)
        membership.action_leave()
        for contact in (self.chef, later, archived):
            self.assertEqual(self.price(contact), 100)
            self.assertFalse(self.list_of(contact))

    def test_what_was_there_before_comes_back(self):
        own = self.pricelist(2)
        self.customer.with_company(
            self.company_a
        ).specific_property_product_pricelist = own
        membership = self.join(self.customer, self.club())
        self.assertEqual(self.price(self.customer), 95)
        membership.action_leave()
        self.assertEqual(self.list_of(self.customer), own)
        self.assertEqual(self.list_of(self.chef), own)
        self.assertEqual(self.price(self.customer), 98)

    def test_the_same_list_before_and_during(self):
        club = self.club()
        silver = self.tier(club, "Silver").pricelist_id
        self.customer.with_company(
            self.company_a
        ).specific_property_product_pricelist = silver
        self.join(self.customer, club).action_leave()
        self.assertEqual(self.list_of(self.customer), silver)

    def test_a_hand_that_chose_another_list_wins(self):
        club = self.club()
        membership = self.join(self.customer, club)
        special = self.pricelist(20)
        # As somebody does on the partner's own form.
        self.env.user.group_ids |= self.env.ref("product.group_product_pricelist")
        with Form(self.customer.with_company(self.company_a)) as form:
            form.property_product_pricelist = special
        self.assertEqual(self.price(self.customer), 80)
        self.assertNoViolations()
        membership.tier_id = self.tier(club, "Gold")
        self.assertEqual(self.price(self.customer), 80)
        membership.action_leave()
        self.assertEqual(self.list_of(self.customer), special)
        self.assertNoViolations()
        # Who chooses the list of the tier again has it by the tier again.
        membership = self.join(self.customer, club, "Gold")
        self.customer.with_company(
            self.company_a
        ).specific_property_product_pricelist = special
        membership.tier_id = self.tier(club, "Silver")
        self.customer.with_company(
            self.company_a
        ).specific_property_product_pricelist = membership.pricelist_id
        membership.action_leave()
        self.assertEqual(self.list_of(self.customer), special)

    def test_companies_do_not_disturb_each_other(self):
        here = self.join(self.customer, self.club())
        there = self.join(
            self.customer,
            self.club("Pan Club", [("Only", 30)], company=self.company_b),
        )
        self.assertEqual(self.price(self.customer), 95)
        self.assertEqual(self.price(self.customer, self.company_b), 70)
        here.action_leave()
        self.assertEqual(self.price(self.customer), 100)
        self.assertEqual(self.price(self.customer, self.company_b), 70)
        self.assertEqual(self.price(self.chef, self.company_b), 70)
        there.action_leave()
        self.assertEqual(self.price(self.customer, self.company_b), 100)
        self.assertNoViolations()

    def test_the_first_club_prices(self):
        first = self.club("First", [("Only", 10)], sequence=1)
        second = self.club("Second", [("Only", 30)], sequence=2)
        none = self.club("None", [("Only", None)], sequence=0)
        memberships = [self.join(self.customer, each) for each in (none, second, first)]
        self.assertEqual(self.price(self.customer), 90)
        second.sequence = 0
        self.assertEqual(self.price(self.customer), 70)
        memberships[1].action_leave()
        self.assertEqual(self.price(self.customer), 90)
        memberships[2].action_leave()
        self.assertEqual(self.price(self.customer), 100)
        self.assertNoViolations()

    def test_another_list_for_the_tier(self):
        club = self.club()
        self.join(self.customer, club)
        silver = self.tier(club, "Silver")
        silver.pricelist_id = self.pricelist(7)
        self.assertEqual(self.price(self.customer), 93)
        silver.pricelist_id = False
        self.assertEqual(self.price(self.customer), 100)
        silver.pricelist_id = self.pricelist(8)
        self.assertEqual(self.price(self.customer), 92)
        self.assertNoViolations()

    def test_a_list_in_another_currency(self):
        dollars = self.pricelist(10, currency_id=self.usd.id)
        self.join(self.customer, self.club("Abroad", [("Only", dollars)]))
        self.assertEqual(self.price(self.customer), 180)

    def test_a_list_of_another_company_is_refused(self):
        with self.assertRefused("compan"):
            self.club("Wrong", [("Only", self.pricelist(5, self.company_b))])

    def test_membership_deleted(self):
        membership = self.join(self.customer, self.club())
        membership.unlink()
        self.assertEqual(self.price(self.customer), 100)
        self.assertNoViolations()

    def test_uninstalling_gives_back_what_was_there(self):
        own, special = self.pricelist(2), self.pricelist(20)
        before = {self.customer: own, self.partner(): special, self.partner(): None}
        level = self.env["dcrm.service.level"].search([], limit=1)
        club = self.club()
        club.tier_ids.service_level_id = level
        for number, (customer, pricelist) in enumerate(before.items()):
            here = customer.with_company(self.company_a)
            here.specific_property_product_pricelist = pricelist
            self.join(customer, club)
            if not number:
                here.service_level_id = level
        chosen = self.partner()
        self.join(chosen, club)
        chosen.with_company(
            self.company_a
        ).specific_property_product_pricelist = special
        uninstall_hook(self.env(user=SUPERUSER_ID, context={}))
        self.env.invalidate_all()
        none = self.env["product.pricelist"]
        for customer, pricelist in {**before, chosen: special}.items():
            self.assertEqual(self.list_of(customer), pricelist or none)
        self.assertEqual(self.list_of(self.chef), own)
        overrides = self.env["dcrm.service.level.override"].search([])
        self.assertEqual(set(overrides.mapped("origin")), {"manual"})


@tagged("post_install", "-at_install")
class TestPricelistsSwitchedOn(LoyaltyCase):
    """Pricelists are an option of the host's: clubs work from either position of it."""

    def setUp(self):
        super().setUp()
        self.pricelists_off()

    def test_the_first_member_switches_them_on(self):
        member, other = self.partner("Member"), self.partner("Other")
        club = self.club()
        self.assertFalse(self.pricelists_are_on(), "nobody needs them yet")
        self.join(member, club)
        self.assertTrue(self.pricelists_are_on())
        self.assertEqual(self.price(member), 95)
        self.assertEqual(self.price(other), 100, "as before")
        self.assertEqual(self.price(other, self.company_b), 100)

    def test_by_a_seller_in_the_seller_s_own_name(self):
        member = self.partner("Member", seller="seller")
        club = self.club()
        self.env_as("seller")["dcrm.membership"].create(
            {"partner_id": member.id, "club_id": club.id}
        )
        self.assertTrue(self.pricelists_are_on())
        self.assertEqual(self.price(member), 95)

    def test_not_without_a_list(self):
        self.join(self.partner(), self.club("Talk", [("Only", None)]))
        self.assertFalse(self.pricelists_are_on())

    def test_off_while_there_are_members(self):
        club = self.club()
        member = self.partner()
        self.join(member, club)
        self.pricelists_off()
        self.assertEqual(self.price(member), 100, "as the administrator decided")
        late = self.partner()
        self.join(late, club)
        self.assertEqual((self.price(member), self.price(late)), (95, 95))
        self.assertEqual(self.price(self.partner()), 100)
