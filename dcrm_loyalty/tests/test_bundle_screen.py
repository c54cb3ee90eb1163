from odoo.tests import Form, tagged

from .common_bundle import KIT_15, BundleCase


@tagged("post_install", "-at_install")
class TestBundleScreen(BundleCase):
    """An order that is edited changes where it is edited, and its bundles no more."""

    def test_other_lines_on_screen_leave_its_prices(self):
        order = self.sell((self.kit, 3))
        self.pan.list_price = 50.0
        with Form(order) as form, form.order_line.new() as line:
            line.product_id = self.lid
        self.assertEqual(
            self.terms(order.order_line), [*KIT_15, ("Lid", 1, 5.0, 0.0, 5.0)]
        )

    def test_other_price_list_waits_for_update_prices(self):
        order = self.sell((self.kit, 3))
        with Form(order) as form:
            form.pricelist_id = self.make_pricelist(10, self.usd)
        self.assertEqual(self.terms(order.order_line), KIT_15)
        self.assertEqual(order.bundle_saving, 40.49)
        order.action_update_prices()
        self.assertEqual(self.part(order, self.pan).discount, 23.5)
