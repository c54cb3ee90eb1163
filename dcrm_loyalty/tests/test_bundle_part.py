from odoo.tests import Form, tagged

from .common_bundle import KIT_15, BundleCase


@tagged("post_install", "-at_install")
class TestBundlePart(BundleCase):
    """A bundle without one of its parts gives no discount, and says so."""

    def test_part_removed_takes_the_discount_away(self):
        order = self.sell((self.kit, 3), pricelist_id=self.make_pricelist(10).id)
        self.part(order, self.whisk).unlink()
        line = self.bundle_line(order)
        self.assertTrue(line.bundle_broken)
        self.assertEqual(
            self.terms(order.order_line),
            [("Starter Kit", 3, 0.0, 0.0, 0.0), ("Pan", 6, 33.33, 10.0, 179.98)],
        )
        self.assertIn("Incomplete", line.name)
        [said] = order.message_ids.filtered(lambda message: "Whisk" in message.body)
        self.assertIn("incomplete without Whisk", said.body)
        self.assertIn("15 %", said.body)
        self.assertEqual(order.bundle_saving, 0)
        self.assertAddsUp(order)
        # What is left follows the quantity, and Update Prices brings nothing back.
        line.product_uom_qty = 2
        order.action_update_prices()
        self.assertEqual(
            self.terms(order.order_line)[1:], [("Pan", 4, 33.33, 10.0, 119.99)]
        )

    def test_part_removed_on_screen(self):
        order = self.sell((self.kit, 3))
        with Form(order) as form:
            form.order_line.remove(2)
            self.assertEqual(form.order_line._records[1]["discount"], 0)
            self.assertTrue(form.order_line._records[0]["bundle_broken"])
        self.assertEqual(
            self.terms(order.order_line),
            [("Starter Kit", 3, 0.0, 0.0, 0.0), ("Pan", 6, 33.33, 0.0, 199.98)],
        )
        self.assertEqual(
            len(order.message_ids.filtered(lambda m: "incomplete" in m.body)), 1
        )

    def test_part_put_back_brings_the_discount_back(self):
        order = self.sell((self.kit, 3))
        whisk = self.part(order, self.whisk)
        item = whisk.combo_item_id
        whisk.unlink()
        self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": self.whisk.id,
                "product_uom_qty": 9,
                "combo_item_id": item.id,
                "linked_line_id": self.bundle_line(order).id,
            }
        )
        self.assertEqual(sorted(self.terms(order.order_line)), sorted(KIT_15))
        self.assertNotIn("Incomplete", self.bundle_line(order).name)
        self.assertIn("complete again", order.message_ids[0].body)

    def test_part_left_out_of_a_confirmed_order(self):
        order = self.sell((self.kit, 3))
        order.action_confirm()
        self.part(order, self.whisk).product_uom_qty = 0
        self.assertTrue(self.bundle_line(order).bundle_broken)
        self.assertEqual(order.amount_untaxed, 199.98)
        self.bundle_line(order).product_uom_qty = 2
        self.assertEqual(self.part(order, self.whisk).product_uom_qty, 0)
        self.assertEqual(order.amount_untaxed, 133.32)
        self.part(order, self.whisk).product_uom_qty = 6
        self.assertFalse(self.bundle_line(order).bundle_broken)
        self.assertEqual(self.part(order, self.pan).discount, 15)

    def test_whole_bundle_removed(self):
        order = self.sell((self.kit, 3), (self.lid, 1))
        self.bundle_line(order).unlink()
        self.assertEqual(self.terms(order.order_line), [("Lid", 1, 5.0, 0.0, 5.0)])
        self.assertFalse(order.message_ids.filtered(lambda m: "bundle" in m.body))
