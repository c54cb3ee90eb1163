"""What late payment costs: from the due date to the day that settled, by amount."""

from datetime import date, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from ..queries import late_payment
from .common_ledger import LedgerCase

DAY = date(2024, 6, 30)
RATE = 36.5  # a tenth of a per cent a day


@tagged("post_install", "-at_install")
class TestLatePayment(LedgerCase):
    def ago(self, days):
        return DAY - timedelta(days)

    def costs(self, as_of=DAY, company=None, moves=None):
        """Return ``{(invoice, customer): cost}``."""
        query = late_payment.select((company or self.company_a).id, as_of, RATE, moves)
        return {
            (move_id, partner_id): float(amount)
            for move_id, partner_id, amount in self.env.execute_query(query)
        }

    def cost(self, move, as_of=DAY):
        costs = self.costs(as_of, move.company_id)
        return costs.get((move.id, move.commercial_partner_id.id), 0.0)

    def test_open_costs_more_each_day(self):
        move = self.bill(self.partner(), 1000.0, self.ago(10))
        self.assertEqual(self.cost(move), 10.0)
        self.assertEqual(self.cost(move, self.ago(5)), 5.0)
        self.assertEqual(self.costs(self.ago(10)), {})

    def test_each_part_until_it_is_paid(self):
        move = self.bill(self.partner(), 1000.0, self.ago(100))
        self.pay(move, 400.0, self.ago(80))
        self.pay(move, 600.0, self.ago(50))
        self.assertEqual(self.cost(move), 0.4 * 20 + 0.6 * 50)
        self.assertEqual(self.cost(move, self.ago(60)), 0.4 * 20 + 0.6 * 40)
        self.assertEqual(self.cost(move, self.ago(90)), 10.0)

    def test_in_time_costs_nothing(self):
        move = self.bill(
            self.partner(), 1000.0, self.ago(60), invoice_date_due=self.ago(30)
        )
        self.pay(move, None, self.ago(30))
        self.assertEqual(self.costs(), {})

    def test_each_installment_from_its_own_day(self):
        move = self.bill(
            self.partner(),
            1000.0,
            self.ago(100),
            invoice_payment_term_id=self.installments.id,
        )
        self.assertEqual(self.cost(move), 0.3 * 90 + 0.7 * 55)

    def test_what_was_credited_was_not_owed(self):
        move = self.bill(self.partner(), 1000.0, self.ago(100))
        self.allocate(move, self.credit_note(move, 400.0, self.ago(20)))
        self.assertEqual(self.cost(move), 0.6 * 100)
        self.assertEqual(self.cost(move, self.ago(21)), 79.0)

    def test_write_off_settles(self):
        move = self.bill(self.partner(), 1000.0, self.ago(100))
        self.pay(move, 900.0, self.ago(40), write_off=True)
        self.assertEqual(self.cost(move), 60.0)

    def test_undone_payment_is_none(self):
        move = self.bill(self.partner(), 1000.0, self.ago(10))
        self.pay(move, None, self.ago(8))
        self.receivable_lines(move).remove_move_reconcile()
        self.env.flush_all()
        self.assertEqual(self.cost(move), 10.0)

    def test_in_the_companys_currency_rounded_to_it(self):
        foreign = self.bill(self.partner(), 1000.0, self.ago(10), currency=self.usd)
        self.assertEqual(self.cost(foreign), 5.0)
        yen = self.bill(self.partner(), 1234.0, self.ago(10), company=self.company_b)
        self.assertEqual(self.cost(yen), 12.0)
        self.assertNotIn(yen.id, [move_id for move_id, _ in self.costs()])

    def test_only_some_invoices(self):
        customer = self.partner()
        move = self.bill(customer, 1000.0, self.ago(10))
        self.bill(customer, 1000.0, self.ago(10))
        only = self.costs(moves=SQL("(SELECT %s)", move.id))
        self.assertEqual(only, {(move.id, customer.id): 10.0})

    def test_drafts_and_credit_notes_cost_nothing(self):
        customer = self.partner()
        self.bill(customer, 1000.0, self.ago(10), post=False)
        self.bill(customer, 1000.0, self.ago(10), move_type="out_refund")
        self.advance(customer, 500.0, self.ago(10))
        self.assertEqual(self.costs(), {})

    def test_rate_of_the_company(self):
        self.assertEqual(self.company_a.late_payment_rate, 0.0)
        with self.assertRaises(ValidationError):
            self.company_a.late_payment_rate = -1.0
