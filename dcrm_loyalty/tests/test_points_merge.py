"""Two customers turn out to be one, or one the contact of another: points go along."""

from datetime import date

from odoo.tests import tagged

from .common_points_card import PointsCardCase


@tagged("post_install", "-at_install")
class TestPointsMerge(PointsCardCase):
    def setUp(self):
        super().setUp()
        self.kitchen = self.points_club()
        self.keep, self.gone = self.partner("Keep"), self.partner("Gone")

    def merge(self, into, *partners):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([into.id, *(partner.id for partner in partners)], into)
        self.env.invalidate_all()
        self.assertKept()

    def find(self, partner, club=None):
        return self.env["dcrm.points.account"]._find(club or self.kitchen, partner)

    def test_trap_17_both_have_points(self):
        kept = self.give(self.kitchen, self.keep, 100)
        lost = self.give(self.kitchen, self.gone, 40, expires_on=date(2099, 1, 1))
        self.merge(self.keep, self.gone)
        self.assertEqual(self.find(self.keep), kept)
        self.assertPoints(kept, 140)
        self.assertEqual(self.lots(kept), [(False, 100), (date(2099, 1, 1), 40)])
        move = kept.move_ids[0]
        self.assertEqual(
            (move.kind, move.points, move.reason), ("transfer", 40, "Merged with Gone")
        )
        self.assertPoints(lost, 0)
        self.assertEqual(
            (lost.merged_into_id, lost._living(), lost.partner_id.id),
            (kept, kept, False),
        )
        self.assertEqual(self.kinds(lost), [("earn", 40), ("transfer", -40)])
        self.assertFalse(lost.card_id.active)
        self.assertTrue(kept.card_id.active)

    def test_one_of_them_has_points(self):
        account = self.give(self.kitchen, self.gone, 40)
        card = account.card_id
        self.merge(self.keep, self.gone)
        self.assertEqual(self.find(self.keep), account)
        self.assertPoints(account, 40)
        self.assertEqual((card.partner_id, card.active), (self.keep, True))
        self.assertEqual(self.kinds(account), [("earn", 40)], "nothing moved")

    def test_several_clubs_and_companies(self):
        far, other = self.points_club(self.company_b), self.points_club()
        third = self.partner("Third")
        for club, partner, points in (
            (self.kitchen, self.keep, 1),
            (self.kitchen, self.gone, 2),
            (self.kitchen, third, 4),
            (far, self.gone, 8),
            (far, third, 16),
            (other, third, 32),
        ):
            self.give(club, partner, points)
        self.merge(self.keep, self.gone, third)
        for club, points in ((self.kitchen, 7), (far, 24), (other, 32)):
            self.assertPoints(self.find(self.keep, club), points)

    def test_what_is_owed_and_what_is_pending(self):
        lost = self.give(self.kitchen, self.gone, 40)
        earned = lost.move_ids
        lost._post("redeem", -30)
        lost._reverse(earned, 40)
        self.assertPoints(lost, -30, debt=30)
        lost._post("pending", 0, pending=25, available_on=self.today())
        kept = self.give(self.kitchen, self.keep, 100)
        self.merge(self.keep, self.gone)
        self.assertPoints(kept, 70, pending=25)
        self.assertPoints(lost, 0)

    def test_what_was_earned_before_is_taken_back_after(self):
        """A document of the merged customer goes on at the one that is kept."""
        lost = self.give(self.kitchen, self.gone, 40)
        earned = lost.move_ids
        kept = self.give(self.kitchen, self.keep, 100)
        self.merge(self.keep, self.gone)
        earned.account_id._living()._reverse(earned, 40)
        self.assertPoints(kept, 100)
        self.assertEqual(self.lots(kept), [(False, 100)])
        self.assertKept()

    def test_what_was_redeemed_before_is_given_back_after(self):
        last = date(2099, 1, 1)
        lost = self.give(self.kitchen, self.gone, 40, expires_on=last)
        redeemed = lost._post("redeem", -15)
        kept = self.give(self.kitchen, self.keep, 100)
        self.merge(self.keep, self.gone)
        redeemed.account_id._living()._reverse(redeemed, 15)
        self.assertPoints(kept, 140)
        self.assertEqual(self.lots(kept), [(False, 100), (last, 25), (last, 15)])
        self.assertKept()

    def test_merged_again(self):
        lost = self.give(self.kitchen, self.gone, 40)
        earned = lost.move_ids
        self.give(self.kitchen, self.keep, 100)
        last = self.give(self.kitchen, self.partner("Last"), 1000)
        self.merge(self.keep, self.gone)
        self.merge(last.partner_id, self.keep)
        self.assertEqual(lost._living(), last)
        self.assertPoints(last, 1140)
        lost._living()._reverse(earned, 40)
        self.assertPoints(last, 1100)

    def test_a_card_that_nobody_adopted_yet(self):
        """While a run adopts the cards of a big program."""
        first = self.give(self.kitchen, self.keep, 1)
        self.cr.execute("SET LOCAL session_replication_role = replica")
        self.cr.execute(
            "INSERT INTO loyalty_card (program_id, company_id, partner_id, code,"
            " points, active) VALUES (%s, %s, %s, 'LATE', 9, TRUE)",
            [self.kitchen.program_id.id, self.company_a.id, self.gone.id],
        )
        self.cr.execute("SET LOCAL session_replication_role = origin")
        self.merge(self.keep, self.gone)
        self.assertPoints(first, 10)

    def test_other_programs_merge_as_the_host_has_it(self):
        program = self.program()
        cards = self.env["loyalty.card"].create(
            [
                {"program_id": program.id, "partner_id": partner.id, "points": points}
                for partner, points in ((self.keep, 1), (self.gone, 2))
            ]
        )
        self.give(self.kitchen, self.gone, 40)
        self.merge(self.keep, self.gone)
        self.assertEqual(cards.mapped("points"), [3, 0])
        self.assertEqual(cards.mapped("active"), [True, False])

    def test_contact_of_another_customer(self):
        company = self.partner("Company", is_company=True)
        contact = self.partner("Contact", parent_id=company.id)
        account = self.give(self.kitchen, self.gone, 40)
        self.merge(contact, self.gone)
        self.assertEqual(account.partner_id, company)
        self.assertEqual(account.card_id.partner_id, company)
        self.assertEqual(self.find(contact), account)

    def test_customer_that_takes_in_a_contact(self):
        """The host gives it the company of the contact, and so its points."""
        company = self.partner("Company", is_company=True)
        contact = self.partner("Contact", parent_id=company.id)
        theirs = self.give(self.kitchen, contact, 100)
        mine = self.give(self.kitchen, self.keep, 40)
        self.merge(self.keep, contact)
        self.assertEqual(self.keep.parent_id, company)
        self.assertPoints(theirs, 140)
        self.assertEqual(mine._living(), theirs)

    def test_customer_becomes_a_contact(self):
        company = self.partner("Company", is_company=True)
        account = self.give(self.kitchen, self.gone, 40)
        self.gone.parent_id = company
        self.assertEqual(account.partner_id, company)
        self.assertEqual(account.card_id.partner_id, company)
        other = self.give(self.kitchen, self.keep, 2)
        self.keep.parent_id = company
        self.assertPoints(account, 42)
        self.assertEqual(other._living(), account)
        self.assertEqual(
            account.move_ids[0].reason, "Keep became a contact of another customer"
        )
        self.assertKept()

    def test_contact_leaves(self):
        """What a company's contacts earned stays with the company."""
        company = self.partner("Company", is_company=True)
        contact = self.partner("Contact", parent_id=company.id)
        account = self.give(self.kitchen, contact, 100)
        contact.parent_id = False
        self.assertEqual(account.partner_id, company)
        self.assertFalse(self.find(contact))
        fresh = self.give(self.kitchen, contact, 5)
        self.assertNotEqual(fresh, account)
        fresh.partner_id.parent_id = company
        self.assertPoints(account, 105)

    def test_contact_of_a_customer_s_contact(self):
        company = self.partner("Company", is_company=True)
        self.give(self.kitchen, self.gone, 40)
        self.gone.is_company = True
        self.gone.parent_id = company
        self.assertPoints(self.find(self.gone), 40)
        self.assertEqual(self.find(self.gone).partner_id, self.gone)
        self.gone.is_company = False
        self.assertEqual(self.find(self.gone).partner_id, company)

    def test_customers_with_points_are_archived_not_deleted(self):
        account = self.give(self.kitchen, self.gone, 40)
        with self.assertRefused("can be archived, not deleted: Gone"):
            self.gone.unlink()
        self.gone.active = False
        self.assertPoints(account, 40)
        self.assertEqual(self.find(self.gone), account)

    def test_activity_goes_along(self):
        lost = self.give(self.kitchen, self.gone, 40)
        kept = self.account(self.kitchen, self.keep)
        self.assertFalse(kept.last_activity)
        self.merge(self.keep, self.gone)
        self.assertEqual(kept.last_activity, self.today())
        self.assertTrue(lost.merged_into_id)
