from odoo.tests import tagged

from odoo.addons.dcrm_analytics.tests.common_purchase import PurchaseCase

from .common_bundle import BundleCase


@tagged("post_install", "-at_install")
class TestBundleInvoice(BundleCase, PurchaseCase):
    """What is billed, credited and counted is what was sold, to the cent."""

    def confirmed(self, *lines, **values):
        order = self.sell(*lines, **values)
        order.action_confirm()
        return order

    def amounts_of(self, move):
        products = move.invoice_line_ids.filtered(lambda x: x.display_type == "product")
        return {line.product_id.name: line.price_subtotal for line in products}

    def section(self, move):
        """Return the line of the bundle on an invoice."""
        [section] = move.invoice_line_ids.filtered(
            lambda line: line.display_type == "line_section"
        )
        return section

    def test_invoice_equals_the_order(self):
        order = self.confirmed((self.kit, 3), (self.lid, 1))
        move = self.invoice(order)
        self.assertEqual(
            self.amounts_of(move), {"Pan": 169.98, "Whisk": 59.44, "Lid": 5.0}
        )
        self.assertEqual(move.amount_total, order.amount_total)
        section = self.section(move)
        self.assertEqual(section.name, "Starter Kit x 3")
        # The lid comes below the section, and is no part.
        self.assertEqual(section.get_section_subtotal(), 229.42)
        self.assertEqual(section._get_bundle_saving(), 40.49)
        self.assertEqual(set(order.order_line.mapped("invoice_status")), {"invoiced"})

    def test_invoice_shows_the_saving_to_the_customer(self):
        move = self.invoice(self.confirmed((self.kit, 3)))
        report = self.env["ir.actions.report"]
        html, _kind = report._render_qweb_html("account.report_invoice", move.ids)
        self.assertIn("40.49", html.decode().replace("\ufeff", ""))

    def test_partial_delivery(self):
        (self.pan | self.whisk).invoice_policy = "delivery"
        order = self.confirmed((self.kit, 3))
        self.part(order, self.pan).qty_delivered = 4
        first = self.invoice(order)
        self.assertEqual(self.amounts_of(first), {"Pan": 113.32})
        self.part(order, self.pan).qty_delivered = 6
        self.part(order, self.whisk).qty_delivered = 9
        second = self.invoice(order)
        self.assertEqual(self.amounts_of(second), {"Pan": 56.66, "Whisk": 59.44})
        self.assertEqual(
            first.amount_untaxed + second.amount_untaxed, order.amount_untaxed
        )
        # Each invoice shows the bundle, and what is saved on the parts that it bills.
        self.assertEqual(self.section(first)._get_bundle_saving(), 20.0)
        self.assertEqual(self.section(second).name, "Starter Kit")
        self.assertEqual(self.section(second)._get_bundle_saving(), 20.49)
        self.assertEqual(second.invoice_line_ids[0], self.section(second))
        self.assertEqual(order.invoice_status, "invoiced")

    def test_more_bundles_when_the_first_are_billed(self):
        (self.pan | self.whisk).invoice_policy = "delivery"
        order = self.confirmed((self.kit, 3))
        for number, name in ((3, "Starter Kit x 3"), (5, "Starter Kit x 2")):
            self.bundle_line(order).product_uom_qty = number
            self.part(order, self.pan).qty_delivered = 2 * number
            self.part(order, self.whisk).qty_delivered = 3 * number
            self.env.invalidate_all()
            self.assertEqual(self.section(self.invoice(order)).name, name)
            self.assertEqual(order.invoice_status, "invoiced")

    def test_copy_of_a_bundle_made_differently_by_now(self):
        order = self.sell((self.kit, 3))
        self.kit.combo_ids = self.make_choice((self.lid, 1))
        copy = order.copy()
        copy.action_confirm()
        move = self.invoice(copy)
        self.assertEqual(self.section(move).name, "Starter Kit x 3")
        self.assertEqual(self.section(move)._get_bundle_saving(), 40.49)
        self.assertEqual(copy.invoice_status, "invoiced")

    def test_credit_note_of_one_part(self):
        order = self.confirmed((self.kit, 3))
        move = self.invoice(order)
        refund = self.credit_note(move, post=False)
        refund.invoice_line_ids.filtered(
            lambda line: line.product_id != self.whisk
        ).unlink()
        refund.action_post()
        self.assertEqual(refund.amount_untaxed, 59.44)
        self.assertEqual(refund.amount_total, 71.33)
        self.assertEqual(self.part(order, self.whisk).qty_invoiced, 0)
        self.assertEqual(self.part(order, self.pan).qty_invoiced, 6)
        # What was billed keeps its terms whatever comes later.
        self.kit.bundle_discount = 50
        order.action_update_prices()
        self.assertEqual(self.part(order, self.pan).discount, 15)

    def test_billed_part_keeps_its_terms(self):
        self.whisk.invoice_policy = "delivery"
        order = self.confirmed((self.kit, 3))
        move = self.invoice(order)
        self.assertEqual(self.amounts_of(move), {"Pan": 169.98})
        self.part(order, self.whisk).product_uom_qty = 0
        self.assertEqual(self.part(order, self.pan).price_subtotal, 169.98)
        self.assertTrue(self.bundle_line(order).bundle_broken)
        self.assertEqual(order.amount_untaxed, move.amount_untaxed)

    def test_facts_of_orders_and_of_invoices(self):
        self.set_cost(20.0, self.pan)
        self.set_cost(3.0, self.whisk)
        order = self.confirmed((self.kit, 3))
        self.env.flush_all()
        self.sync(full=True)
        [[amount, margin]] = self.facts(self.customer, "amount", "margin")
        self.assertEqual(amount, 229.42)
        if "margin" in order._fields:
            self.assertEqual(margin, 82.42)
            self.assertEqual(order.margin, 82.42)
        self.by_invoice()
        move = self.invoice(order)
        self.sync(full=True)
        self.assertEqual(self.amounts(self.customer), [229.42])
        if "margin" in order._fields:
            [[margin]] = self.facts(self.customer, "margin")
            self.assertEqual(margin, 82.42)
        refund = self.credit_note(move, post=False)
        refund.invoice_line_ids.filtered(
            lambda line: line.product_id != self.whisk
        ).unlink()
        refund.action_post()
        self.sync(full=True)
        self.assertEqual(self.amounts(self.customer), [-59.44, 229.42])
        self.assertNoViolations()
