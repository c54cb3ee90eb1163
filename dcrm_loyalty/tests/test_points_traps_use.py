"""Where the host lets an order use points that it should not, or none at all."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_points import PointsCase


@tagged("post_install", "-at_install")
class TestPointsTrapsUse(PointsCase):
    def setUp(self):
        super().setUp()
        self.points = self.points_club()
        self.today = self.company_a._customer_today()

    def coupon(self, partner=None, **values):
        """Return a coupon for 10 % off, bound to a partner or to nobody."""
        program = self.env["loyalty.program"].create(
            {
                "name": "Coupons",
                "program_type": "coupons",
                "applies_on": "current",
                "trigger": "with_code",
                "company_id": self.company_a.id,
                "rule_ids": [Command.clear()],
                "reward_ids": [Command.create({"discount": 10, "required_points": 1})],
            }
        )
        return self.env["loyalty.card"].create(
            {
                "program_id": program.id,
                "points": 1,
                "partner_id": partner and partner.id,
                **values,
            }
        )

    def test_trap_01_raised_rewarded_and_cancelled(self):
        order = self.order(1, confirm=True)
        self.assertEqual(self.balance(self.points), 100)
        order.order_line.product_uom_qty = 5
        order.action_open_reward_wizard()
        self.assertEqual(order.order_line[1:].points_cost, 50)
        self.assertEqual(self.balance(self.points), 450)
        order._action_cancel()
        self.assertEqual(self.balance(self.points), 0)
        self.assertFalse(self.account(self.points).debt)

    def test_trap_10_expired_card(self):
        account = self.give(self.points, 60)
        order = self.order(1)
        self.reward(order)
        account.card_id.expiration_date = self.today - timedelta(days=1)
        with self.assertRefused("expired on .* Remove its reward"):
            order.action_confirm()
        self.assertEqual(order.state, "draft")
        self.assertEqual(len(order.order_line), 2, "nothing is dropped in silence")
        later = self.order(1)
        later._update_programs_and_rewards()
        self.assertFalse(later._get_claimable_rewards())

    def test_trap_10_expired_coupon(self):
        coupon = self.coupon(expiration_date=self.today)
        order = self.order(1)
        [(card, rewards)] = order._try_apply_code(coupon.code).items()
        order._apply_program_reward(rewards, card)
        coupon.expiration_date = self.today - timedelta(days=1)
        with self.assertRefused("expired on"):
            order.action_confirm()

    def test_trap_11_coupon_in_other_hands(self):
        alice, bob = (
            self.env["res.partner"].create({"name": name}) for name in ("Alice", "Bob")
        )
        coupon = self.coupon(alice)
        order = self.order(1, partner=bob)
        self.assertIn("belongs to Alice", order._try_apply_code(coupon.code)["error"])
        with self.assertRefused("belongs to Alice"):
            self.env["sale.loyalty.coupon.wizard"].create(
                {"order_id": order.id, "coupon_code": coupon.code}
            ).action_apply()
        self.company_a.coupons_personal = False
        [(card, rewards)] = order._try_apply_code(coupon.code).items()
        order._apply_program_reward(rewards, card)
        self.company_a.coupons_personal = True
        with self.assertRefused("belongs to Alice, not to Bob"):
            order.action_confirm()
        order.partner_id = alice
        order.action_confirm()
        self.assertEqual(order.amount_total, 90)

    def test_trap_11_contacts_of_who_it_belongs_to(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        coupon = self.coupon(self.customer)
        self.assertNotIn(
            "error", self.order(1, partner=contact)._try_apply_code(coupon.code)
        )

    def test_trap_11_companies_without_points_are_left_alone(self):
        self.assertTrue(self.company_a.coupons_personal)
        self.assertFalse(self.company_b.coupons_personal)

    def test_trap_14_two_quotations_on_the_same_points(self):
        self.give(self.points, 60)
        self.program.applies_on = "future"
        first, second = self.order(1), self.order(1)
        for order in first | second:
            self.reward(order)
        first.action_confirm()
        # What the first has earned is not enough for the second.
        self.account(self.points)._post("adjust", -100, reason="test")
        with self.assertRefused("take 50.0 points .* has 10.0 by now. Remove a reward"):
            second.action_confirm()
        self.assertEqual(second.state, "draft")
        self.assertEqual(self.balance(self.points), 10)

    def test_trap_14_both_at_once(self):
        self.give(self.points, 60)
        self.points.earn_on = "invoice"
        orders = self.order(1) | self.order(1)
        for order in orders:
            self.reward(order)
        with self.assertRefused("not enough for 50"):
            orders.action_confirm()
        self.assertEqual(set(orders.mapped("state")), {"draft"})

    def test_trap_15_quotations_make_no_cards(self):
        partner = self.env["res.partner"].create({"name": "New"})
        order = self.order(0.4, partner=partner)
        order._update_programs_and_rewards()
        order.action_open_reward_wizard()
        self.assertFalse(self.program.coupon_ids)
        order.action_confirm()
        self.assertEqual(self.program.coupon_ids.partner_id, partner)

    def test_trap_16_contacts_of_a_company_share(self):
        contacts = self.env["res.partner"].create(
            [{"name": name, "parent_id": self.customer.id} for name in ("One", "Two")]
        )
        self.order(1, partner=contacts[0], confirm=True)
        order = self.order(1, partner=contacts[1])
        self.reward(order)
        order.action_confirm()
        self.assertEqual(self.balance(self.points), 150)
        self.assertEqual(self.program.coupon_ids.partner_id, self.customer)

    def test_trap_16_other_companies_have_no_part(self):
        program = self.make_program(company=False)
        club = self.points_club(name="All", program_id=program.id)
        card = self.give(club, 500).card_id
        order = self.order(1, company=self.company_b)
        order._update_programs_and_rewards()
        self.assertFalse(order._get_claimable_rewards())
        refusal = order._apply_program_reward(program.reward_ids, card)
        self.assertIn("is a club of Company A", refusal["error"])
        order.action_confirm()
        self.assertEqual(self.balance(club), 500)

    def test_card_of_another_customer(self):
        other = self.env["res.partner"].create({"name": "Other"})
        card = self.give(self.points, 500, other).card_id
        order = self.order(1)
        refusal = order._apply_program_reward(self.program.reward_ids, card)
        self.assertIn("belongs to Other", refusal["error"])
        order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "name": "Reward",
                            "product_id": self.pot.id,
                            "price_unit": -10,
                            "reward_id": self.program.reward_ids.id,
                            "coupon_id": card.id,
                            "points_cost": 50,
                        }
                    )
                ]
            }
        )
        with self.assertRefused("belongs to Other", UserError):
            order.action_confirm()
        self.assertEqual(self.balance(self.points, other), 500)
