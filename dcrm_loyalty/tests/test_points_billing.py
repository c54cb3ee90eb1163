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
