"""The audit compares what the ledger holds of orders with what these say."""

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
        """Refunded orders may hold less than they are entitled to, and not more."""
        self.refund(self.invoice(self.sold), 1)
        self.assertNoViolations()
        self.post("earn", 300)
        self.assertBroken(EARN, self.sold)

    def test_a_reward_that_took_nothing(self):
        line = self.sold.order_line.filtered("points_cost")
        self.written(line, points_cost=49)
        self.assertBroken(REDEEM, self.sold)
        self.written(line, points_cost=0)
        self.assertBroken(REDEEM, self.sold)

    def test_points_that_no_reward_took(self):
        self.post("redeem", -1)
        self.assertBroken(REDEEM, self.sold)
