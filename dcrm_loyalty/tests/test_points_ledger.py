"""The database itself keeps the ledger true: what raw SQL may not do."""

from odoo.tests import tagged

from .common_points_ledger import LedgerCase

# A move of the account of another one, of so many points.
ADD = """
    INSERT INTO dcrm_points_move (account_id, card_id, club_id, company_id, kind, date,
                                  day, points, pending)
    SELECT account_id, card_id, club_id, company_id, %s, date, day, %s, %s
      FROM dcrm_points_move WHERE id = %s
"""
USE = "INSERT INTO dcrm_points_use (debit_id, lot_id, points) VALUES (%s, %s, %s)"


@tagged("post_install", "-at_install")
class TestPointsLedger(LedgerCase):
    def setUp(self):
        super().setUp()
        self.mine = self.account()
        self.earned = self.mine._post("earn", 100)
        self.spent = self.mine._post("redeem", -30)
        self.assertBalance(self.mine, 70)

    def add(self, kind, points, pending=0):
        self.cr.execute(ADD, (kind, points, pending, self.earned.id))
        self.cr.execute(
            "SELECT max(id) FROM dcrm_points_move WHERE account_id = %s",
            [self.mine.id],
        )
        return self.cr.fetchone()[0]

    # -- moves and uses only grow ----------------------------------------------------

    def test_moves_are_never_changed(self):
        for column in ("points", "account_id", "day", "reason", "kind"):
            self.assertDatabaseRefuses(
                f"UPDATE dcrm_points_move SET {column} = {column} WHERE id = %s",
                self.earned.id,
            )

    def test_moves_are_never_deleted(self):
        pending = self.mine._post("pending", 0, pending=5)
        for move in (self.earned, self.spent, pending):
            self.assertDatabaseRefuses(
                "DELETE FROM dcrm_points_move WHERE id = %s", move.id
            )

    def test_uses_are_never_changed_or_deleted(self):
        use = self.spent.use_ids
        self.assertDatabaseRefuses(
            "UPDATE dcrm_points_use SET points = 1 WHERE id = %s", use.id
        )
        self.assertDatabaseRefuses("DELETE FROM dcrm_points_use WHERE id = %s", use.id)

    def test_no_table_is_truncated(self):
        for table in ("use", "lot", "move", "account"):
            self.assertDatabaseRefuses(f"TRUNCATE dcrm_points_{table} CASCADE")

    def test_the_orm_refuses_in_words(self):
        with self.assertRefused("never changed or deleted"):
            self.earned.write({"reason": "Another"})
        with self.assertRefused("never changed or deleted"):
            self.earned.unlink()
        with self.assertRefused("that has moves stays"):
            self.mine.unlink()

    # -- what follows from the moves is not written ----------------------------------

    def test_balances_are_not_written(self):
        for column in ("balance", "pending", "debt"):
            for value in ("1000", "0.0001", "NULL", "'NaN'"):
                self.assertDatabaseRefuses(
                    f"UPDATE dcrm_points_account SET {column} = {value} WHERE id = %s",
                    self.mine.id,
                )

    def test_no_account_begins_with_a_balance(self):
        for balance, debt in (("5", "0"), ("NULL", "0"), ("-5", "5"), ("'NaN'", "0")):
            self.assertDatabaseRefuses(
                f"""
                INSERT INTO dcrm_points_account (club_id, company_id, balance, pending,
                                                 debt)
                SELECT club_id, company_id, {balance}, 0, {debt}
                  FROM dcrm_points_account WHERE id = %s
                """,
                self.mine.id,
            )

    def test_an_account_with_a_balance_is_not_deleted(self):
        self.assertDatabaseRefuses(
            "DELETE FROM dcrm_points_account WHERE id = %s", self.mine.id
        )

    def test_lots_are_not_written(self):
        lot = self.mine.lot_ids
        other = self.account()
        for change in (
            "remaining = remaining + 1",
            "remaining = 0",
            "points = points + 1",
            "remaining = NULL",
            f"account_id = {other.id}",
            f"move_id = {self.spent.id}",
        ):
            self.assertDatabaseRefuses(
                f"UPDATE dcrm_points_lot SET {change} WHERE id = %s", lot.id
            )
        self.assertDatabaseRefuses("DELETE FROM dcrm_points_lot WHERE id = %s", lot.id)

    def test_no_lot_is_made_by_hand(self):
        for points in (5, 0):
            self.assertDatabaseRefuses(
                """
                INSERT INTO dcrm_points_lot (move_id, account_id, points, remaining)
                VALUES (%s, %s, %s, %s)
                """,
                self.spent.id,
                self.mine.id,
                points,
                points,
            )

    def test_a_card_that_disagrees_is_refused(self):
        for points in ("71", "70.0001", "NULL", "'NaN'", "-70"):
            self.assertDatabaseRefuses(
                f"UPDATE loyalty_card SET points = {points} WHERE id = %s",
                self.mine.card_id.id,
            )

    def test_a_card_may_be_written_and_put_right_in_a_transaction(self):
        for points in (99, 70):
            self.cr.execute(
                "UPDATE loyalty_card SET points = %s WHERE id = %s",
                [points, self.mine.card_id.id],
            )
        self.assertBalance(self.mine, 70)

    def test_an_account_takes_no_card_that_disagrees(self):
        other = self.card(self.partner(), 5, self.make_program())
        self.env.flush_all()
        self.assertDatabaseRefuses(
            "UPDATE dcrm_points_account SET card_id = %s WHERE id = %s",
            other.id,
            self.mine.id,
        )
        self.assertDatabaseRefuses(
            """
            INSERT INTO dcrm_points_account (club_id, company_id, card_id, balance,
                                             pending, debt)
            VALUES (%s, %s, %s, 0, 0, 0)
            """,
            self.kept.id,
            self.company_a.id,
            other.id,
        )

    # -- what a move may be ----------------------------------------------------------

    def test_a_move_by_sql_moves_all_that_follows_from_it(self):
        self.add("earn", 12.5)
        self.assertBalance(self.mine, 82.5)
        self.assertEqual(self.lots(self.mine), [(100, 70, False), (12.5, 12.5, False)])

    def test_numbers_that_are_none(self):
        for points in ("NaN", "Infinity", "-Infinity", "1e10", "-1e10", "0.00005"):
            for values in ((points, 0), (0, points)):
                self.assertDatabaseRefuses(ADD, "import", *values, self.earned.id)
        self.assertDatabaseRefuses(ADD, "import", 0, 0, self.earned.id)
        self.assertDatabaseRefuses(ADD, "import", None, 0, self.earned.id)

    def test_the_biggest_numbers(self):
        account = self.account()
        self.earned = account._post("import", 9_999_999_999.9999)
        account._post("redeem", -9_999_999_999.9998)
        self.assertBalance(account, 0.0001)

    def test_a_debit_is_covered(self):
        for kind in ("redeem", "expire", "adjust", "earn", "import", "release"):
            self.assertDatabaseRefuses(ADD, kind, -1, 0, self.earned.id)

    def test_a_debit_is_not_covered_in_part(self):
        with self.assertDatabaseFails():
            debit = self.add("redeem", -10)
            self.cr.execute(USE, (debit, self.mine.lot_ids.id, 9))

    def test_a_debit_uses_no_more_than_it_takes(self):
        lot = self.mine.lot_ids
        self.assertDatabaseRefuses(USE, self.spent.id, lot.id, 1)
        # Not even where another debit of the account is not covered.
        self.mine._post("reverse", -90, origin_id=self.earned.id)
        self.assertBalance(self.mine, -20, debt=20)
        with self.assertDatabaseFails():
            fresh = self.add("earn", 5)
            self.cr.execute(
                """
                INSERT INTO dcrm_points_use (debit_id, lot_id, points)
                SELECT %s, id, 5 FROM dcrm_points_lot WHERE move_id = %s
                """,
                [self.spent.id, fresh],
            )

    def test_a_debit_uses_lots_of_its_account_only(self):
        other = self.account()
        other._post("earn", 50)
        with self.assertDatabaseFails():
            debit = self.add("redeem", -10)
            self.cr.execute(USE, (debit, other.lot_ids.id, 10))

    def test_a_credit_uses_nothing(self):
        other = self.mine._post("earn", 1)
        self.assertDatabaseRefuses(USE, other.id, self.mine.lot_ids[0].id, 1)

    def test_a_use_takes_something(self):
        for points in ("0", "-1", "NaN", "0.00005"):
            self.assertDatabaseRefuses(USE, self.spent.id, self.mine.lot_ids.id, points)

    def test_open_points_beside_a_debt_are_refused(self):
        self.mine._post("reverse", -100, origin_id=self.earned.id)
        self.assertBalance(self.mine, -30, debt=30)
        self.assertDatabaseRefuses(ADD, "earn", 10, 0, self.earned.id)
        self.assertDatabaseRefuses(ADD, "earn", 100, 0, self.earned.id)

    def test_no_more_pending_points_are_taken_than_there_are(self):
        self.mine._post("pending", 0, pending=5)
        self.assertDatabaseRefuses(ADD, "release", 6, -6, self.earned.id)
        self.assertBalance(self.mine, 70, pending=5)

    # -- one account a member --------------------------------------------------------

    def test_one_account_a_member_and_a_card(self):
        other = self.account()
        for column in ("partner_id", "card_id"):
            self.assertDatabaseRefuses(
                f"""
                UPDATE dcrm_points_account SET {column} = (
                    SELECT {column} FROM dcrm_points_account WHERE id = %s)
                 WHERE id = %s
                """,
                self.mine.id,
                other.id,
            )

    def test_whom_points_belong_to_stays(self):
        for statement, record in (
            ("DELETE FROM res_partner WHERE id = %s", self.mine.partner_id),
            ("DELETE FROM loyalty_card WHERE id = %s", self.mine.card_id),
            ("DELETE FROM dcrm_club WHERE id = %s", self.kept),
        ):
            self.assertDatabaseRefuses(statement, record.id)

    # -- what is asked of the ledger -------------------------------------------------

    def test_not_enough(self):
        with self.assertRefused("has 70.0 points of Points Club: that is not enough"):
            self.mine._post("redeem", -70.0001)
        self.mine._post("redeem", -70)
        with self.assertRefused("has 0.0 points"):
            self.mine._post("adjust", -0.0001)
        self.assertBalance(self.mine, 0)

    def test_digits_below_the_last_count_for_nothing(self):
        self.mine._post("redeem", -70.00004)
        self.assertBalance(self.mine, 0)
        self.mine._post("earn", 0.00005)
        self.assertBalance(self.mine, 0.0001)
        with self.assertRefused("not enough"):
            self.mine._post("redeem", -0.00015)
        for _time in range(10):
            self.mine._post("earn", 0.1)
        self.mine._post("redeem", -1.0001)
        self.assertBalance(self.mine, 0)

    def test_numbers_that_are_none_are_refused_when_asked_for(self):
        for points in (float("nan"), float("inf"), 1e10, 1e308, -1e308):
            for kind in ("earn", "redeem", "reverse", "adjust"):
                with self.assertRefused("Points are a number"):
                    self.mine._post(kind, points)
        with self.assertDatabaseFails():
            self.mine._post("earn", 0.0)
        self.assertBalance(self.mine, 70)

    def test_what_is_not_held_is_not_reversed(self):
        for move, most in ((self.earned, 100), (self.spent, 30)):
            for points in (most + 0.01, 0, -1, float("nan")):
                with self.assertRaises(ValueError):
                    self.mine._reverse(move, points)
        self.mine._reverse(self.earned, 60)
        with self.assertRaises(ValueError):
            self.mine._reverse(self.earned, 41)
        self.mine._reverse(self.spent, 20)
        with self.assertRaises(ValueError):
            self.mine._reverse(self.spent, 11)
        self.assertBalance(self.mine, 30)
