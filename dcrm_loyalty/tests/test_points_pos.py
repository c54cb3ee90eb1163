"""What the till does to cards of clubs, where point of sale is installed."""

from unittest import SkipTest

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common_points_card import PointsCardCase


@tagged("post_install", "-at_install")
class TestPointsPos(PointsCardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not hasattr(cls.env.get("pos.order"), "confirm_coupon_programs"):
            raise SkipTest("pos_loyalty is not installed")
        env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company_a.ids)
        )
        cash = env["account.journal"].create(
            {"name": "Cash", "code": "XCSH", "type": "cash"}
        )
        method = env["pos.payment.method"].create(
            {"name": "Cash", "journal_id": cash.id, "company_id": cls.company_a.id}
        )
        config = env["pos.config"].create(
            {
                "name": "Till",
                "company_id": cls.company_a.id,
                "payment_method_ids": [Command.set(method.ids)],
            }
        )
        cls.session = env["pos.session"].create(
            {"config_id": config.id, "user_id": env.uid}
        )
        cls.cashier = cls.make_user(
            "cashier", "point_of_sale.group_pos_user", cls.company_a
        )

    def setUp(self):
        super().setUp()
        self.kitchen = self.points_club()
        self.anna = self.partner("Anna")

    def till(self, amount, partner=None, **values):
        """Return a paid order of the till; ``used``: a reward for so many points, of
        the card ``card``."""
        used, card = values.pop("used", 0), values.pop("card", None)
        line = {
            "product_id": self.product.id,
            "qty": 1,
            "price_unit": amount,
            "price_subtotal": amount,
            "price_subtotal_incl": amount,
        }
        reward = self.kitchen.program_id.reward_ids
        rewards = [
            {
                **line,
                "price_unit": -used,
                "price_subtotal": -used,
                "price_subtotal_incl": -used,
                "is_reward_line": True,
                "reward_id": reward.id,
                "reward_identifier_code": "R1",
                "points_cost": used,
                "coupon_id": card and card.id,
            }
        ]
        order = self.env["pos.order"].create(
            {
                "session_id": self.session.id,
                "company_id": self.company_a.id,
                "partner_id": (partner or self.anna).id,
                "amount_total": amount - used,
                "amount_tax": 0,
                "amount_paid": amount - used,
                "amount_return": 0,
                "lines": [
                    Command.create(each) for each in [line, *(rewards if used else [])]
                ],
                **values,
            }
        )
        order.state = "paid"
        return order

    def confirm(self, order, points, card=None, user=None, program=None, **values):
        """Have the till tell what an order does to a card, or to a new one."""
        key = card.id if card else -1
        change = {
            "points": points,
            "program_id": (program or self.kitchen.program_id).id,
            "coupon_id": key,
            "barcode": "",
            "partner_id": order.partner_id.id,
            "line_codes": ["R1"],
            **values,
        }
        self.env.flush_all()
        if user:
            order = order.with_user(user)
            order = order.with_context(allowed_company_ids=self.company_a.ids)
        return order.confirm_coupon_programs({str(key): change})

    def moves(self, account):
        return [
            (move.kind, move.points, move.reference)
            for move in account.move_ids.sorted("id")
        ]

    def test_earned(self):
        order = self.till(120)
        result = self.confirm(order, 120, user=self.cashier)
        account = self.account(self.kitchen, self.anna)
        self.assertPoints(account, 120)
        self.assertEqual(self.moves(account), [("earn", 120, order.display_name)])
        [update] = result["coupon_updates"]
        self.assertEqual((update["id"], update["points"]), (account.card_id.id, 120))
        self.assertFalse(account.card_id.history_ids)
        self.assertKept()

    def test_earned_and_redeemed_in_one_order(self):
        account = self.give(self.kitchen, self.anna, 50)
        order = self.till(120, used=30, card=account.card_id)
        result = self.confirm(order, 60, account.card_id, self.cashier)
        self.assertPoints(account, 110)
        name = order.display_name
        self.assertEqual(
            self.moves(account)[1:], [("earn", 90, name), ("redeem", -30, name)]
        )
        self.assertEqual(result["coupon_updates"][0]["points"], 110)
        self.assertKept()

    def test_told_twice_counts_once(self):
        """A till that was offline tells again what it told before."""
        account = self.give(self.kitchen, self.anna, 50)
        order = self.till(120, used=30, card=account.card_id)
        for _time in range(3):
            self.confirm(order, 60, account.card_id)
        self.assertPoints(account, 110)

    def test_pending_at_the_till_too(self):
        self.kitchen.pending_days = 14
        self.confirm(self.till(120), 120)
        account = self.account(self.kitchen, self.anna)
        self.assertPoints(account, 0, pending=120)

    def test_not_more_than_there_is(self):
        account = self.give(self.kitchen, self.anna, 20)
        order = self.till(20, used=30, card=account.card_id)
        with self.assertRefused("not enough"):
            self.confirm(order, -30, account.card_id)
        self.assertPoints(account, 20)

    def test_a_company_s_contacts_share_the_card(self):
        company = self.partner("Company", is_company=True)
        contact = self.partner("Contact", parent_id=company.id)
        account = self.give(self.kitchen, company, 20)
        self.confirm(self.till(100, contact), 100)
        self.assertPoints(account, 120)
        self.assertEqual(
            self.env["loyalty.card"].search(
                [("program_id", "=", self.kitchen.program_id.id)]
            ),
            account.card_id,
        )

    def test_in_other_hands(self):
        account = self.give(self.kitchen, self.anna, 50)
        order = self.till(50, self.partner("Bob"), used=30, card=account.card_id)
        with self.assertRefused("is that of Anna"):
            self.confirm(order, -30, account.card_id, partner_id=False)
        self.assertPoints(account, 50)

    def test_members_only(self):
        self.kitchen.members_only = True
        account = self.give(self.kitchen, self.anna, 50)
        self.confirm(self.till(120), 120, account.card_id)
        self.assertPoints(account, 50)
        order = self.till(50, used=30, card=account.card_id)
        with self.assertRefused("no active member"):
            self.confirm(order, -30, account.card_id)
        self.join(self.anna, self.kitchen)
        self.confirm(order, -30, account.card_id)
        self.assertPoints(account, 20)

    def test_refunded(self):
        account = self.give(self.kitchen, self.anna, 50)
        bought = self.till(100, used=10, card=account.card_id)
        self.confirm(bought, 80, account.card_id)
        self.assertPoints(account, 130)
        back = self.till(-60)
        back.lines.refunded_orderline_id = bought.lines[0]
        self.confirm(back, -60, account.card_id)
        self.assertPoints(account, 70)
        move = account.move_ids[0]
        self.assertEqual((move.kind, move.origin_id.kind), ("reverse", "earn"))
        again = self.till(-100)
        again.lines.refunded_orderline_id = bought.lines[0]
        self.confirm(again, -100, account.card_id)
        self.assertPoints(account, -30, debt=30)
        self.assertKept()

    def test_merged_meanwhile(self):
        """The till still knows the card of before."""
        lost = self.give(self.kitchen, self.partner("Gone"), 5)
        kept = self.give(self.kitchen, self.anna, 50)
        card = lost.card_id
        lost._give_to(self.anna, "Merged")
        self.confirm(self.till(10), 10, card, partner_id=False)
        self.assertPoints(kept, 65)

    def test_no_number(self):
        order = self.till(10)
        for wrong in (float("nan"), float("inf"), 1e308):
            with self.assertRefused("Points are a number"):
                self.confirm(order, wrong)

    def test_who_may_not_write_the_order(self):
        with self.assertRaises(AccessError):
            self.confirm(self.till(10), 10, user=self.users["nobody"])

    def test_other_programs_go_on(self):
        program = self.program()
        card = self.env["loyalty.card"].create(
            {"program_id": program.id, "partner_id": self.anna.id, "points": 5}
        )
        order = self.till(10)
        for _time in range(2):
            self.confirm(order, 10, card, self.cashier, program=program)
        self.assertEqual(card.points, 15)
        self.assertEqual(len(card.history_ids), 1)
