"""The audit compares what the ledger holds of orders with what these say."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from .common_points import PointsCase
from .common_points_audit import Breaking

EARN = "points_orders_earn_what_they_may"
REDEEM = "points_orders_redeem_what_rewards_cost"


@tagged("post_install", "-at_install")
class TestPointsAuditOrder(Breaking, PointsCase):
    def setUp(self):
        super().setUp()
        self.kept = self.points_club()
        self.give(self.kept, 100)
        self.sold = self.order(3)
        self.reward(self.sold)
        self.sold.action_confirm()
        self.entitlement = self.env["dcrm.points.entitlement"].search(
            [("order_id", "=", self.sold.id)]
        )
        self.assertEqual(self.entitlement.points, 300)
        self.assertNoViolations()

    def written(self, records, **values):
        """Write by SQL on tables that nothing guards."""
        self.settle()
        for name, value in values.items():
            self.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = ANY(%s)",
                    SQL.identifier(records._table),
                    SQL.identifier(name),
                    value,
                    records.ids,
                )
            )
        self.env.invalidate_all()

    def post(self, kind, points, **values):
        self.account(self.kept)._post(kind, points, document=self.sold, **values)

    def test_points_beyond_what_the_order_earns(self):
        self.post("earn", 0.01)
        self.assertBroken(EARN, self.sold)

    def test_points_below_what_the_order_earns(self):
        [earned] = self.account(self.kept).move_ids.filtered(
            lambda move: move.kind == "earn"
        )
        self.account(self.kept)._reverse(earned, 0.01, document=self.sold)
        self.assertBroken(EARN, self.sold)

    def test_another_entitlement(self):
        self.written(self.entitlement, points=289)
        self.assertBroken(EARN, self.sold)

    def test_no_entitlement(self):
        self.entitlement.unlink()
        self.assertBroken(EARN, self.sold)

    def test_an_order_that_is_no_longer_confirmed(self):
        self.written(self.sold, state="cancel")
        self.assertBroken(EARN, self.sold)
        self.assertBroken(REDEEM, self.sold)

    def test_points_before_the_invoice(self):
        self.written(self.entitlement, earn_on="invoice")
        self.assertBroken(EARN, self.sold)
        self.invoice(self.sold)
        self.assertNoViolations()

    def test_points_of_who_returned_them(self):
        """Refunded orders hold what is left of what they earn, and neither more."""
        self.refund(self.invoice(self.sold), 1)
        self.assertNoViolations()
        self.post("earn", 0.01)
        self.assertBroken(EARN, self.sold)

    def unsettled(self):
        """Let documents change nothing in the ledger."""
        return patch.object(type(self.env["sale.order"]), "_settle_points")

    def test_a_refund_that_keeps_its_points(self):
        invoice = self.invoice(self.sold)
        with self.unsettled():
            self.refund(invoice)
        self.assertBroken(EARN, self.sold)
        self.sold._settle_points()
        self.assertNoViolations()

    def test_a_part_that_keeps_its_points(self):
        invoice = self.invoice(self.sold)
        with self.unsettled():
            credit = invoice._reverse_moves()
            goods = credit.invoice_line_ids.filtered(lambda line: line.price_unit > 0)
            (credit.invoice_line_ids - goods).unlink()
            goods.quantity = 1
            credit.action_post()
        self.assertBroken(EARN, self.sold)

    def test_an_invoice_that_earned_nothing(self):
        self.kept.earn_on = "invoice"
        order = self.order(2, confirm=True)
        with self.unsettled():
            self.invoice(order)
        self.assertBroken(EARN, order)

    def test_a_payment_that_earned_nothing(self):
        self.kept.earn_on = "paid"
        order = self.order(2, confirm=True)
        invoice = self.invoice(order)
        self.assertNoViolations()
        with self.unsettled():
            self.pay(invoice, 40)
        self.assertBroken(EARN, order)

    def test_refunds_of_before_the_ledger(self):
        """What had gone back before the club kept points stays in its opening."""
        program = self.make_program()
        order = self.order(2, confirm=True)
        self.refund(self.invoice(order), 1)
        club = self.points_club(name="Later", program_id=program.id)
        self.assertEqual(self.balance(club), 200)
        self.assertNoViolations()
        order.order_line.product_uom_qty = 1
        self.assertNoViolations()

    def test_a_reward_that_took_nothing(self):
        line = self.sold.order_line.filtered("points_cost")
        self.written(line, points_cost=49)
        self.assertBroken(REDEEM, self.sold)
        self.written(line, points_cost=0)
        self.assertBroken(REDEEM, self.sold)

    def test_a_refunded_reward_that_gave_nothing_back(self):
        invoice = self.invoice(self.sold)
        with self.unsettled():
            self.refund(invoice)
        self.assertBroken(REDEEM, self.sold)
        self.sold._settle_points()
        self.assertNoViolations()

    def test_a_part_of_a_reward_that_gave_all_back(self):
        invoice = self.invoice(self.sold)
        credit = invoice._reverse_moves()
        for line in credit.invoice_line_ids:
            line.quantity /= 2
        credit.action_post()
        self.assertNoViolations()
        [redeemed] = self.account(self.kept).move_ids.filtered(
            lambda move: move.kind == "redeem"
        )
        self.account(self.kept)._reverse(redeemed, 5, document=self.sold)
        self.assertBroken(REDEEM, self.sold)

    def test_points_that_no_reward_took(self):
        self.post("redeem", -1)
        self.assertBroken(REDEEM, self.sold)
