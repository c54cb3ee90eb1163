"""Ways to points that nobody has earned: by contexts, imports, states, lines."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_points import PointsCase


@tagged("post_install", "-at_install")
class TestPointsAttack(PointsCase):
    def setUp(self):
        super().setUp()
        self.kitchen = self.points_club()
        self.given = self.give(self.kitchen, 60)
        self.reward_of = self.program.reward_ids
        salesman = self.env.ref("sales_team.group_sale_salesman")
        self.users["seller"].group_ids |= salesman
        self.customer.user_id = self.users["seller"]

    def as_seller(self, records, **context):
        """Return records of the seller's own, as the seller has them."""
        if "user_id" in records:
            records.user_id = self.users["seller"]
        self.env.flush_all()
        return records.with_env(self.env_as("seller")).with_context(**context)

    def assertHas(self, balance, pending=0.0):
        self.env.flush_all()
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.env.cr.execute("SET CONSTRAINTS ALL DEFERRED")
        self.assertEqual(self.balance(self.kitchen), balance)
        self.assertEqual(self.account(self.kitchen).pending, pending)
        self.assertNoViolations()

    def assertRefused(self, call, error=UserError, words=""):
        with self.assertRaisesRegex(error, words), self.env.cr.savepoint():
            call()
        self.env.invalidate_all()

    # -- contexts ----------------------------------------------------------------------

    def test_defaults_in_a_context_make_no_points(self):
        defaults = {
            "default_pending": 777,
            "default_points": 777,
            "default_available_on": "2020-01-01",
            "default_reason": "Gift",
            "default_origin_id": self.given.move_ids.id,
        }
        self.as_seller(self.order(1), **defaults).action_confirm()
        self.assertHas(160)
        self.kitchen.earn_on = "invoice"
        invoice = self.invoice(self.order(1, confirm=True), post=False)
        invoice.with_context(**defaults).action_post()
        self.assertHas(260)
        last = self.given.move_ids.sorted("id")[-1]
        self.assertFalse(last.origin_id or last.available_on)

    def test_card_of_a_program_in_the_context(self):
        """The list of a program's cards imports them so."""
        self.users["seller"].group_ids |= self.env.ref("sales_team.group_sale_manager")
        new = self.partner("New")
        new.user_id = self.users["seller"]
        cards = self.as_seller(
            self.env["loyalty.card"], default_program_id=self.program.id
        )
        give = {"partner_id": new.id, "points": 1000}
        self.assertRefused(lambda: cards.create(give), AccessError)
        gift = cards.with_context(default_partner_id=new.id, default_points=1000)
        self.assertRefused(lambda: gift.create({}), AccessError)
        self.assertFalse(self.account(self.kitchen, new).balance)
        cards.create({"partner_id": new.id})
        self.assertEqual(self.balance(self.kitchen, new), 0)

    @mute_logger("odoo.sql_db")
    def test_card_that_no_one_keeps(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute(
                """
                INSERT INTO loyalty_card (program_id, company_id, code, points, active)
                VALUES (%s, %s, 'X-1', 100, TRUE)
                """,
                (self.program.id, self.company_a.id),
            )
            self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.env.cr.execute("SET CONSTRAINTS ALL DEFERRED")

    def test_archived_rules_count_for_nobody(self):
        rule = self.program.rule_ids
        rule.copy({"reward_point_amount": 50, "active": False})
        order = self.as_seller(self.order(1), active_test=False)
        order.action_confirm()
        self.assertHas(160)

    # -- what rules and lines say ------------------------------------------------------

    def test_more_digits_than_points_have(self):
        rule = self.program.rule_ids
        rule.write({"reward_point_mode": "unit", "reward_point_amount": 0.33333})
        order = self.order(1)
        order.order_line.product_uom_qty = 0.25
        order.action_confirm()
        self.assertHas(60.0833)

    def test_amounts_are_not_written_by_hand(self):
        """Points follow from what is to be paid, not from what a request says it is."""
        forged = {"price_subtotal": 1e6, "price_tax": 0, "price_total": 1e6}
        order = self.as_seller(self.order(1))
        order.order_line.write(forged)
        order.write({"order_line": [Command.update(order.order_line.id, forged)]})
        order.action_confirm()
        self.assertHas(160)
        order.order_line.write({**forged, "name": "Pot"})
        order.write({"order_line": [Command.update(order.order_line.id, forged)]})
        self.assertHas(160)
        self.assertEqual(order.order_line.price_total, 100)
        self.assertEqual(order.order_line.name, "Pot")

    def rewarded(self, confirm=True):
        """Return an order of 100 with 10 off for 50 points."""
        order = self.order(1)
        self.reward(order)
        if confirm:
            order.action_confirm()
            self.assertHas(110)
        return order

    def test_rewards_are_not_written_by_hand(self):
        order = self.rewarded()
        line = self.as_seller(order.order_line.filtered("coupon_id"))
        mine = self.as_seller(order)
        for values in (
            {"points_cost": 0},
            {"points_cost": 1, "product_uom_qty": 2},
            {"product_uom_qty": 2},
            {"coupon_id": False},
            {"reward_id": False},
        ):
            with self.subTest(values):
                words = "is not written by hand"
                self.assertRefused(lambda v=values: line.write(v), words=words)
                command = [Command.update(line.id, values)]
                self.assertRefused(
                    lambda c=command: mine.write({"order_line": c}), words=words
                )
        self.assertHas(110)
        line.name = "Ten off"
        line.product_uom_qty = 0
        self.assertHas(160)

    def test_a_reward_that_an_invoice_gives_keeps_its_points(self):
        """Set to nothing on the order, it is given still until it is credited."""
        order = self.rewarded()
        invoice = self.invoice(order)
        line = self.as_seller(order.order_line.filtered("coupon_id"))
        line.product_uom_qty = 0
        self.assertHas(110)
        self.refund(invoice)
        self.assertHas(60)

    def test_rewards_are_not_made_by_hand(self):
        values = {
            "name": "Ten off",
            "product_id": self.reward_of.discount_line_product_id.id,
            "price_unit": -10,
            "reward_id": self.reward_of.id,
            "coupon_id": self.given.card_id.id,
            "points_cost": 1,
        }
        confirmed = self.as_seller(self.order(1, confirm=True))
        line = [Command.create(values)]
        self.assertRefused(lambda: confirmed.write({"order_line": line}))
        self.assertRefused(
            lambda: self.as_seller(self.env["sale.order"]).create(
                {
                    "partner_id": self.customer.id,
                    "company_id": self.company_a.id,
                    "state": "sale",
                    "order_line": line,
                }
            )
        )
        # A quotation's are counted anew when it is confirmed.
        quotation = self.as_seller(self.order(1, order_line=line))
        self.assertRefused(lambda: quotation.write({"state": "sale"}), words="button")
        self.assertHas(160)
        copied = self.rewarded(confirm=False).copy()
        copied.action_confirm()
        self.assertHas(260)

    def test_a_quotation_keeps_the_card_of_its_reward(self):
        line = self.rewarded(confirm=False).order_line.filtered("coupon_id")
        line = self.as_seller(line)
        self.assertRefused(lambda: line.write({"coupon_id": False}))

    def test_a_state_that_is_written_checks_no_reward(self):
        self.kitchen.members_only = False
        order = self.rewarded(confirm=False)
        self.kitchen.members_only = True
        mine = self.as_seller(order)
        self.assertRefused(lambda: mine.write({"state": "sale"}), words="its button")
        self.assertHas(60)
        self.assertEqual(order.state, "draft")

    # -- credit notes ------------------------------------------------------------------

    def test_a_credit_note_of_a_reward_gives_its_points_back(self):
        order = self.rewarded()
        invoice = self.invoice(order)
        credit = self.refund(invoice)
        self.assertHas(60)
        credit.button_draft()
        self.assertHas(110)
        credit.action_post()
        self.assertHas(60)
        order._action_cancel()
        self.assertHas(60)

    def test_a_credit_note_of_the_goods_alone(self):
        order = self.rewarded()
        credit = self.invoice(order)._reverse_moves()
        credit.invoice_line_ids.filtered(lambda line: line.price_unit < 0).unlink()
        credit.action_post()
        self.assertHas(10)

    def test_half_of_a_reward(self):
        order = self.rewarded()
        self.refund(self.invoice(order), 0.5)
        self.assertHas(60 + 50 - 25)

    # -- merges ------------------------------------------------------------------------

    def test_quotation_of_who_is_merged(self):
        """A reward that was promised is kept, paid from the card that lives on."""
        bob = self.partner("Bob")
        self.give(self.kitchen, 10, bob)
        order = self.rewarded(confirm=False)
        total = order.amount_total
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge([self.customer.id, bob.id], bob)
        self.env.flush_all()
        self.env.invalidate_all()
        order.action_confirm()
        self.assertEqual(order.amount_total, total)
        self.assertEqual(self.balance(self.kitchen, bob), 120)
        self.assertNoViolations()

    # -- programs ----------------------------------------------------------------------

    def test_the_program_of_a_club_stays_one(self):
        for values in (
            {"applies_on": "current"},
            {"program_type": "promotion"},
            {"company_id": self.company_b.id},
        ):
            with self.subTest(values):
                with self.assertRaises(UserError):
                    with self.env.cr.savepoint():
                        self.program.write(values)
                self.env.invalidate_all()
        self.order(1, confirm=True)
        self.assertHas(160)
