from odoo.fields import Command
from odoo.tests import tagged

from .common_bundle import BundleCase


@tagged("post_install", "-at_install")
class TestBundleLoyalty(BundleCase):
    """The host's programs earn on the parts of a bundle as if bought singly."""

    def program(self, mode, amount=1, **rule):
        return self.env["loyalty.program"].create(
            {
                "name": f"By {mode} {next(self.numbers)}",
                "program_type": "loyalty",
                "trigger": "auto",
                "applies_on": "both",
                "company_id": self.company_a.id,
                "rule_ids": [
                    Command.create(
                        {
                            "reward_point_mode": mode,
                            "reward_point_amount": amount,
                            "minimum_qty": 0,
                            **rule,
                        }
                    )
                ],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount": 5,
                            "required_points": 10_000,
                        }
                    )
                ],
            }
        )

    def earned(self, order, program):
        order._update_programs_and_rewards()
        points = order._program_check_compute_points(program)[program]
        return points.get("points", [points.get("error")])[0]

    def singly(self, order):
        """Return an order of the bundles' parts, bought singly on the same terms."""
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company_a.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "product_uom_qty": line.product_uom_qty,
                            "discount": line.discount,
                        }
                    )
                    for line in order.order_line
                    if not line.bundle_part_count
                ],
            }
        )

    def assertEarnsAsSingly(self, order, program, points):
        self.assertEqual(self.earned(self.singly(order), program), points)
        self.assertEqual(self.earned(order, program), points)

    def test_points_of_each_kind_of_rule(self):
        order = self.sell((self.kit, 3), (self.lid, 1))
        pan = {"product_ids": [Command.set(self.pan.ids)]}
        for mode, rule, points in (
            ("order", {}, 1),
            ("unit", {}, 16),
            ("money", {}, 263.31),
            ("unit", pan, 6),
            ("money", pan, 186.98),
            ("order", {"minimum_qty": 16}, 1),
            ("order", {"minimum_qty": 17}, 0),
            ("order", {"minimum_amount": 263.31}, 1),
            ("order", {"minimum_amount": 263.32}, 0),
            ("order", {"minimum_amount": 186.98, **pan}, 1),
            ("order", {"minimum_amount": 186.99, **pan}, 0),
        ):
            with self.subTest(mode=mode, rule=rule):
                self.assertEarnsAsSingly(order, self.program(mode, **rule), points)

    def test_program_on_the_bundle_itself(self):
        order = self.sell((self.kit, 3), (self.lid, 1))
        kit = {"product_ids": [Command.set(self.kit.product_variant_id.ids)]}
        self.assertEqual(self.earned(order, self.program("unit", **kit)), 3)
        self.assertEqual(self.earned(order, self.program("money", **kit)), 258.31)

    def test_confirming_gives_the_card_its_points(self):
        program = self.program("money")
        order = self.sell((self.kit, 3))
        order._update_programs_and_rewards()
        order.action_confirm()
        [card] = program.coupon_ids
        self.assertEqual(card.partner_id, self.customer)
        self.assertEqual(card.points, 258.31)
        self.assertEqual(
            self.part(order, self.pan).combo_item_id,
            self.kit.combo_ids[0].combo_item_ids,
        )

    def test_plain_combo_earns_as_ever(self):
        combo = self.make_bundle("Combo", 0, (self.pan, 1), is_bundle=False)
        order = self.sell((combo, 2), (self.kit, 3))
        self.assertEqual(self.earned(order, self.program("unit")), 17)
