"""Two customers turn out to be one: of two memberships the better one survives."""

from datetime import date

from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestMembershipMerge(LoyaltyCase):
    def setUp(self):
        super().setUp()
        self.keep, self.gone = self.partner("Keep"), self.partner("Gone")
        self.members = self.club(duration_months=12)

    def merge(self, into, *partners):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([into.id, *(partner.id for partner in partners)], into)
        self.env.invalidate_all()
        self.assertNoViolations()

    def of(self, partner):
        return self.env["dcrm.membership"].search([("partner_id", "=", partner.id)])

    def test_one_of_them_was_a_member(self):
        membership = self.join(self.gone, self.members, "Gold")
        membership.message_post(body="Likes copper")
        self.merge(self.keep, self.gone)
        self.assertEqual(self.of(self.keep), membership)
        self.assertEqual(self.price(self.keep), 90)
        membership.action_leave()
        self.assertEqual(self.price(self.keep), 100)

    def test_conflict(self):
        kept = self.join(self.keep, self.members, date_start=date(2026, 5, 1))
        lost = self.join(self.gone, self.members, "Gold", date_start=date(2026, 3, 1))
        lost.message_post(body="Likes copper")
        kept.write({"date_end": date(2031, 1, 1)})
        self.merge(self.keep, self.gone)
        self.assertEqual(self.of(self.keep), kept)
        self.assertFalse(lost.exists())
        self.assertEqual(kept.tier_id.name, "Gold")
        self.assertEqual(
            (kept.date_start, kept.date_end), (date(2026, 3, 1), date(2031, 1, 1))
        )
        bodies = " ".join(kept.message_ids.mapped("body"))
        self.assertIn("Likes copper", bodies)
        self.assertIn("United with the membership of Gone", bodies)
        self.assertEqual(self.price(self.keep), 90)

    def test_the_better_state_wins_with_its_own_terms(self):
        ended = self.join(self.keep, self.members, "Gold", date_start=date(2020, 1, 1))
        self.assertEqual(ended.state, "lapsed")
        self.join(self.gone, self.members, date_start=date(2026, 5, 1), date_end=False)
        self.merge(self.keep, self.gone)
        self.assertEqual(
            (ended.state, ended.tier_id.name, ended.date_start, ended.date_end),
            ("active", "Silver", date(2026, 5, 1), False),
        )
        self.assertEqual(self.price(self.keep), 95)

    def test_every_rank(self):
        states = ["left", "lapsed", "applied", "active"]
        for worse, better in zip(states, states[1:], strict=False):
            for one, other in ((worse, better), (better, worse)):
                with self.subTest(f"{other} into {one}"):
                    keep, gone = self.partner(), self.partner()
                    for partner, state in ((keep, one), (gone, other)):
                        self.join(partner, self.members, state=state)
                    self.merge(keep, gone)
                    self.assertEqual(self.of(keep).state, better)

    def test_clubs_of_several_companies(self):
        far = self.club("Far", [("Only", 30)], company=self.company_b)
        other = self.club("Other", [("Only", 50)], sequence=200)
        self.join(self.keep, self.members)
        self.join(self.gone, self.members)
        self.join(self.gone, far)
        self.join(self.gone, other)
        third = self.partner("Third")
        self.join(third, far)
        self.merge(self.keep, self.gone, third)
        self.assertEqual(self.of(self.keep).club_id, self.members | far | other)
        self.assertEqual(self.price(self.keep), 95)
        self.assertEqual(self.price(self.keep, self.company_b), 70)

    def test_price_lists_of_before_come_back(self):
        own = self.pricelist(2)
        self.gone.with_company(self.company_a).specific_property_product_pricelist = own
        self.join(self.keep, self.members)
        self.join(self.gone, self.members, "Gold")
        self.merge(self.keep, self.gone)
        self.assertEqual(self.price(self.keep), 90)
        self.of(self.keep).action_leave()
        self.assertEqual(self.list_of(self.keep), own, "as the host merges it")

    def test_what_a_hand_chose_stays(self):
        special = self.pricelist(20)
        for chosen, other in ((self.keep, self.gone), (self.gone, self.keep)):
            with self.subTest(chosen.name), self.cr.savepoint() as savepoint:
                self.join(chosen, self.members)
                self.join(other, self.members)
                if chosen == self.gone:
                    self.of(other).action_leave()
                chosen.with_company(
                    self.company_a
                ).specific_property_product_pricelist = special
                self.merge(self.keep, self.gone)
                self.assertEqual(self.price(self.keep), 80)
                self.of(self.keep).action_leave()
                self.assertEqual(self.list_of(self.keep), special)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_member_and_a_contact_of_another(self):
        company = self.partner("Company", is_company=True)
        contact = self.partner("Contact", parent_id=company.id)
        membership = self.join(self.gone, self.members, "Gold")
        self.merge(contact, self.gone)
        self.assertEqual(membership.partner_id, company)
        self.assertEqual(membership.state, "active")
        self.assertEqual((self.price(company), self.price(contact)), (90, 90))

    def test_a_contact_into_a_member(self):
        """The host gives the member the company of the contact that it takes in."""
        company = self.partner("Company", is_company=True)
        contact = self.partner("Contact", parent_id=company.id)
        theirs = self.join(company, self.members)
        self.join(self.keep, self.members, "Gold")
        self.merge(self.keep, contact)
        self.assertEqual(self.keep.parent_id, company)
        self.assertEqual(self.of(company), theirs)
        self.assertEqual(theirs.tier_id.name, "Gold")
        self.assertEqual((self.price(company), self.price(self.keep)), (90, 90))
        theirs.action_leave()
        self.assertEqual((self.price(company), self.price(self.keep)), (100, 100))

    def test_contact_of_a_member_into_another_customer(self):
        """What a contact has by its company's tier is not handed on."""
        company = self.partner("Company", is_company=True)
        contact = self.partner("Contact", parent_id=company.id)
        self.join(company, self.members)
        other = self.partner("Other", is_company=True)
        colleague = self.partner("Colleague", parent_id=other.id)
        self.merge(colleague, contact)
        self.assertEqual(self.price(colleague), 100)
        self.assertEqual(self.price(other), 100)
        self.assertEqual(self.price(company), 95)

    def test_two_contacts_of_a_member(self):
        company = self.partner("Company", is_company=True)
        one, two = (self.partner(parent_id=company.id) for _ in range(2))
        self.join(company, self.members)
        self.merge(one, two)
        self.assertEqual((self.price(one), self.price(company)), (95, 95))

    def test_service_levels_follow(self):
        levels = self.env["dcrm.service.level"].search([])
        for tier, level in zip(self.members.tier_ids, levels[1::-1], strict=True):
            tier.service_level_id = level
        self.join(self.keep, self.members)
        self.join(self.gone, self.members, "Gold")
        self.merge(self.keep, self.gone)
        here = self.keep.with_company(self.company_a)
        self.assertEqual(here.service_level_id, levels[0])

    def test_by_the_host_s_wizard(self):
        """Without a destination the host chooses one; nothing is lost either way."""
        self.join(self.keep, self.members)
        self.join(self.gone, self.members, "Gold")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.keep.id, self.gone.id])
        left = (self.keep | self.gone).exists()
        self.assertEqual(len(left), 1)
        self.assertEqual(self.of(left).tier_id.name, "Gold")
        self.assertEqual(self.price(left), 90)
