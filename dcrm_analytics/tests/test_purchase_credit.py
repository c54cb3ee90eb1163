from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common_purchase import PurchaseCase


@tagged("post_install", "-at_install")
class TestPurchaseCredit(PurchaseCase):
    """Basis *sale*: a credit note takes back what brings its order below its quantity.

    What is invoiced beyond the order never counted, so that crediting it takes nothing.
    """

    def correct(self, invoice):
        """Have the host credit an invoice and make it anew; return the new one."""
        wizard = (
            self.env["account.move.reversal"]
            .with_company(invoice.company_id)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            # Of the user's day: the host would post one of tomorrow tomorrow.
            .create(
                {
                    "journal_id": invoice.journal_id.id,
                    "date": fields.Date.context_today(invoice),
                }
            )
        )
        new = self.env["account.move"].browse(wizard.modify_moves()["res_id"])
        new.action_post()
        self.env.flush_all()
        return new

    def test_invoice_credited_and_made_anew(self):
        partner = self.partner()
        order = self.order(partner, 100)
        invoice = self.invoice(order)
        self.sync()
        new = self.correct(invoice)
        self.sync()
        self.assertEqual(self.facts(partner, "amount", "source"), [(100, "sale")])
        self.assertRebuilds()
        self.credit_note(new)
        self.sync()
        self.assertEqual(self.amounts(partner), [-100, 100])
        self.assertRebuilds()

    def test_order_invoiced_again_after_its_credit_note(self):
        partner = self.partner()
        order = self.order(partner, 100)
        refund = self.credit_note(self.invoice(order))
        self.sync()
        self.assertEqual(self.amounts(partner), [-100, 100])
        self.invoice(order)
        self.sync()
        self.assertFalse(self.fact(refund))
        self.assertEqual(self.amounts(partner), [100])
        self.assertRebuilds()

    def test_order_reduced_and_the_difference_credited(self):
        partner = self.partner()
        order = self.order(partner, 50)
        order.order_line.product_uom_qty = 10
        self.invoice(order)
        self.sync()
        self.assertEqual(self.amounts(partner), [500])
        order.order_line.product_uom_qty = 7
        refund = order._create_invoices(final=True)
        self.assertEqual(refund.move_type, "out_refund")
        refund.action_post()
        self.sync()
        self.assertEqual(self.amounts(partner), [350])
        self.assertRebuilds()

    def test_credit_notes_use_up_what_was_too_much_in_their_order(self):
        partner = self.partner()
        order = self.order(partner, 50)
        order.order_line.product_uom_qty = 10
        invoice = self.invoice(order)
        order.order_line.product_uom_qty = 8
        first, second = self.credit(invoice, 3), self.credit(invoice, 4)
        self.sync()
        self.assertEqual(self.fact(first).amount, -50)
        self.assertEqual(self.fact(second).amount, -200)
        self.assertEqual(self.amounts(partner), [-200, -50, 400])
        self.assertRebuilds()

    def test_a_deduction_is_credited_with_what_it_was_deducted_from(self):
        partner = self.partner()
        order = self.order(partner, 0, lines=[1000, 100], confirm=False)
        order.order_line[1].write({"product_uom_qty": -1, "price_unit": 100})
        order.action_confirm()
        self.assertEqual(order.amount_untaxed, 900)
        invoice = self.invoice(order)
        self.assertEqual(invoice.amount_untaxed, 900)
        self.credit_note(invoice)
        self.sync()
        self.assertEqual(self.amounts(partner), [-900, 900])
        self.assertRebuilds()

    def credit(self, invoice, quantity):
        """Return the posted credit note of a part of an invoice's only line."""
        refund = self.credit_note(invoice, post=False)
        refund.write(
            {
                "invoice_line_ids": [
                    Command.update(refund.invoice_line_ids.id, {"quantity": quantity})
                ]
            }
        )
        refund.action_post()
        self.env.flush_all()
        return refund

    def invoiced_at(self, order, price):
        """Return the posted invoice of an order whose price was changed in it."""
        invoice = self.invoice(order, post=False)
        invoice.invoice_line_ids.price_unit = price
        invoice.action_post()
        self.env.flush_all()
        return invoice

    def test_invoice_above_the_price_credited(self):
        partner = self.partner()
        order = self.order(partner, 100)
        invoice = self.invoiced_at(order, 120)
        self.sync()
        self.assertEqual(self.amounts(partner), [100])
        self.credit_note(invoice)
        self.sync()
        self.assertEqual(self.amounts(partner), [-100, 100])
        self.assertRebuilds()

    def test_invoice_above_the_price_credited_in_parts(self):
        partner = self.partner()
        order = self.order(partner, 100)
        invoice = self.invoiced_at(order, 120)
        # The first takes back the 20 that never counted before anything that did.
        first, second = self.credit_note(invoice, 60), self.credit_note(invoice, 60)
        self.sync()
        self.assertEqual(self.fact(first).amount, -40)
        self.assertEqual(self.fact(second).amount, -60)
        self.assertRebuilds()

    def test_price_too_high_corrected_by_a_credit_note(self):
        partner = self.partner()
        order = self.order(partner, 100)
        invoice = self.invoiced_at(order, 120)
        correction = self.credit_note(invoice, 20)
        self.sync()
        self.assertFalse(self.fact(correction))
        self.assertEqual(self.amounts(partner), [100])
        self.assertRebuilds()

    def test_price_of_the_order_lowered_and_the_difference_credited(self):
        partner = self.partner()
        order = self.order(partner, 100)
        invoice = self.invoice(order)
        correction = self.credit_note(invoice, 25)
        self.sync()
        self.assertEqual(self.amounts(partner), [-25, 100])
        order.action_unlock()
        order.order_line.price_unit = 75
        self.sync()
        self.assertFalse(self.fact(correction))
        self.assertEqual(self.amounts(partner), [75])
        self.assertRebuilds()

    def test_invoice_below_the_price_credited(self):
        partner = self.partner()
        order = self.order(partner, 100)
        self.credit_note(self.invoiced_at(order, 80))
        self.sync()
        self.assertEqual(self.amounts(partner), [-80, 100], "20 are still to invoice")

    def test_too_many_at_too_high_a_price(self):
        partner = self.partner()
        order = self.order(partner, 50)
        order.order_line.product_uom_qty = 10
        invoice = self.invoiced_at(order, 60)
        order.order_line.product_uom_qty = 8
        self.credit_note(invoice)
        self.sync()
        self.assertEqual(self.amounts(partner), [-400, 400])
        self.assertRebuilds()

    def test_another_rate_is_no_other_price(self):
        partner = self.partner()
        order = self.order(partner, 100, "2024-02-01", currency=self.usd)
        invoice = self.invoice(order, date="2023-06-01")
        self.credit_note(invoice, 50, "2023-07-01")
        self.sync()
        self.assertEqual(self.amounts(partner), [-40, 50])

    def test_price_with_tax_credited_to_the_cent(self):
        self.company_a.country_id = self.env.ref("base.be")
        self.company_a.account_fiscal_country_id = self.company_a.country_id
        env = self.env["account.tax"].with_company(self.company_a).env
        group = env["account.tax.group"].create({"name": "21 %"})
        tax = env["account.tax"].create(
            {
                "name": "21 % included",
                "amount": 21,
                "price_include_override": "tax_included",
                "tax_group_id": group.id,
            }
        )
        partner = self.partner()
        order = self.order(partner, 0, lines=[33.33, 9.99, 0.05], confirm=False)
        order.order_line.tax_ids = tax
        order.order_line.product_uom_qty = 7
        order.action_confirm()
        self.credit_note(self.invoice(order))
        self.sync()
        self.assertEqual(sum(self.amounts(partner)), 0)
        self.assertRebuilds()

    def test_margin_of_what_was_invoiced_above_the_price(self):
        if "purchase_price" not in self.env["sale.order.line"]:
            self.skipTest("Orders know no cost without sale_margin.")
        partner = self.partner()
        order = self.order(partner, 100)
        order.order_line.purchase_price = 60
        refund = self.credit_note(self.invoiced_at(order, 120))
        self.sync()
        self.assertEqual(self.fact(order).margin, 40)
        self.assertEqual(self.fact(refund).margin, -40)

    def test_margin_of_returns_and_of_rebates(self):
        if "purchase_price" not in self.env["sale.order.line"]:
            self.skipTest("Orders know no cost without sale_margin.")
        partner = self.partner()
        order = self.order(partner, 100)
        order.order_line.purchase_price = 60
        invoice = self.invoice(order)
        rebate = self.credit_note(invoice, 25)
        self.sync()
        # A quarter of the price is given back, and so a quarter of the margin.
        self.assertEqual(self.fact(rebate).margin, -10)
        self.assertEqual(self.fact(order).margin, 40)
        returned = self.credit_note(self.invoice(self.order(partner, 100)))
        self.sync()
        self.assertEqual(self.fact(returned).margin, -40)
