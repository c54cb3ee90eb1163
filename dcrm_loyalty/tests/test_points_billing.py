from odoo.fields import Command
from odoo.tests import tagged

from .common_points import PointsCase


@tagged("post_install", "-at_install")
class TestPointsBilling(PointsCase):
    """Invoices, payments and credit notes bring what is earned, and take it back."""

    def test_credit_notes_take_back_in_proportion(self):
        club = self.points_club()
        order = self.order(3, confirm=True)
        invoice = self.invoice(order)
        self.assertEqual(self.balance(club), 300)
        self.refund(invoice, 1)
        self.assertEqual(self.balance(club), 200)
        rest = self.refund(invoice, 2)
        self.assertEqual(self.balance(club), 0)
        rest.button_draft()
        self.assertEqual(self.balance(club), 200)
        rest.action_post()
        self.assertEqual(self.balance(club), 0)
        order._action_cancel()
        self.assertEqual(self.balance(club), 0)
        self.assertEqual(self.account(club).debt, 0)

    def test_earned_when_the_invoice_is_posted(self):
        club = self.points_club(earn_on="invoice")
        order = self.order(3, confirm=True)
        self.assertFalse(self.account(club))
        first = self.invoice(order, 1)
        self.assertEqual(self.balance(club), 100)
        second = self.invoice(order)
        self.assertEqual(self.balance(club), 300)
        self.refund(first)
        self.assertEqual(self.balance(club), 200)
        second.button_draft()
        second.button_cancel()
        self.assertEqual(self.balance(club), 0)

    def test_parts_add_up(self):
        club = self.points_club(earn_on="invoice")
        order = self.order(3)
        order.order_line.price_unit = 33.35
        order.action_confirm()
        for points in (33.35, 66.7, 100.05):
            self.invoice(order, 1)
            self.assertEqual(self.balance(club), points)

    def test_spent_points_that_are_taken_back_are_owed(self):
        self.program.reward_ids.required_points = 150
        club = self.points_club()
        first = self.order(1, confirm=True)
        second = self.order(0.5)
        self.reward(second)
        second.action_confirm()
        self.assertEqual(self.balance(club), 0)
        self.refund(self.invoice(first))
        self.assertEqual(self.balance(club), -100)
        self.assertEqual(self.account(club).debt, 100)
        self.order(3, confirm=True)
        self.assertEqual(self.balance(club), 200)
        self.assertEqual(self.account(club).debt, 0)

    def test_shrunk_and_refunded_counts_once(self):
        club = self.points_club()
        order = self.order(3, confirm=True)
        invoice = self.invoice(order)
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.balance(club), 100)
        self.refund(invoice, 2)
        self.assertEqual(self.balance(club), 100)
        self.refund(invoice, 1)
        self.assertEqual(self.balance(club), 0)

    def test_billed_again_after_a_credit_note(self):
        club = self.points_club()
        order = self.order(2, confirm=True)
        self.refund(self.invoice(order))
        self.assertEqual(self.balance(club), 0)
        self.invoice(order)
        self.assertEqual(self.balance(club), 200)

    def test_earned_when_the_invoice_is_paid(self):
        club = self.points_club(earn_on="paid")
        order = self.order(2, confirm=True)
        invoice = self.invoice(order)
        self.assertFalse(self.account(club))
        part = self.pay(invoice, 50)
        self.assertEqual(self.balance(club), 50)
        self.pay(invoice)
        self.assertEqual(self.balance(club), 200)
        part.action_draft()
        part.action_cancel()
        self.assertEqual(self.balance(club), 150)
        self.refund(invoice)
        self.assertEqual(self.balance(club), 0)

    def test_payment_without_an_entry(self):
        club = self.points_club(earn_on="paid")
        invoice = self.invoice(self.order(2, confirm=True))
        payment = self.pay_without_entry(invoice, 50)
        self.assertFalse(payment.move_id)
        self.assertEqual(self.balance(club), 50)
        payment.action_cancel()
        self.assertEqual(self.balance(club), 0)

    def write_off(self, invoice, amount, *sides):
        """Settle a part of an invoice by an entry on accounts of these types.

        Each side is ``(type, amount)``.
        """
        [receivable] = invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        accounts = self.env["account.account"].with_company(self.company_a)
        entry = self.env["account.move"].create(
            {
                "journal_id": self.env["account.journal"]
                .create(
                    {
                        "name": "Adjustments",
                        "code": f"XA{next(self.numbers)}",
                        "type": "general",
                        "company_id": self.company_a.id,
                    }
                )
                .id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.account_id.id,
                            "partner_id": invoice.partner_id.id,
                            "credit": amount,
                        }
                    ),
                    *(
                        Command.create(
                            {
                                "account_id": accounts.create(
                                    {
                                        "name": kind,
                                        "code": f"XW{next(self.numbers)}",
                                        "account_type": kind,
                                    }
                                ).id,
                                "debit": debit,
                            }
                        )
                        for kind, debit in sides
                    ),
                ],
            }
        )
        entry.action_post()
        credit = entry.line_ids.filtered("credit")
        (receivable | credit).reconcile()
        return entry

    def test_what_is_written_off_is_not_paid(self):
        club = self.points_club(earn_on="paid")
        invoice = self.invoice(self.order(2, confirm=True))
        self.pay(invoice, 80)
        self.assertEqual(self.balance(club), 80)
        entry = self.write_off(
            invoice, 120, ("expense", 100), ("liability_current", 20)
        )
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self.balance(club), 80)
        self.assertNoViolations()
        entry.line_ids.remove_move_reconcile()
        self.pay(invoice)
        self.assertEqual(self.balance(club), 200)

    def test_entries_that_pay(self):
        """What is set off, and what the bank takes in less its charge, is paid."""
        club = self.points_club(earn_on="paid")
        invoice = self.invoice(self.order(2, confirm=True))
        self.write_off(invoice, 50, ("liability_current", 50))
        self.assertEqual(self.balance(club), 50)
        self.write_off(invoice, 150, ("asset_cash", 148), ("expense", 2))
        self.assertEqual(self.balance(club), 200)

    def test_credit_note_for_an_unpaid_invoice(self):
        club = self.points_club(earn_on="paid")
        invoice = self.invoice(self.order(2, confirm=True))
        credit = self.refund(invoice, 1)
        lines = (invoice | credit).line_ids
        lines.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual(invoice.amount_residual, 100)
        self.assertFalse(self.account(club))
        self.pay(invoice)
        self.assertEqual(self.balance(club), 100)

    def test_way_of_earning_is_that_of_the_day(self):
        club = self.points_club()
        first = self.order(2, confirm=True)
        club.earn_on = "invoice"
        second = self.order(1, confirm=True)
        self.assertEqual(self.balance(club), 200)
        self.invoice(second)
        self.invoice(first)
        self.assertEqual(self.balance(club), 300)

    def test_orders_of_before_take_back_once(self):
        order = self.order(2, confirm=True)
        invoice = self.invoice(order)
        spent = self.order(1)
        self.reward(spent)
        spent.action_confirm()
        club = self.points_club()
        self.assertEqual(self.balance(club), 250)
        self.refund(invoice, 1)
        self.assertEqual(self.balance(club), 150)
        order._action_cancel()
        self.assertEqual(self.balance(club), 50)
        spent._action_cancel()
        self.assertEqual(self.balance(club), 0)
        spent.action_draft()
        spent.action_confirm()
        self.assertEqual(self.balance(club), 100)
        spent._action_cancel()
        self.assertEqual(self.balance(club), 0)
