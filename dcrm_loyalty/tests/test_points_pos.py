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
        self.kitchen.program_id.reward_ids.write(
            {"discount_mode": "per_point", "discount": 1, "required_points": 1}
        )
        self.anna = self.partner("Anna")

    def till(self, amount, partner=None, **values):
        """Return a paid order of the till; ``used``: a reward for so many points, of
        the card ``card``."""
        used, card = values.pop("used", 0), values.pop("card", None)
        state = values.pop("state", "paid")
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
        order.state = state
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

    def refund(self, bought, part, **values):
        """Return an order of the till to which a part of another's lines comes back."""
        lines = [
            Command.create(
                {
                    **line.copy_data()[0],
                    "order_id": False,
                    "qty": -part * line.qty,
                    "price_subtotal": -part * line.price_subtotal,
                    "price_subtotal_incl": -part * line.price_subtotal_incl,
                    "refunded_orderline_id": line.id,
                }
            )
            for line in bought.lines
        ]
        lines += values.pop("lines", [])
        total = sum(line["price_subtotal_incl"] for _command, _id, line in lines)
        return self.till(total, lines=lines, **values)

    def test_trap_21_refunded(self):
        """The host's till takes nothing back: it tells of 0 points."""
        account = self.give(self.kitchen, self.anna, 50)
        self.kitchen.program_id.rule_ids.minimum_qty = 0
        bought = self.till(100)
        self.confirm(bought, 100, account.card_id)
        part = self.refund(bought, 0.6)
        for _time in range(2):
            self.confirm(part, 0, account.card_id, self.cashier)
            self.assertPoints(account, 90)
        move = account.move_ids[0]
        self.assertEqual((move.kind, move.origin_id.kind), ("reverse", "earn"))
        account._post("redeem", -70)
        self.confirm(self.refund(bought, 0.4), 0, account.card_id, self.cashier)
        self.assertPoints(account, -20, debt=20)
        self.assertKept()

    def test_refunded_with_its_reward(self):
        account = self.give(self.kitchen, self.anna, 50)
        bought = self.till(100, used=10, card=account.card_id)
        self.confirm(bought, 80, account.card_id)
        self.assertPoints(account, 130)
        back = self.refund(bought, 1.0)
        self.confirm(back, -10, account.card_id, self.cashier)
        self.assertPoints(account, 50)
        self.assertKept()

    def test_exchanged(self):
        """What comes back and what is bought instead count each by itself."""
        account = self.give(self.kitchen, self.anna, 1)
        bought = self.till(100)
        self.confirm(bought, 100, account.card_id)
        line = {
            "product_id": self.product.id,
            "qty": 3,
            "price_unit": 50,
            "price_subtotal": 150,
            "price_subtotal_incl": 150,
        }
        other = self.refund(bought, 1.0, lines=[Command.create(line)])
        self.confirm(other, 50, account.card_id, self.cashier)
        self.assertPoints(account, 151)
        self.assertEqual(self.kinds(account)[2:], [("earn", 150), ("reverse", -100)])
        self.assertKept()

    def test_no_more_is_taken_back_than_was_brought(self):
        account = self.give(self.kitchen, self.anna, 500)
        bought = self.till(100, used=10, card=account.card_id)
        self.confirm(bought, 80, account.card_id)
        for order, points in ((self.refund(bought, 1.0), -171), (self.till(5), -1)):
            with self.assertRefused("it earns .* at most"):
                self.confirm(order, points, account.card_id, self.cashier)
        self.assertPoints(account, 580)

    # -- what a cashier says -----------------------------------------------------------

    def test_no_more_is_earned_than_rules_give(self):
        for points in (1_000_000, 10.5):
            with self.assertRefused("it earns 10.0[0-9]* at most"):
                self.confirm(self.till(10), points, user=self.cashier)
        account = self.account(self.kitchen, self.anna)
        self.assertPoints(account, 0)
        self.confirm(self.till(10), 10, account.card_id, self.cashier)
        self.assertPoints(account, 10)

    def test_rules_of_the_till(self):
        """Money rounds half up; a rule counts what it names, from its minimum on."""
        other = self.env["product.product"].create({"name": "Other"})
        self.kitchen.program_id.rule_ids = [
            Command.clear(),
            Command.create(
                {
                    "reward_point_mode": "money",
                    "reward_point_amount": 0.1,
                    "minimum_amount": 50,
                }
            ),
            Command.create(
                {
                    "reward_point_mode": "unit",
                    "reward_point_amount": 7,
                    "product_ids": [Command.set(other.ids)],
                }
            ),
        ]
        account = self.give(self.kitchen, self.anna, 1)
        with self.assertRefused("it earns 0.0 at most"):
            self.confirm(self.till(49), 4.9, account.card_id)
        self.confirm(self.till(100.05), 10.01, account.card_id)
        self.assertPoints(account, 11.01)
        order = self.till(10)
        order.lines.product_id = other
        self.confirm(order, 7, account.card_id)
        self.assertPoints(account, 18.01)

    def test_program_that_is_over(self):
        self.kitchen.program_id.date_to = self.days_ago(3)
        with self.assertRefused("it earns 0.0 at most"):
            self.confirm(self.till(10), 10)

    def test_rewards_that_cost_less_than_nothing(self):
        account = self.give(self.kitchen, self.anna, 100)
        order = self.till(10, used=5, card=account.card_id)
        order.lines.filtered("is_reward_line").points_cost = -1000
        with self.assertRefused("costs less than no points"):
            self.confirm(order, 1000, account.card_id, self.cashier)
        self.assertPoints(account, 100)

    def test_rewards_that_cost_less_than_they_give(self):
        account = self.give(self.kitchen, self.anna, 100)
        reward = self.kitchen.program_id.reward_ids
        order = self.till(60, used=50, card=account.card_id)
        given = order.lines.filtered("is_reward_line")
        given.points_cost = 1
        with self.assertRefused("for fewer points than it costs"):
            self.confirm(order, 9, account.card_id, self.cashier)
        reward.write({"discount_mode": "per_order", "required_points": 40})
        given.points_cost = 39
        with self.assertRefused("for fewer points than it costs"):
            self.confirm(order, -29, account.card_id, self.cashier)
        self.assertPoints(account, 100)
        # A till that was opened before has the reward as it was.
        self.session.start_at = self.days_ago(1)
        self.confirm(order, -29, account.card_id, self.cashier)
        self.assertPoints(account, 71)

    def test_lines_that_come_to_more_than_the_order(self):
        account = self.give(self.kitchen, self.anna, 5)
        order = self.till(10)
        order.lines.price_subtotal_incl = 1000
        with self.assertRefused("come to .*1,000.00.*, and not to .*10.00"):
            self.confirm(order, 1000, account.card_id, self.cashier)
        self.assertPoints(account, 5)

    def test_products_that_cost_less_than_they_are(self):
        account = self.give(self.kitchen, self.anna, 100)
        self.kitchen.program_id.reward_ids.write(
            {
                "reward_type": "product",
                "reward_product_id": self.product.id,
                "reward_product_qty": 2,
                "required_points": 20,
            }
        )
        order = self.till(60, used=20, card=account.card_id)
        given = order.lines.filtered("is_reward_line")
        given.qty = 4
        with self.assertRefused("for fewer points than it costs"):
            self.confirm(order, 20, account.card_id, self.cashier)
        given.points_cost = 40
        self.confirm(order, 0, account.card_id, self.cashier)
        self.assertPoints(account, 100)

    def test_orders_that_are_not_paid(self):
        order = self.till(10, state="draft")
        with self.assertRefused("is not paid"):
            self.confirm(order, 10, user=self.cashier)

    def test_expired_card(self):
        account = self.give(self.kitchen, self.anna, 100)
        account.card_id.expiration_date = self.days_ago(5)
        order = self.till(10, used=5, card=account.card_id)
        with self.assertRefused("expired on"):
            self.confirm(order, 5, account.card_id, self.cashier)
        account.card_id.expiration_date = self.today()
        self.confirm(order, 5, account.card_id, self.cashier)
        self.assertPoints(account, 105)

    # -- the audit ---------------------------------------------------------------------

    def test_audit(self):
        account = self.give(self.kitchen, self.anna, 100)
        order = self.till(10, used=5, card=account.card_id)
        self.confirm(order, 5, account.card_id)
        self.assertKept()
        reward = order.lines.filtered("is_reward_line")
        for values in ({"points_cost": 4}, {"points_cost": 6}):
            reward.write(values)
            self.assertTill(order)
        reward.points_cost = 5
        self.assertTill()
        account._post("earn", 40, document=order)
        self.assertTill(order)

    def test_audit_of_what_is_taken_without_a_name(self):
        account = self.give(self.kitchen, self.anna, 100)
        order = self.till(10)
        account._post("reverse", -5, document=order)
        self.assertTill(order)

    def assertTill(self, *orders):
        """The audit names these orders of the till, and no others."""
        self.env.flush_all()
        found = {
            each["invariant"]: each["ids"] for each in self.env["dcrm.audit"].run()
        }
        self.assertEqual(
            found.get("points_orders_of_the_till", []), [each.id for each in orders]
        )

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
