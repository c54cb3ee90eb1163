from odoo.tests import tagged

from .common_points import PointsCase


@tagged("post_install", "-at_install")
class TestPointsOrder(PointsCase):
    """The ledger holds what an order deserves, whatever happens to the order."""

    def test_confirming_earns(self):
        club = self.points_club()
        order = self.order(2)
        self.assertFalse(self.account(club))
        order.action_confirm()
        self.assertEqual(self.balance(club), 200)
        [move] = self.account(club).move_ids
        self.assertEqual(
            (move.kind, move.res_model, move.res_id, move.reference),
            ("earn", "sale.order", order.id, order.name),
        )

    def test_cancelled_order_leaves_nothing(self):
        club = self.points_club()
        self.give(club, 60)
        order = self.order(2)
        self.reward(order)
        order.action_confirm()
        self.assertEqual(self.balance(club), 60 + 200 - 50)
        order._action_cancel()
        self.assertEqual(self.balance(club), 60)
        order._action_cancel()
        self.assertEqual(self.balance(club), 60)

    def test_lines_of_a_confirmed_order(self):
        club = self.points_club()
        order = self.order(2, confirm=True)
        for quantity, points in ((5, 500), (1, 100), (0, 0), (3, 300)):
            order.order_line.product_uom_qty = quantity
            self.assertEqual(self.balance(club), points)
        order.order_line.copy({"order_id": order.id})
        self.assertEqual(self.balance(club), 600)
        order.order_line[0].price_unit = 50
        self.assertEqual(self.balance(club), 450)

    def test_reopened_order_earns_once(self):
        club = self.points_club()
        order = self.order(2, confirm=True)
        order._action_cancel()
        order.action_draft()
        self.assertEqual(self.balance(club), 0)
        order.action_confirm()
        self.assertEqual(self.balance(club), 200)

    def test_own_earnings_pay_a_reward_of_a_new_customer(self):
        club = self.points_club()
        order = self.order(2)
        self.reward(order)
        order.action_confirm()
        self.assertEqual(self.balance(club), 150)
        order._action_cancel()
        self.assertEqual(self.balance(club), 0)
        self.assertEqual(self.account(club).debt, 0)

    def test_reward_set_to_nothing_gives_its_points_back(self):
        club = self.points_club()
        self.give(club, 60)
        order = self.order(1)
        line = self.reward(order)
        order.action_confirm()
        self.assertEqual(self.balance(club), 110)
        line.product_uom_qty = 0
        self.assertEqual(self.balance(club), 160)
        line.product_uom_qty = 1
        self.assertEqual(self.balance(club), 110)

    def test_programs_without_a_club_go_on_as_ever(self):
        self.points_club(program_id=self.make_program().id)
        order = self.order(2)
        order._update_programs_and_rewards()
        order.action_confirm()
        [card] = self.program.coupon_ids
        self.assertEqual(card.points, 200)
        self.assertEqual(card.history_ids.issued, 200)
        order._action_cancel()
        self.assertEqual(card.points, 0)

    def test_salesperson_without_rights_to_points(self):
        club = self.points_club()
        self.give(club, 60)
        seller = self.make_user(
            "plain", "sales_team.group_sale_salesman_all_leads", self.company_a
        )
        order = self.order(2).with_user(seller)
        order = order.with_context(allowed_company_ids=self.company_a.ids)
        self.reward(order)
        order.action_confirm()
        order.order_line[0].product_uom_qty = 3
        self.assertEqual(self.balance(club), 60 + 300 - 50)
        order._action_cancel()
        self.assertEqual(self.balance(club), 60)
