from odoo import SUPERUSER_ID
from odoo.fields import Command
from odoo.tests import tagged

from ..hooks import uninstall_hook
from .common_bundle import BundleCase


@tagged("post_install", "-at_install")
class TestBundleLeave(BundleCase):
    """What is sold stays as sold when nobody knows of bundles any more."""

    def test_parts_are_choices_of_a_combo_no_more(self):
        plain = self.make_bundle("Combo", 0, (self.pan, 1), is_bundle=False)
        order = self.sell((self.kit, 3), (plain, 2))
        choice = plain.combo_ids.combo_item_ids
        combo = order.order_line.filtered(lambda line: line.product_id.name == "Combo")
        order.order_line = [
            Command.create(
                {
                    "product_id": self.pan.id,
                    "product_uom_qty": 2,
                    "combo_item_id": choice.id,
                    "linked_line_id": combo.id,
                }
            )
        ]
        order.action_confirm()
        terms, total = self.terms(order.order_line), order.amount_total
        uninstall_hook(self.env(user=SUPERUSER_ID, context={}))
        self.env.invalidate_all()
        # The host changes quantities and prices of what is a choice of a combo.
        self.assertEqual(order.order_line.combo_item_id, choice)
        self.assertEqual(order.order_line.linked_line_id, order.order_line[0] | combo)
        self.assertEqual(self.terms(order.order_line), terms)
        self.assertEqual(order.amount_total, total)
