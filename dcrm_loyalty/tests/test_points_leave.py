"""What the host's cards, history and orders are left with when the ledger goes."""

from odoo.tests import tagged
from odoo.tools import SQL

from .common_points_card import PointsCardCase


@tagged("post_install", "-at_install")
class TestPointsLeave(PointsCardCase):
    def setUp(self):
        super().setUp()
        self.kitchen = self.points_club()
        self.anna = self.partner("Anna")

    def leave(self):
        self.env["dcrm.points.account"]._leave_to_host()

    def history(self, card):
        """Return [(description, issued, used, document id)] of a card, oldest first."""
        rows = self.env["loyalty.history"].search([("card_id", "=", card.id)])
        return [
            (row.description, row.issued, row.used, row.order_id)
            for row in rows.sorted("id")
        ]

    def order_points(self, order):
        """Return {card id: points} that the host knows of an order."""
        return {
            row.coupon_id.id: row.points
            for row in self.env["sale.order.coupon.points"].search(
                [("order_id", "=", order.id)]
            )
        }

    def test_guards_are_gone(self):
        account = self.give(self.kitchen, self.anna, 100)
        self.leave()
        self.cr.execute(
            "UPDATE loyalty_card SET points = 7 WHERE id = %s", [account.card_id.id]
        )
        self.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        found = self.env.execute_query(
            SQL(
                "SELECT proname FROM pg_proc WHERE proname LIKE %s", "dcrm\\_points\\_%"
            )
        )
        self.assertEqual(found, [])

    def test_balance_and_history(self):
        account = self.give(self.kitchen, self.anna, 100)
        account._adjust(7, "Gift")
        redeemed = account._post("redeem", -30)
        account._reverse(redeemed, 10)
        card = account.card_id
        self.leave()
        self.assertEqual(card.points, 87)
        self.assertEqual(
            self.history(card),
            [
                ("Earned", 100, 0, 0),
                ("Adjusted: Gift", 7, 0, 0),
                ("Redeemed", 0, 30, 0),
                ("Reversed", 0, -10, 0),
            ],
        )

    def test_openings_are_told_already(self):
        program = self.program()
        card = self.env["loyalty.card"].create(
            {"program_id": program.id, "partner_id": self.anna.id, "points": 5}
        )
        row = self.env["loyalty.history"].create(
            {"card_id": card.id, "description": "Gift", "issued": 5}
        )
        self.points_club(program=program)
        self.leave()
        self.assertEqual(card.history_ids, row)
        self.assertEqual(card.points, 5)

    def test_pending_points_can_be_used(self):
        account = self.give(self.kitchen, self.anna, 100)
        account._post("pending", 0, pending=20, available_on=self.today())
        self.leave()
        self.assertEqual(account.card_id.points, 120)
        self.assertEqual(
            self.history(account.card_id)[1:],
            [("Pending points, which can be used now", 20, 0, 0)],
        )

    def test_what_is_owed_is_forgiven(self):
        account = self.give(self.kitchen, self.anna, 100)
        earned = account.move_ids
        account._post("redeem", -80)
        account._reverse(earned, 100)
        account._post("pending", 0, pending=20, available_on=self.today())
        self.leave()
        self.assertEqual(account.card_id.points, 0)
        rows = self.history(account.card_id)
        self.assertEqual(rows[-1], ("Owed points, which are forgiven", 60, 0, 0))
        self.assertEqual(sum(issued - used for _name, issued, used, _id in rows), 0)

    def test_orders_tell_the_host_what_they_brought(self):
        order = self.order(self.anna, 100)
        account = self.account(self.kitchen, self.anna)
        self.assertPoints(account, 100)
        cancelled = self.order(self.anna, 40)
        cancelled._action_cancel()
        self.kitchen.pending_days = 14
        later = self.order(self.anna, 30)
        card = account.card_id
        self.leave()
        self.assertEqual(card.points, 130)
        self.assertEqual(self.order_points(order), {card.id: 100})
        self.assertEqual(self.order_points(later), {card.id: 30})
        self.assertEqual(self.order_points(cancelled), {})
        of_orders = [row for row in self.history(card) if row[3] == order.id]
        self.assertEqual(of_orders, [(f"Earned: {order.name}", 100, 0, order.id)])
        of_orders = [row[1:3] for row in self.history(card) if row[3] == cancelled.id]
        self.assertEqual(of_orders, [(40, 0), (-40, 0)])

    def test_merged_cards(self):
        gone = self.partner("Gone")
        order = self.order(gone, 100)
        old = self.account(self.kitchen, gone)
        kept = self.give(self.kitchen, self.anna, 5)
        line = order.order_line
        self.cr.execute(
            "UPDATE sale_order_line SET coupon_id = %s WHERE id = %s",
            [old.card_id.id, line.id],
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.anna.id, gone.id], self.anna)
        self.leave()
        self.assertEqual(line.coupon_id, kept.card_id)
        self.assertEqual(kept.card_id.points, 105)
        self.assertEqual(self.order_points(order), {kept.card_id.id: 100})
