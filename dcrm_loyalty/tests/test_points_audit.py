"""The audit finds what the database never lets happen: each invariant is broken with
its triggers and constraints off."""

from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from .common_points_audit import Breaking
from .common_points_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestPointsAudit(Breaking, LedgerCase):
    def setUp(self):
        super().setUp()
        self.mine, self.other = self.account(), self.account()
        self.earned = self.mine._post("earn", 100)
        self.spent = self.mine._post("redeem", -30)
        self.other._post("earn", 5)
        self.settle()
        self.assertNoViolations()

    # -- who guards ------------------------------------------------------------------

    def test_a_trigger_that_is_off(self):
        self.settle()
        for table, name in (
            ("dcrm_points_move", "dcrm_points_move_fixed"),
            ("loyalty_card", "dcrm_points_card_agree"),
        ):
            with self.cr.savepoint() as savepoint:
                self.cr.execute(
                    SQL(
                        "ALTER TABLE %s DISABLE TRIGGER %s",
                        SQL.identifier(table),
                        SQL.identifier(name),
                    )
                )
                self.assertBroken("points_guarded", self.kept)
                savepoint.rollback()
        self.cr.execute("DROP TRIGGER dcrm_points_use_used ON dcrm_points_use")
        self.assertBroken("points_guarded", self.kept)

    # -- balances --------------------------------------------------------------------

    def test_a_balance_that_is_not_the_sum_of_moves(self):
        self.put(self.mine, balance=71)
        self.assertBroken("points_balance_is_moves", self.mine)
        self.assertBroken("points_on_cards", self.mine)
        self.assertBroken("points_in_lots", self.mine)
        self.assertBroken("points_issued_are_somewhere", self.kept)

    def test_pending_points_that_are_not_the_sum_of_moves(self):
        self.put(self.other, pending=1)
        self.assertBroken("points_balance_is_moves", self.other)

    def test_a_move_that_moved_nothing(self):
        self.add_move(self.mine, "earn", 12)
        self.assertBroken("points_balance_is_moves", self.mine)
        self.assertBroken("points_issued_are_somewhere", self.kept)

    def test_a_move_that_is_gone(self):
        self.unguarded("DELETE FROM dcrm_points_use")
        self.unguarded("DELETE FROM dcrm_points_move WHERE id = %s", self.spent.id)
        self.assertBroken("points_balance_is_moves", self.mine)

    def test_a_card_that_disagrees(self):
        self.put(self.mine.card_id, points=69.99)
        self.assertBroken("points_on_cards", self.mine)

    def test_a_card_of_somebody_else(self):
        self.put(self.mine.card_id, partner_id=self.other.partner_id.id)
        self.assertBroken("points_on_cards", self.mine)

    def test_a_card_of_another_program(self):
        self.put(self.mine.card_id, program_id=self.make_program().id)
        self.assertBroken("points_on_cards", self.mine)

    def test_a_debt_that_nobody_has(self):
        self.put(self.mine, debt=5)
        self.assertBroken("points_owed", self.mine)
        self.assertBroken("points_in_lots", self.mine)

    def test_open_points_beside_a_debt(self):
        self.mine._reverse(self.earned, 100)
        self.assertBalance(self.mine, -30, debt=30)
        late = self.add_move(self.mine, "earn", 10)
        self.unguarded(
            "INSERT INTO dcrm_points_lot (move_id, account_id, points, remaining)"
            " VALUES (%s, %s, 10, 10)",
            late.id,
            self.mine.id,
        )
        self.put(self.mine, balance=-20)
        self.put(self.mine.card_id, points=-20)
        self.assertBroken("points_owed", self.mine)

    # -- lots ------------------------------------------------------------------------

    def test_a_lot_that_has_more_left(self):
        self.put(self.mine.lot_ids, remaining=71)
        self.assertBroken("points_used_once", self.mine.lot_ids)
        self.assertBroken("points_in_lots", self.mine)

    def test_a_lot_that_is_not_what_was_brought(self):
        for values in (
            {"points": 101, "remaining": 71},
            {"expires_on": self.today()},
            {"account_id": self.other.id},
        ):
            with self.cr.savepoint() as savepoint:
                self.put(self.mine.lot_ids, **values)
                self.assertBroken("points_in_lots", self.earned)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_a_lot_that_is_gone(self):
        self.unguarded("DELETE FROM dcrm_points_use")
        self.unguarded(
            "DELETE FROM dcrm_points_lot WHERE id = %s", self.mine.lot_ids.id
        )
        self.assertBroken("points_in_lots", self.earned)

    def test_points_that_are_used_twice(self):
        self.add_use(self.spent, self.mine.lot_ids, 1)
        self.assertBroken("points_used_once", self.spent)
        self.assertBroken("points_used_once", self.mine.lot_ids)
        self.assertBroken("points_owed", self.mine)

    def test_points_of_somebody_else(self):
        self.unguarded("DELETE FROM dcrm_points_use")
        self.add_use(self.spent, self.other.lot_ids, 30)
        self.assertBroken("points_used_once", self.spent)

    def test_a_debit_that_used_nothing(self):
        self.unguarded("DELETE FROM dcrm_points_use")
        self.assertBroken("points_used_once", self.spent)

    def test_points_used_out_of_turn(self):
        soon = self.mine._post("earn", 10, expires_on=self.today() + timedelta(9))
        self.mine._post("earn", 10, expires_on=self.today() + timedelta(99))
        right = self.mine._post("redeem", -15)
        self.assertNoViolations()
        wrong = self.mine._post("redeem", -2)
        lots = self.mine.lot_ids
        self.put(wrong.use_ids, lot_id=lots.filtered(lambda lot: lot.points == 100).id)
        self.assertBroken("points_nearest_expiry_first", wrong)
        self.put(
            right.use_ids.filtered(lambda use: use.credit_id == soon),
            lot_id=lots.filtered(lambda lot: lot.points == 100).id,
        )
        self.put(
            soon.account_id.lot_ids.filtered(lambda lot: lot.move_id == soon),
            remaining=10,
        )
        self.assertBroken("points_nearest_expiry_first", right | wrong)

    # -- moves -----------------------------------------------------------------------

    def test_a_move_of_another_card_club_or_company(self):
        second = self.club("Second", (), program_id=self.make_program().id)
        for values in (
            {"card_id": self.other.card_id.id},
            {"club_id": second.id},
            {"company_id": self.company_b.id},
        ):
            with self.cr.savepoint() as savepoint:
                self.put(self.earned, **values)
                self.assertBroken("points_moves_in_their_account", self.earned)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_numbers_that_a_kind_never_has(self):
        for kind, points, pending in (
            ("earn", -1, 0),
            ("earn", 1, 1),
            ("redeem", 1, 0),
            ("pending", 1, 1),
            ("pending", 0, -1),
            ("release", 2, -1),
            ("reverse", 1, -1),
            ("reverse", -1, 1),
            ("import", -1, 0),
            ("adjust", 1, 0),
            ("present", 1, 0),
        ):
            with self.cr.savepoint() as savepoint:
                strange = self.add_move(self.mine, kind, points, pending)
                self.assertBroken("points_moves_of_their_kind", strange)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_more_taken_back_than_was_earned(self):
        self.mine._reverse(self.earned, 60)
        self.assertNoViolations()
        self.mine._post("reverse", -41, origin_id=self.earned.id)
        self.assertBroken("points_reversed_once", self.earned)

    def test_more_given_back_than_was_redeemed(self):
        self.mine._reverse(self.spent, 30)
        self.assertNoViolations()
        self.mine._post(
            "reverse", 1, origin_id=self.spent.id, lot_id=self.mine.lot_ids[-1:].id
        )
        self.assertBroken("points_reversed_once", self.spent)
        self.assertBroken("points_given_back_as_taken", self.spent)

    def test_points_given_back_of_another_lot(self):
        self.mine._post(
            "reverse", 1, origin_id=self.spent.id, lot_id=self.other.lot_ids.id
        )
        self.assertBroken("points_given_back_as_taken", self.spent)

    def test_more_released_than_was_pending(self):
        later = self.today() + timedelta(9)
        first, second = (
            self.mine._post("pending", 0, pending=10, available_on=later)
            for _each in range(2)
        )
        self.mine._post("release", 10, pending=-10, origin_id=first.id)
        self.assertNoViolations()
        self.mine._post("release", 3, pending=-3, origin_id=first.id)
        self.assertBroken("points_reversed_once", first)

    def test_a_reversal_in_another_club(self):
        club = self.club("Second", (), program_id=self.make_program().id)
        strange = self.account(self.mine.partner_id, club)
        strange._post("earn", 10)
        strange._post("reverse", -5, origin_id=self.earned.id)
        self.assertBroken("points_reversed_once", self.earned)

    def test_a_transfer_that_arrived_nowhere(self):
        self.mine._post("transfer", -10)
        self.assertBroken("points_issued_are_somewhere", self.kept)

    # -- members ---------------------------------------------------------------------

    def test_an_account_of_a_contact(self):
        self.put(self.mine.partner_id, commercial_partner_id=self.other.partner_id.id)
        self.assertBroken("points_of_customers", self.mine)

    def test_a_card_that_no_ledger_keeps(self):
        card = self.card(self.partner(), 3, self.make_program())
        self.put(card, program_id=self.program.id)
        self.assertBroken("points_of_customers", card)

    def test_a_merged_account_that_has_points(self):
        self.mine._transfer(self.other, "Merged")
        self.assertNoViolations()
        self.mine._post("earn", 4)
        self.assertBroken("points_merged_in_full", self.mine)

    def test_a_merged_account_that_is_somebody_s(self):
        self.mine._transfer(self.other, "Merged")
        self.mine.partner_id = self.partner()
        self.mine.card_id.partner_id = self.mine.partner_id
        self.assertBroken("points_merged_in_full", self.mine)

    def test_an_account_of_another_company(self):
        self.put(self.mine, company_id=self.company_b.id)
        self.assertBroken("points_merged_in_full", self.mine)
        self.assertBroken("points_moves_in_their_account", self.earned | self.spent)

    def test_a_request_that_was_done_twice(self):
        for key in ("one", "two"):
            self.accounts.post_request(self.kept, self.mine.partner_id, "earn", 5, key)
        asked = self.env["dcrm.points.request"].search([("key", "in", ("one", "two"))])
        self.assertNoViolations()
        self.put(asked[:1], move_id=asked[1:].move_id.id)
        self.assertBroken("points_asked_for_once", asked)

    def test_a_request_without_an_answer(self):
        self.accounts.post_request(self.kept, self.mine.partner_id, "earn", 5, "one")
        asked = self.env["dcrm.points.request"].search([("key", "=", "one")])
        self.put(asked, answer=None)
        self.assertBroken("points_asked_for_once", asked)

    def test_two_companies_are_apart(self):
        """Whoever audits company A alone sees nothing of company B."""
        program = self.make_program(self.company_b)
        club = self.club("B", (), company=self.company_b, program_id=program.id)
        there = self.account(club=club)
        there._post("earn", 5)
        self.put(there, balance=6)
        self.assertBroken("points_balance_is_moves", there)
        audit = self.env["dcrm.audit"].with_env(self.env_as("manager"))
        self.assertEqual(
            [each for each in audit.run() if each["invariant"].startswith("points")], []
        )
