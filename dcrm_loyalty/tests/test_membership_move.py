"""Contacts come and go: what a member has by a tier stays with the member."""

from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestMembershipMove(LoyaltyCase):
    def setUp(self):
        super().setUp()
        self.member = self.partner("Member", is_company=True)
        self.contact = self.partner("Contact", parent_id=self.member.id)
        self.below = self.partner("Below", parent_id=self.contact.id)
        self.before = self.pricelist(2)
        self.member.with_company(
            self.company_a
        ).specific_property_product_pricelist = self.before
        self.members = self.club()
        self.membership = self.join(self.member, self.members)
        self.join(self.member, self.club("Far", [("Only", 30)], company=self.company_b))
        self.other = self.partner("Other", is_company=True)

    def test_contact_moves_to_another_company(self):
        self.contact.parent_id = self.other
        for partner in (self.contact, self.below, self.other):
            for company in self.companies:
                self.assertFalse(self.list_of(partner, company), partner.name)
            self.assertEqual(self.price(partner), 100)
        self.assertEqual(self.price(self.member), 95)
        self.assertNoViolations()

    def test_contact_comes_to_a_member(self):
        outsider = self.partner("Outsider", parent_id=self.other.id)
        outsider.with_company(self.company_a).parent_id = self.member
        self.assertEqual(self.price(outsider), 95)
        self.assertEqual(self.price(outsider, self.company_b), 70)

    def test_contact_becomes_a_customer_of_its_own(self):
        self.contact.parent_id = False
        for partner in (self.contact, self.below):
            self.assertEqual(self.list_of(partner), self.before)
            self.assertFalse(self.list_of(partner, self.company_b))
        self.below.is_company = True
        self.assertEqual(self.list_of(self.below), self.before)
        self.assertEqual(self.price(self.member), 95)

    def test_contact_becomes_a_company_below_the_member(self):
        self.contact.is_company = True
        self.assertEqual(self.list_of(self.contact), self.before)
        self.assertEqual(self.price(self.contact), 98)
        self.assertEqual(self.price(self.member), 95)

    def test_member_becomes_a_contact(self):
        person = self.partner("Person")
        membership = self.join(person, self.members, "Gold")
        person.parent_id = self.other
        self.assertEqual(membership.state, "left")
        self.assertIn("became a contact", membership.message_ids[0].body)
        self.assertFalse(self.list_of(person))
        self.assertFalse(self.list_of(self.other))
        self.assertNoViolations()
        # On their own again they may join again.
        person.parent_id = False
        self.assertEqual(self.join(person, self.members), membership)
        self.assertEqual(self.price(person), 95)

    def test_nothing_moves(self):
        self.contact.write({"parent_id": self.member.id, "is_company": False})
        self.member.write({"is_company": True})
        self.assertEqual(self.membership.state, "active")
        self.assertEqual(self.price(self.contact), 95)
