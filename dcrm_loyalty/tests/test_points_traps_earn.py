"""Where the host's loyalty loses or invents points that orders earn."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_bundle import BundleCase
from .common_points import PointsCase


@tagged("post_install", "-at_install")
class TestPointsTrapsEarn(PointsCase):
    def promotion(self, percent):
        """Return a program that takes so many per cent off each order."""
        return self.env["loyalty.program"].create(
            {
                "name": "Off",
                "program_type": "promotion",
                "applies_on": "current",
                "trigger": "auto",
                "company_id": self.company_a.id,
                "rule_ids": [
                    Command.create({"reward_point_mode": "order", "minimum_qty": 0})
                ],
                "reward_ids": [
                    Command.create({"reward_type": "discount", "discount": percent})
                ],
            }
        )

    def test_trap_03_refunds_edits_and_returned_lines_take_back(self):
        club = self.points_club()
        order = self.order(2, confirm=True)
        order.order_line.copy({"order_id": order.id, "product_uom_qty": -1})
        self.assertEqual(self.balance(club), 100)
        order.order_line[0].product_uom_qty = 3
        self.assertEqual(self.balance(club), 200)
        other = self.order(1, confirm=True)
        self.assertEqual(self.balance(club), 300)
        self.refund(self.invoice(other))
        self.assertEqual(self.balance(club), 200)

    def test_trap_04_no_other_way_leads_around_the_ledger(self):
        club = self.points_club()
        order = self.order(1)
        order._update_programs_and_rewards()
        self.assertIn("error", order._try_apply_program(self.program))
        self.assertFalse(order._get_applicable_program_points())
        self.assertFalse(order.coupon_point_ids)
        order.action_confirm()
        self.assertFalse(order.coupon_point_ids)
        self.assertEqual(self.kinds(club), [("earn", 100)])

    def test_trap_05_domain_of_programs_is_a_list(self):
        self.points_club()
        domain = self.order(1)._get_program_domain()
        self.assertIsInstance(domain, list)
        self.assertEqual(self.program.filtered_domain(domain), self.program)

    def test_trap_07_program_without_its_defaults_is_refused(self):
        values = {
            "name": "By API",
            "program_type": "loyalty",
            "company_id": self.company_a.id,
        }
        with self.assertRefused("at least one reward", ValidationError):
            self.env["loyalty.program"].create({**values, "reward_ids": []})
        program = self.env["loyalty.program"].create(
            {**values, "applies_on": "current", "reward_ids": [Command.create({})]}
        )
        with self.assertRefused("for later orders, too"):
            self.points_club(program_id=program.id)
        program.applies_on = "both"
        club = self.points_club(program_id=program.id)
        self.order(1, confirm=True)
        self.assertFalse(self.account(club), "no rule, no points")

    def test_trap_08_currency(self):
        program = self.make_program(company=False)
        program.currency_id = self.usd
        club = self.points_club(program_id=program.id, company=self.company_b)
        order = self.order(1, company=self.company_b)
        order.order_line.price_unit = 15_000
        order.action_confirm()
        self.assertEqual(order.currency_id, self.jpy)
        self.assertEqual(self.balance(club), 120)

    def test_trap_08_rate_of_the_day_of_the_order(self):
        program = self.make_program(company=False)
        program.currency_id = self.usd
        club = self.points_club(program_id=program.id)
        order = self.order(1)
        order.date_order = "2023-06-01 12:00:00"
        self.assertEqual(order._points_of(club), {club: 125})
        order.date_order = "2024-06-01 12:00:00"
        self.assertEqual(order._points_of(club), {club: 200})

    def test_trap_08_units_of_measure(self):
        club = self.points_club(program_id=self.make_program("unit").id)
        order = self.order(2)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        self.assertEqual(self.balance(club), 24)

    def test_trap_09_a_discount_counts_for_what_it_makes_cheaper(self):
        scoped = self.make_program(
            rule={"product_ids": [Command.set(self.pot.product_variant_ids.ids)]}
        )
        clubs = [
            self.points_club(name=program.name, program_id=program.id)
            for program in (self.program, scoped)
        ]
        promotion = self.promotion(10)
        order = self.order(1)
        self.reward(order, promotion)
        self.assertEqual(order.amount_total, 90)
        order.action_confirm()
        self.assertEqual([self.balance(club) for club in clubs], [90, 90])

    def test_trap_18_points_are_not_rounded_by_currency(self):
        program = self.make_program(
            amount=0.015,
            company=self.company_b,
            reward_ids=[
                Command.create(
                    {
                        "reward_type": "discount",
                        "discount_mode": "per_point",
                        "discount": 3,
                        "required_points": 0.5,
                    }
                )
            ],
        )
        club = self.points_club(program_id=program.id, company=self.company_b)
        order = self.order(1, company=self.company_b)
        order.order_line.price_unit = 150
        order.action_confirm()
        self.assertEqual(self.balance(club), 2.25)
        order = self.order(1, company=self.company_b)
        order.order_line.price_unit = 4
        line = self.reward(order, program)
        self.assertEqual(line.price_unit, -4)
        self.assertEqual(line.points_cost, 1.3333)
        order.action_confirm()
        self.assertEqual(self.balance(club), 0.9767)

    def test_trap_20_each_type_of_reward_makes_lines(self):
        club = self.points_club()
        self.give(club, 500)
        types = self.program.reward_ids._fields["reward_type"].get_values(self.env)
        for kind in types:
            with self.subTest(kind=kind), self.cr.savepoint():
                self.program.reward_ids.write(
                    {"reward_type": kind, "reward_product_id": self.pot.id}
                )
                order = self.order(1)
                line = self.reward(order)
                self.assertTrue(line.points_cost)
                order.action_confirm()
                self.assertIn(("redeem", -line.points_cost), self.kinds(club))

    def test_a_code_earns_when_it_is_on_the_order(self):
        program = self.make_program(
            trigger="with_code", rule={"mode": "with_code", "code": "POTS"}
        )
        club = self.points_club(program_id=program.id)
        self.order(1, confirm=True)
        self.assertFalse(self.account(club))
        order = self.order(1)
        order.code_enabled_rule_ids = program.rule_ids
        order.action_confirm()
        self.assertEqual(self.balance(club), 100)

    def test_members_only(self):
        club = self.points_club(members_only=True)
        order = self.order(1, confirm=True)
        self.join(self.customer, club)
        order.order_line.product_uom_qty = 2
        self.assertFalse(self.account(club), "no member when it was confirmed")
        self.order(1, confirm=True)
        self.assertEqual(self.balance(club), 100)
        order = self.order(1)
        self.reward(order)
        self.customer.with_context(active_test=False).membership_ids.state = "left"
        with self.assertRefused("no active member.*Let them join", UserError):
            order.action_confirm()


@tagged("post_install", "-at_install")
class TestPointsBundle(BundleCase):
    def test_parts_of_a_bundle_earn(self):
        for mode, points in (("money", 258.31), ("unit", 15)):
            with self.subTest(mode=mode), self.cr.savepoint():
                program = PointsCase.make_program.__func__(type(self), mode)
                club = self.env["dcrm.club"].create(
                    {
                        "name": mode,
                        "company_id": self.company_a.id,
                        "program_id": program.id,
                    }
                )
                order = self.sell((self.kit, 3))
                order.action_confirm()
                accounts = self.env["dcrm.points.account"]
                self.assertEqual(accounts._find(club, self.customer).balance, points)
