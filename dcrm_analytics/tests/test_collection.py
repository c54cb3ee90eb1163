"""What was collected, by method, journal, seller and day; what settles otherwise."""

from datetime import date, timedelta

from odoo.tests import tagged

from .common_ledger import LedgerCase

DAY = date(2024, 6, 30)


@tagged("post_install", "-at_install")
class TestCollection(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies.customer_scoring_today = DAY
        cls.customer = cls("ago").partner("Pays", seller="seller")

    def ago(self, days):
        return DAY - timedelta(days)

    def rows(self, *names, role="seller"):
        """Return the values of what the customer settled, as they happened."""
        self.env.invalidate_all()
        found = self.env_as(role)["dcrm.collection"].search(
            [("partner_id", "=", self.customer.id)], order="date, id"
        )
        return [tuple(row[name] for name in names) for row in found]

    def test_payments_by_journal_day_and_seller(self):
        move = self.bill(
            self.customer,
            100.0,
            self.ago(50),
            invoice_user_id=self.users["other_seller"].id,
        )
        bank = self.pay(move, 40.0, self.ago(30))
        cash = self.pay(move, None, self.ago(20), kind="cash")
        self.assertEqual(
            self.rows("kind", "date", "amount", "days_late", "user_id"),
            [
                ("payment", self.ago(30), 40.0, 20, self.users["other_seller"]),
                ("payment", self.ago(20), 60.0, 30, self.users["other_seller"]),
            ],
        )
        self.assertEqual(
            self.rows("journal_id", "payment_method_line_id"),
            [
                (payment.journal_id, payment.payment_method_line_id)
                for payment in (bank, cash)
            ],
        )
        self.assertEqual(
            self.rows("settled_move_id", "move_id"),
            [(move, bank.move_id), (move, cash.move_id)],
        )

    def test_days_late_are_averaged_by_amount(self):
        for amount, days in ((900.0, 0), (100.0, 50)):
            move = self.bill(self.customer, amount, self.ago(60))
            self.pay(move, None, self.ago(60 - days))
        collections = self.env_as("seller")["dcrm.collection"]
        [[mean]] = collections._read_group([], [], ["days_late:avg"])
        self.assertEqual(mean, 5.0)
        [group] = collections.formatted_read_group([], ["kind"], ["days_late:avg"])
        self.assertEqual(group["days_late:avg"], 5.0)

    def test_paid_before_it_was_billed(self):
        payment = self.advance(self.customer, 100.0, self.ago(40))
        move = self.bill(self.customer, 100.0, self.ago(30))
        self.assertEqual(self.rows("amount"), [])
        self.allocate(move, payment.move_id)
        self.assertEqual(
            self.rows("date", "settled_on", "days_late"),
            [(self.ago(40), self.ago(30), -10)],
        )

    def test_credit_note_and_write_off_are_no_payments(self):
        move = self.bill(self.customer, 100.0, self.ago(30))
        self.allocate(move, self.credit_note(move, 25.0, self.ago(20)))
        self.pay(move, 70.0, self.ago(10), write_off=True)
        self.assertEqual(
            sorted(self.rows("kind", "amount", "days_late")),
            [
                ("credit_note", 25.0, 0),
                ("payment", 75.0, 20),
            ],
        )

    def test_bad_debt_given_up_by_an_entry(self):
        move = self.bill(self.customer, 100.0, self.ago(30))
        lost = self.entry(
            [("bad", None, 100.0), ("receivable", self.customer, -100.0)], self.ago(5)
        )
        self.allocate(move, lost)
        self.assertEqual(
            self.rows("kind", "amount", "date"), [("entry", 100.0, self.ago(5))]
        )

    def test_exchange_difference_makes_up_for_the_money(self):
        """Billed at 0.80, paid at 0.50: 80 are owed, 50 come in, 30 are lost."""
        move = self.bill(self.customer, 100.0, date(2023, 12, 1), currency=self.usd)
        self.pay(move, None, date(2024, 2, 1))
        self.assertEqual(
            sorted(self.rows("kind", "amount")),
            [("exchange", 30.0), ("payment", 50.0)],
        )

    def test_paid_back_is_negative(self):
        note = self.bill(self.customer, 60.0, self.ago(30), move_type="out_refund")
        self.pay(note, None, self.ago(10))
        self.assertEqual(self.rows("kind", "amount"), [("payment", -60.0)])

    def test_returned_payment_settles_nothing(self):
        payment = self.advance(self.customer, 100.0, self.ago(20))
        back = payment.move_id._reverse_moves([{"date": self.ago(10)}], cancel=True)
        self.assertTrue(self.receivable_lines(back).reconciled)
        self.assertEqual(self.rows("kind"), [])

    def test_who_sees_it(self):
        move = self.bill(self.customer, 100.0, self.ago(30))
        self.pay(move, None, self.ago(10))
        self.assertEqual(len(self.rows("id", role="seller_all")), 1)
        self.assertEqual(self.rows("id", role="other_seller"), [])
        self.assertEqual(self.rows("id", role="seller_b"), [])
