"""Which points a debit takes, what is owed, and what comes back."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import tagged

from .common_points_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestPointsLots(LedgerCase):
    def setUp(self):
        super().setUp()
        self.mine = self.account()
        self.day = self.today()

    def after(self, days):
        return self.day + timedelta(days)

    def later(self, days):
        """Let it be so many days later, for as long as the context lasts."""
        return patch.object(
            type(self.company_a), "_customer_today", lambda company: self.after(days)
        )

    # -- nearest expiry first --------------------------------------------------------

    def test_points_that_expire_first_go_first(self):
        never = self.mine._post("earn", 10)
        late = self.mine._post("earn", 20, expires_on=self.after(60))
        soon = self.mine._post("earn", 30, expires_on=self.after(5))
        twin = self.mine._post("earn", 40, expires_on=self.after(5))
        first = self.mine._post("redeem", -35)
        self.assertEqual(self.uses(first), {soon: 30, twin: 5})
        second = self.mine._post("redeem", -60)
        self.assertEqual(self.uses(second), {twin: 35, late: 20, never: 5})
        self.assertBalance(self.mine, 5)

    def test_parts_of_points(self):
        credits = [self.mine._post("earn", 0.1) for _each in range(3)]
        debit = self.mine._post("redeem", -0.25)
        self.assertEqual(
            self.uses(debit), {credits[0]: 0.1, credits[1]: 0.1, credits[2]: 0.05}
        )
        self.assertBalance(self.mine, 0.05)

    def test_other_accounts_keep_theirs(self):
        other = self.account()
        self.mine._post("earn", 10)
        other._post("earn", 10, expires_on=self.after(1))
        self.mine._post("redeem", -10)
        self.assertBalance(other, 10)

    # -- expiry ----------------------------------------------------------------------

    def test_points_can_be_used_on_their_last_day(self):
        self.mine._post("earn", 10, expires_on=self.after(5))
        with self.later(5):
            self.mine._post("redeem", -4)
        self.assertBalance(self.mine, 6)
        with self.later(6), self.assertRefused("has 0.0 points"):
            self.mine._post("redeem", -1)

    def test_what_has_expired_goes_before_anything_else(self):
        self.mine._post("earn", 10, expires_on=self.after(5))
        self.mine._post("earn", 3, expires_on=self.after(6))
        self.mine._post("earn", 7)
        with self.later(6):
            self.mine._post("redeem", -5)
        self.assertEqual(
            self.moved(self.mine),
            [
                ("earn", 10),
                ("earn", 3),
                ("earn", 7),
                ("expire", -10),
                ("redeem", -5),
            ],
        )
        self.assertBalance(self.mine, 5)
        with self.later(7):
            self.assertFalse(self.mine._expire(self.after(7)))

    def test_several_accounts_expire_at_once(self):
        other = self.account()
        for account in (self.mine, other):
            account._post("earn", 10, expires_on=self.after(5))
            account._post("earn", 1)
        with self.later(6):
            (self.mine | other)._lock()
        self.assertBalance(self.mine, 1)
        self.assertBalance(other, 1)

    def test_each_company_has_its_own_day(self):
        program = self.make_program(self.company_b)
        club = self.club("Auckland", (), company=self.company_b, program_id=program.id)
        there = self.account(club=club)
        for account in (self.mine, there):
            account._post("earn", 10, expires_on=date(2030, 5, 1))
        days = {self.company_a: date(2030, 5, 1), self.company_b: date(2030, 5, 2)}
        with patch.object(
            type(self.company_a), "_customer_today", lambda company: days[company]
        ):
            (self.mine | there)._lock()
        self.assertBalance(self.mine, 10)
        self.assertBalance(there, 0)
        self.assertEqual(there.move_ids[0].day, date(2030, 5, 2))

    # -- what is owed ----------------------------------------------------------------

    def test_spent_points_that_are_taken_back_are_owed(self):
        earned = self.mine._post("earn", 100)
        self.mine._post("redeem", -80)
        [back] = self.mine._reverse(earned, 100)
        self.assertEqual(self.uses(back), {earned: 20})
        self.assertBalance(self.mine, -80, debt=80)
        with self.assertRefused("not enough"):
            self.mine._post("redeem", -1)

    def test_later_earnings_work_off_the_oldest_debt_first(self):
        earned = [self.mine._post("earn", points) for points in (10, 20)]
        self.mine._post("redeem", -30)
        debts = [
            self.mine._reverse(each, points)
            for each, points in zip(earned, (10, 20), strict=True)
        ]
        self.assertBalance(self.mine, -30, debt=30)
        first = self.mine._post("earn", 15, expires_on=self.after(9))
        self.assertBalance(self.mine, -15, debt=15)
        self.assertEqual([self.uses(each) for each in debts], [{first: 10}, {first: 5}])
        second = self.mine._post("earn", 50)
        self.assertBalance(self.mine, 35)
        self.assertEqual(self.uses(debts[1]), {first: 5, second: 15})
        self.assertEqual(self.lots(self.mine)[-1], (50, 35, False))

    def test_pending_points_work_off_nothing_before_they_are_there(self):
        earned = self.mine._post("earn", 10)
        self.mine._post("redeem", -10)
        self.mine._reverse(earned, 10)
        pending = self.mine._post("pending", 0, pending=25)
        self.assertBalance(self.mine, -10, debt=10, pending=25)
        self.mine._post("release", 25, pending=-25, origin_id=pending.id)
        self.assertBalance(self.mine, 15)

    def test_what_a_move_brought_is_taken_back_from_its_own_lot_first(self):
        soon = self.mine._post("earn", 10, expires_on=self.after(1))
        earned = self.mine._post("earn", 10, expires_on=self.after(30))
        back = self.mine._reverse(earned, 6)
        self.assertEqual(self.uses(back), {earned: 6})
        back = self.mine._reverse(earned, 4)
        self.assertEqual(self.uses(back), {earned: 4})
        self.assertEqual(soon.account_id.lot_ids[0].remaining, 10)

    def test_pending_points_are_taken_back_before_others(self):
        pending = self.mine._post("pending", 0, pending=50)
        self.mine._post("release", 20, pending=-20, origin_id=pending.id)
        self.assertBalance(self.mine, 20, pending=30)
        self.mine._reverse(pending, 25)
        self.assertBalance(self.mine, 20, pending=5)
        self.mine._reverse(pending, 15)
        self.assertBalance(self.mine, 10)
        with self.assertRaises(ValueError):
            self.mine._reverse(pending, 11)
        self.mine._reverse(pending, 10)
        self.assertBalance(self.mine, 0)

    def test_nobody_owes_what_has_expired(self):
        earned = self.mine._post("earn", 100, expires_on=self.after(5))
        self.mine._post("redeem", -40)
        other = self.mine._post("earn", 7)
        with self.later(6):
            self.mine._reverse(earned, 50)
            # Sixty have expired; of the rest ten more have, and forty were spent.
            self.assertBalance(self.mine, 7)
            self.mine._reverse(earned, 50)
        self.assertBalance(self.mine, -33, debt=33)
        self.assertEqual(other.account_id.lot_ids[1].remaining, 0)
        with self.assertRaises(ValueError):
            self.mine._reverse(earned, 1)

    # -- what comes back -------------------------------------------------------------

    def test_points_come_back_to_expire_when_they_would_have(self):
        soon = self.mine._post("earn", 10, expires_on=self.after(5))
        late = self.mine._post("earn", 20, expires_on=self.after(50))
        never = self.mine._post("earn", 30)
        spent = self.mine._post("redeem", -45)
        back = self.mine._reverse(spent, 25)
        self.assertEqual(
            [(move.points, move.expires_on, move.lot_id.move_id) for move in back],
            [(15, False, never), (10, self.after(50), late)],
        )
        back = self.mine._reverse(spent, 20)
        self.assertEqual(
            [(move.points, move.expires_on, move.lot_id.move_id) for move in back],
            [(10, self.after(50), late), (10, self.after(5), soon)],
        )
        self.assertBalance(self.mine, 60)
        self.assertEqual(back.origin_id, spent)

    def test_what_comes_back_too_late_expires(self):
        self.mine._post("earn", 10, expires_on=self.after(5))
        spent = self.mine._post("redeem", -10)
        with self.later(6):
            self.mine._reverse(spent, 10)
            self.mine._lock()
        self.assertBalance(self.mine, 0)
        self.assertEqual(self.moved(self.mine)[-1], ("expire", -10))

    def test_what_comes_back_works_off_what_is_owed(self):
        earned = self.mine._post("earn", 10)
        spent = self.mine._post("redeem", -10)
        self.mine._reverse(earned, 10)
        self.mine._reverse(spent, 10)
        self.assertBalance(self.mine, 0)

    # -- from one account to another -------------------------------------------------

    def test_a_transfer_keeps_days_and_what_is_pending(self):
        other = self.account()
        soon = self.mine._post("earn", 10, expires_on=self.after(5))
        self.mine._post("earn", 20)
        spent = self.mine._post("redeem", -4)
        self.mine._post("pending", 0, pending=8, available_on=self.after(3))
        self.mine._transfer(other, "Merged")
        self.assertBalance(self.mine, 0)
        self.assertBalance(other, 26, pending=8)
        self.assertEqual(self.lots(other), [(6, 6, self.after(5)), (20, 20, False)])
        self.assertEqual(
            (self.mine._living(), self.mine.partner_id),
            (other, self.env["res.partner"]),
        )
        # What the old account did is undone on the new one.
        other._reverse(soon, 10)
        self.assertBalance(other, 16, pending=8)
        other._reverse(spent, 4)
        self.assertBalance(other, 20, pending=8)

    def test_a_transfer_of_what_is_owed(self):
        other = self.account()
        earned = self.mine._post("earn", 10)
        self.mine._post("redeem", -10)
        self.mine._reverse(earned, 10)
        other._post("earn", 4)
        self.mine._transfer(other, "Merged")
        self.assertBalance(self.mine, 0)
        self.assertBalance(other, -6, debt=6)

    def test_a_transfer_to_who_owes(self):
        other = self.account()
        earned = other._post("earn", 10)
        other._post("redeem", -10)
        other._reverse(earned, 10)
        self.mine._post("earn", 4, expires_on=self.after(9))
        self.mine._post("earn", 12)
        self.mine._transfer(other, "Merged")
        self.assertBalance(other, 6)
        self.assertEqual([lot[1] for lot in self.lots(other)[1:]], [0, 6])

    def test_points_that_came_through_several_hands(self):
        second, third = self.account(), self.account()
        earned = self.mine._post("earn", 10, expires_on=self.after(5))
        pending = self.mine._post("pending", 0, pending=5)
        self.mine._transfer(second, "Merged")
        spent = second._post("redeem", -3)
        second._reverse(spent, 1)
        second._transfer(third, "Merged")
        self.assertEqual(self.mine._living(), third)
        self.assertBalance(third, 8, pending=5)
        third._reverse(spent, 2)
        third._reverse(earned, 10)
        third._reverse(pending, 5)
        self.assertBalance(third, 0)

    def test_what_expired_before_a_transfer_is_not_owed_after_it(self):
        other = self.account()
        earned = self.mine._post("earn", 10, expires_on=self.after(5))
        with self.later(6):
            self.mine._lock()
            self.mine._transfer(other, "Merged")
            other._reverse(earned, 10)
        self.assertBalance(other, 0)

    # -- whose account ---------------------------------------------------------------

    def test_contacts_share_the_account_of_their_company(self):
        company = self.partner("Bistro", is_company=True)
        contacts = [self.partner(parent_id=company.id) for _each in range(2)]
        accounts = {self.account(each) for each in (*contacts, company)}
        self.assertEqual(len(accounts), 1)
        self.assertEqual(accounts.pop().card_id.partner_id, company)

    def test_nobody_has_no_account(self):
        self.account()._transfer(self.mine, "Merged")
        self.assertFalse(self.accounts._find(self.kept, self.env["res.partner"]))

    def test_a_second_opening_finds_the_first(self):
        account = self.account(self.mine.partner_id)
        self.assertEqual(account, self.mine)
        cards = self.env["loyalty.card"].search([("program_id", "=", self.program.id)])
        self.assertEqual(cards, self.mine.card_id)
