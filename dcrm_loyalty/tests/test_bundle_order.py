import json

from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_bundle import KIT_15, BundleCase


@tagged("post_install", "-at_install")
class TestBundleOrder(BundleCase):
    """A bundle on an order stays what it is, whatever is done to the order."""

    def test_plain_creation_sells_all_parts(self):
        order = self.sell((self.kit, 3), (self.lid, 1))
        self.assertEqual(
            self.terms(order.order_line), [*KIT_15, ("Lid", 1, 5.0, 0.0, 5.0)]
        )
        self.assertEqual(order.amount_untaxed, 234.42)
        self.assertEqual(order.amount_total, 263.31)
        self.assertEqual(order.bundle_saving, 40.49)
        self.assertAddsUp(order)

    def test_created_later_and_in_two_orders_at_once(self):
        orders = self.sell((self.lid, 1)) | self.sell((self.lid, 1))
        self.env["sale.order.line"].create(
            [
                {
                    "order_id": order.id,
                    "product_id": self.kit.product_variant_id.id,
                    "product_uom_qty": 3,
                }
                for order in orders
            ]
        )
        for order in orders:
            self.assertEqual(self.terms(order.order_line)[1:], KIT_15)

    def test_configurator_sells_the_same(self):
        order = self.sell((self.lid, 1))
        chosen = self.kit.combo_ids.combo_item_ids
        self.configure(order, 3, chosen)
        self.assertEqual(self.terms(order.order_line)[1:], KIT_15)
        self.assertAddsUp(order)
        # Once more, on what is there: the choices are kept, the quantities as well.
        self.configure(order, 3, chosen)
        self.assertEqual(self.terms(order.order_line)[1:], KIT_15)
        self.assertFalse(self.bundle_line(order).bundle_broken)

    def configure(self, order, quantity, items):
        """Do what the configurator does in the browser: choose, then save."""
        line = self.bundle_line(order)
        values = {
            "product_id": self.kit.product_variant_id.id,
            "product_uom_qty": quantity,
            "selected_combo_items": self.chosen(items),
        }
        screen = self.env["sale.order"].with_company(self.company_a)
        screen = screen.new(origin=order)
        if line:
            shown = screen.order_line.filtered(lambda new: new._origin == line)
            shown.update(values)
        else:
            screen.order_line |= screen.order_line.new(
                {"virtual_id": "one", "order_id": screen.id, "sequence": 20, **values}
            )
        screen._onchange_order_line()
        self.save(order, screen)

    def chosen(self, items):
        return json.dumps(
            [
                {
                    "combo_item_id": item.id,
                    "product_id": item.product_id.id,
                    "no_variant_attribute_value_ids": [],
                    "product_custom_attribute_values": [],
                }
                for item in items
            ]
        )

    def save(self, order, screen):
        """Write what the screen holds as the web client does, line by line."""
        kept = screen.order_line._origin
        commands = [Command.delete(line.id) for line in order.order_line - kept]
        names = [
            "product_id",
            "product_uom_qty",
            "price_unit",
            "technical_price_unit",
            "discount",
            "combo_item_id",
            "linked_line_id",
            "linked_virtual_id",
            "virtual_id",
            "sequence",
        ]
        for line in screen.order_line:
            values = line._convert_to_write({name: line[name] for name in names})
            commands.append(
                Command.update(line._origin.id, values)
                if line._origin
                else Command.create(values)
            )
        order.write({"order_line": commands})

    def test_other_choice_has_its_own_terms(self):
        kit = self.make_bundle(
            "Kit", 10, [(self.pan, 1), (self.lid, 4)], (self.whisk, 1)
        )
        lid = kit.combo_ids[0].combo_item_ids[1]
        order = self.sell((kit, 2))
        self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": self.lid.id,
                "product_uom_qty": 2,
                "combo_item_id": lid.id,
                "linked_line_id": self.bundle_line(order).id,
            }
        )
        self.assertEqual(
            sorted(self.terms(order.order_line.filtered("is_bundle_part"))),
            [("Lid", 8, 5.0, 10.0, 36.0), ("Whisk", 2, 7.77, 10.0, 13.99)],
        )
        self.assertFalse(self.bundle_line(order).bundle_broken)

    def test_choice_changed_in_one_write_stays_whole(self):
        kit = self.make_bundle("Kit", 10, [(self.pan, 1), (self.lid, 2)])
        order = self.sell((kit, 1))
        part = order.order_line.filtered("is_bundle_part")
        lid = kit.combo_ids.combo_item_ids[1]
        order.write(
            {
                "order_line": [
                    Command.delete(part.id),
                    Command.create(
                        {
                            "product_id": self.lid.id,
                            "product_uom_qty": 1,
                            "combo_item_id": lid.id,
                            "linked_line_id": self.bundle_line(order).id,
                        }
                    ),
                ]
            }
        )
        self.assertEqual(self.terms(order.order_line)[1:], [("Lid", 2, 5.0, 10.0, 9.0)])
        self.assertFalse(order.message_ids.filtered(lambda m: "bundle" in m.body))

    def test_extra_price_of_a_choice_counts(self):
        item = self.kit.combo_ids[0].combo_item_ids
        item.extra_price = 1.0
        order = self.sell((self.kit, 1))
        self.assertEqual(self.part(order, self.pan).price_unit, 34.33)

    def test_quantity_is_the_bundles(self):
        order = self.sell((self.kit, 1))
        line = self.bundle_line(order)
        for quantity in (3, 0.5, 12, 0, 3):
            line.product_uom_qty = quantity
            self.assertEqual(self.part(order, self.pan).product_uom_qty, 2 * quantity)
            self.assertEqual(self.part(order, self.whisk).product_uom_qty, 3 * quantity)
            self.assertAddsUp(order)
        self.assertEqual(self.terms(order.order_line), KIT_15)
        self.part(order, self.pan).product_uom_qty = 5
        self.assertEqual(self.terms(order.order_line), KIT_15)

    def test_bundles_by_the_dozen(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.sell((self.kit, 1))
        self.bundle_line(order).product_uom_id = dozen
        self.assertEqual(self.part(order, self.pan).product_uom_qty, 24)
        self.assertAddsUp(order)

    def test_quantity_on_screen(self):
        order = self.sell((self.kit, 1), (self.lid, 1))
        with Form(order) as form:
            with form.order_line.edit(0) as line:
                line.product_uom_qty = 3
            self.assertEqual(
                [form.order_line._records[i]["product_uom_qty"] for i in range(4)],
                [3, 1, 6, 9],
            )
            self.assertEqual(
                [form.order_line._records[i]["price_subtotal"] for i in range(4)],
                [0, 5.0, 169.98, 59.44],
            )
        self.assertEqual(self.terms(order.order_line)[:3], KIT_15)

    def test_new_line_on_screen_is_not_incomplete(self):
        with Form(self.sell((self.lid, 1))) as form:
            with form.order_line.new() as line:
                line.product_template_id = self.kit
                line.product_id = self.kit.product_variant_id
                line.product_uom_qty = 3
            self.assertFalse(form.order_line._records[1]["bundle_broken"])
            self.assertEqual(form.order_line._records[1]["discount"], 15)
        self.assertEqual(self.terms(form.record.order_line)[1:], KIT_15)

    def test_discount_of_the_bundle_on_screen(self):
        order = self.sell((self.kit, 3))
        with Form(order) as form:
            with form.order_line.edit(0) as line:
                line.discount = 20
            shown = [form.order_line._records[i]["discount"] for i in range(3)]
            self.assertEqual(shown, [20, 20, 20])
        self.assertEqual(order.amount_untaxed, 215.92)
        order.action_update_prices()
        self.assertEqual(self.terms(order.order_line), KIT_15)

    def test_price_list_and_bundle_both_take_off(self):
        order = self.sell((self.kit, 3), pricelist_id=self.make_pricelist(10).id)
        self.assertEqual(
            self.terms(order.order_line),
            [
                ("Starter Kit", 3, 0.0, 15.0, 0.0),
                ("Pan", 6, 33.33, 23.5, 152.98),
                ("Whisk", 9, 7.77, 23.5, 53.5),
            ],
        )
        # Bought singly: 179.98 and 62.94.
        self.assertEqual(order.bundle_saving, 36.44)
        self.assertAddsUp(order)

    def test_without_discounts_shown_parts_cost_the_same(self):
        order = self.sell((self.kit, 3), pricelist_id=self.make_pricelist(10).id)
        shown = self.env.ref("sale.group_discount_per_so_line")
        self.env.ref("base.group_user")._remove_group(shown)
        order.action_update_prices()
        self.assertEqual(
            self.terms(order.order_line)[1:],
            [("Pan", 6, 30.0, 15.0, 152.98), ("Whisk", 9, 6.99, 15.0, 53.5)],
        )
        self.assertAddsUp(order)

    def test_update_prices(self):
        order = self.sell((self.kit, 3))
        self.pan.list_price = 40
        self.kit.bundle_discount = 25
        self.assertEqual(self.terms(order.order_line), KIT_15)
        order.action_update_prices()
        self.assertEqual(
            self.terms(order.order_line)[1:],
            [("Pan", 6, 40.0, 25.0, 180.0), ("Whisk", 9, 7.77, 25.0, 52.45)],
        )
        order.pricelist_id = self.make_pricelist(10)
        order.action_update_prices()
        self.assertEqual(
            [discount for *_terms, discount, _amount in self.terms(order.order_line)],
            [25.0, 32.5, 32.5],
        )
        order.pricelist_id = False
        order.action_update_prices()
        self.assertEqual(order.amount_untaxed, 232.45)
        self.assertAddsUp(order)

    def test_other_currency(self):
        order = self.sell((self.kit, 3))
        order.pricelist_id = self.make_pricelist(10, self.usd)
        order.action_update_prices()
        # A euro is two dollars.
        self.assertEqual(
            self.terms(order.order_line)[1:],
            [("Pan", 6, 66.66, 23.5, 305.97), ("Whisk", 9, 15.54, 23.5, 106.99)],
        )
        self.assertAddsUp(order)
        order.pricelist_id = self.make_pricelist(0)
        order.action_update_prices()
        self.assertEqual(self.terms(order.order_line), KIT_15)

    def test_currency_without_decimals(self):
        self.env["res.currency.rate"].create(
            {
                "company_id": self.company_a.id,
                "currency_id": self.jpy.id,
                "name": "2000-01-01",
                "rate": 160,
            }
        )
        yen = self.make_pricelist(0, self.jpy)
        order = self.sell((self.kit, 3), pricelist_id=yen.id)
        self.assertEqual(
            [amount for *_terms, amount in self.terms(order.order_line)],
            [0, 27197, 9510],
        )
        self.assertAddsUp(order)

    def test_quantity_breaks_are_the_parts(self):
        pricelist = self.make_pricelist(
            item_ids=[
                Command.create(
                    {
                        "applied_on": "0_product_variant",
                        "product_id": self.whisk.id,
                        "min_quantity": 6,
                        "compute_price": "fixed",
                        "fixed_price": 6.0,
                    }
                )
            ]
        )
        order = self.sell((self.kit, 1), pricelist_id=pricelist.id)
        self.assertEqual(self.part(order, self.whisk).price_unit, 7.77)
        self.bundle_line(order).product_uom_qty = 2
        self.assertEqual(self.part(order, self.whisk).price_unit, 6.0)
        self.assertEqual(self.part(order, self.whisk).discount, 15.0)
        self.assertAddsUp(order)

    def test_tax_in_the_price(self):
        inside = self.make_tax(20, price_include_override="tax_included")
        self.pan.taxes_id = inside
        order = self.sell((self.kit, 3))
        self.assertEqual(self.part(order, self.pan).price_total, 169.98)
        self.assertEqual(self.part(order, self.pan).price_subtotal, 141.65)
        self.assertAddsUp(order)

    def test_copy_is_equal(self):
        order = self.sell((self.kit, 3), (self.lid, 1), (self.kit, 1))
        self.bundle_line(order)[0].discount = 20
        self.part(order, self.pan)[1].unlink()
        copy = order.copy()
        self.assertEqual(self.terms(copy.order_line), self.terms(order.order_line))
        self.assertEqual(copy.amount_total, order.amount_total)
        self.assertEqual(copy.bundle_saving, order.bundle_saving)
        first = self.bundle_line(copy)[0]
        first.product_uom_qty = 4
        parts = first._get_bundle_parts()
        self.assertEqual(parts.mapped("product_uom_qty"), [8, 12])
        self.assertEqual(parts.linked_line_id, first)

    def test_copy_is_as_sold_after_the_bundle_changed(self):
        order = self.sell((self.kit, 3))
        self.kit.combo_ids -= self.kit.combo_ids[0]
        self.kit.combo_ids.combo_item_ids.quantity = 7
        copy = order.copy()
        self.assertEqual(self.terms(copy.order_line), KIT_15)
        for each in order | copy:
            self.bundle_line(each).product_uom_qty = 1
            self.assertEqual(self.part(each, self.pan).product_uom_qty, 2)
            self.assertEqual(self.part(each, self.whisk).product_uom_qty, 3)
            self.assertFalse(self.bundle_line(each).bundle_broken)

    def test_copy_of_the_line_is_a_bundle_of_its_own(self):
        order = self.sell((self.kit, 3))
        line = self.bundle_line(order)
        copy = line.copy({"order_id": order.id})
        self.assertEqual(len(order.order_line), 6)
        copy.product_uom_qty = 1
        self.assertEqual(line._get_bundle_parts().mapped("product_uom_qty"), [6, 9])
        self.assertEqual(copy._get_bundle_parts().mapped("product_uom_qty"), [2, 3])

    def test_line_becomes_another_bundle(self):
        other = self.make_bundle("Lids", 50, (self.lid, 4))
        order = self.sell((self.kit, 3))
        self.bundle_line(order).product_id = other.product_variant_id
        self.assertEqual(
            self.terms(order.order_line),
            [("Lids", 3, 0.0, 50.0, 0.0), ("Lid", 12, 5.0, 50.0, 30.0)],
        )
        self.bundle_line(order).product_id = self.lid
        self.assertEqual(self.terms(order.order_line), [("Lid", 3, 5.0, 0.0, 15.0)])

    def test_plain_combo_stays_the_hosts(self):
        combo = self.make_bundle("Combo", 50, (self.pan, 2), is_bundle=False)
        order = self.sell((combo, 2))
        self.assertEqual(len(order.order_line), 1)
        self.assertFalse(self.bundle_line(order))

    def test_seller_sells_without_rights_on_products(self):
        group = "sales_team.group_sale_salesman"
        self.users["clerk"] = self.make_user("clerk", group, self.company_a)
        env = self.env_as("clerk")
        self.assertFalse(self.kit.with_env(env).has_access("write"))
        order = self.sell((self.kit, 3), env=env)
        self.assertEqual(self.terms(order.order_line), KIT_15)
        self.part(order, self.pan).unlink()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_order_shows_the_saving_to_the_customer(self):
        order = self.sell((self.kit, 3))
        report = self.env["ir.actions.report"]
        html, _kind = report._render_qweb_html("sale.report_saleorder", order.ids)
        text = html.decode()
        self.assertIn("40.49", text.replace("\N{ZERO WIDTH NO-BREAK SPACE}", ""))
        self.assertIn("against buying the parts singly", text)
