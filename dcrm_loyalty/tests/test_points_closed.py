"""Clubs that are closed and programs that are archived: what orders had is settled."""

from odoo.exceptions import UserError

from .common_points import PointsCase


class TestPointsClosed(PointsCase):
    def setUp(self):
        super().setUp()
        self.kitchen = self.points_club()
        self.given = self.give(self.kitchen, 60)
        self.bought = self.order(2, confirm=True)
        self.used = self.order(1)
        self.line = self.reward(self.used)
        self.used.action_confirm()
        # 60 given, 200 of the first order, 100 of the second, which took 50.
        self.assertBalance(310)

    def assertBalance(self, points):
        self.assertEqual(self.balance(self.kitchen), points)
        self.assertNoViolations()

    def assertRefused(self, ask, *values):
        with self.assertRaisesRegex(UserError, "is closed"):
            with self.env.cr.savepoint():
                ask(*values)

    def settle_both(self):
        """Shrink one order and cancel the other: the points follow."""
        self.bought.order_line.product_uom_qty = 1
        self.assertBalance(210)
        self.used._action_cancel()
        self.assertBalance(160)
        self.invoice(self.bought)
        self.refund(self.bought.invoice_ids)
        self.assertBalance(60)

    def test_program_archived(self):
        """Lines that change afterwards count by the rules that the program had."""
        self.program.action_archive()
        self.bought.order_line.name = "Pots"
        self.bought.order_line.price_unit = 100
        self.assertBalance(310)
        self.settle_both()
        self.order(1, confirm=True)
        self.assertBalance(60)

    def test_club_closed(self):
        self.kitchen.action_archive()
        self.settle_both()
        later = self.order(1, confirm=True)
        self.assertFalse(later.points_note)
        self.assertBalance(60)

    def test_nobody_uses_points_of_a_closed_club(self):
        quotation = self.order(1)
        self.reward(quotation)
        self.kitchen.action_archive()
        self.assertRefused(quotation.action_confirm)
        ask = self.env["dcrm.points.account"].post_request
        self.assertRefused(ask, self.kitchen.id, self.customer.id, "redeem", 10, "k")
        self.assertBalance(310)
        self.kitchen.action_unarchive()
        quotation.action_confirm()
        self.assertBalance(360)
