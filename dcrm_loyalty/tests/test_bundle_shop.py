import re
from unittest import SkipTest

from odoo.tests import HttpCase, tagged

from .common_bundle import BundleCase


@tagged("post_install", "-at_install")
class TestBundleShop(BundleCase, HttpCase):
    """In the shop, where it is installed, a visitor buys what a seller would sell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "website" not in cls.env:
            raise SkipTest("website_sale is not installed")
        cls.website = cls.env["website"].search([], limit=1)
        cls.website.company_id = cls.company_a
        cls.website.show_line_subtotals_tax_selection = "tax_excluded"
        cls.kit.is_published = True
        # As a shop may have it: the parts are not for sale there by themselves.
        (cls.pan | cls.whisk).is_published = False

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def ask(self, path, **values):
        return self.make_jsonrpc_request(path, values)

    def add(self, quantity, items, kit=None):
        """Do as the shop's configurator does; return the cart."""
        kit = kit or self.kit
        added = {
            "product_custom_attribute_values": [],
            "no_variant_attribute_value_ids": [],
            "quantity": quantity,
        }
        self.ask(
            "/shop/cart/add",
            product_template_id=kit.id,
            product_id=kit.product_variant_id.id,
            linked_products=[
                {
                    "product_template_id": item.product_id.product_tmpl_id.id,
                    "product_id": item.product_id.id,
                    "parent_product_template_id": kit.id,
                    "combo_item_id": item.id,
                    **added,
                }
                for item in items
            ],
            **added,
        )
        return self.cart()

    def cart(self):
        domain = [("website_id", "=", self.website.id)]
        self.env.invalidate_all()
        return self.env["sale.order"].search(domain, order="id desc", limit=1)

    def shown(self):
        """Return the amounts of money that the cart's page shows."""
        page = self.url_open("/shop/cart").text
        return set(re.findall(r'oe_currency_value">([\d.,]+)<', page))

    def test_cart_equals_the_order(self):
        items = self.kit.combo_ids.combo_item_ids
        cart = self.add(3, items)
        order = self.sell((self.kit, 3))
        self.assertEqual(self.terms(cart.order_line), self.terms(order.order_line))
        self.assertEqual(cart.amount_total, order.amount_total)
        self.assertAddsUp(cart)
        self.assertLessEqual({"229.42", "258.31"}, self.shown())

    def test_quantity_in_the_cart(self):
        cart = self.add(3, self.kit.combo_ids.combo_item_ids)
        for quantity in (5, 1, 3):
            self.ask(
                "/shop/cart/update",
                line_id=self.bundle_line(cart).id,
                quantity=quantity,
            )
            cart = self.cart()
            order = self.sell((self.kit, quantity))
            self.assertEqual(self.terms(cart.order_line), self.terms(order.order_line))
            self.assertEqual(cart.amount_total, order.amount_total)
        self.assertFalse(cart.message_ids.filtered(lambda m: "bundle" in m.body))
        self.ask("/shop/cart/update", line_id=self.bundle_line(cart).id, quantity=0)
        self.assertFalse(self.cart().order_line)

    def test_other_choice_and_twice_in_the_cart(self):
        kit = self.make_bundle(
            "Kit", 10, [(self.pan, 1), (self.lid, 4)], (self.whisk, 1)
        )
        kit.is_published = True
        items = kit.combo_ids.combo_item_ids
        self.add(2, items.filtered(lambda item: item.product_id != self.pan), kit)
        cart = self.add(1, items.filtered(lambda i: i.product_id != self.lid), kit)
        first, second = self.bundle_line(cart)
        self.assertEqual(
            sorted(self.terms(first._get_bundle_parts())),
            [("Lid", 8, 5.0, 10.0, 36.0), ("Whisk", 2, 7.77, 10.0, 13.99)],
        )
        self.assertEqual(
            sorted(self.terms(second._get_bundle_parts())),
            [("Pan", 1, 33.33, 10.0, 30.0), ("Whisk", 1, 7.77, 10.0, 6.99)],
        )
        self.assertAddsUp(cart)

    def test_configurator_shows_what_it_will_cost(self):
        kit = self.make_bundle(
            "Kit", 10, [(self.pan, 2), (self.lid, 4)], (self.whisk, 1)
        )
        kit.is_published = True
        kit.taxes_id = False
        data = self.ask(
            "/website_sale/combo_configurator/get_data",
            product_tmpl_id=kit.id,
            quantity=3,
            date="2026-01-01T00:00:00",
        )
        self.assertAlmostEqual(data["price"] * 3, 179.98 + 20.98)
