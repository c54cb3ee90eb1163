from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .common_purchase import PurchaseCase


@tagged("post_install", "-at_install")
class TestPurchaseInvoiceBySale(PurchaseCase):
    """Basis *sale*: what of an invoice no order has counted."""

    def test_invoice_without_an_order_counts(self):
        partner = self.partner()
        move = self.invoice(partner, 80, "2024-03-01")
        self.invoice(partner, 70, "2024-03-02", post=False)
        self.sync()
        fact = self.fact(move)
        self.assertEqual(
            (fact.date, fact.amount, fact.source, fact.reference, fact.partner_id),
            (date(2024, 3, 1), 80, "invoice", move.name, partner),
        )
        self.assertEqual(self.amounts(partner), [80])

    def test_receipt_counts(self):
        partner = self.partner()
        self.invoice(partner, 15, move_type="out_receipt")
        self.sync()
        self.assertEqual(self.amounts(partner), [15])

    def test_vendor_bill_and_entry_do_not(self):
        partner = self.partner()
        self.env["account.journal"].with_company(self.company_a).create(
            {
                "name": "Purchases",
                "code": "XBIL",
                "type": "purchase",
                "default_account_id": self.env["account.account"]
                .with_company(self.company_a)
                .create({"name": "C", "code": "X600", "account_type": "expense"})
                .id,
            }
        )
        self.env["account.account"].with_company(self.company_a).create(
            {"name": "P", "code": "X440", "account_type": "liability_payable"}
        )
        self.invoice(partner, 15, move_type="in_invoice")
        self.sync()
        self.assertEqual(self.amounts(partner), [])

    def test_order_and_invoice_are_one_purchase(self):
        partner = self.partner()
        order = self.order(partner, 120)
        self.invoice(order)
        self.sync()
        self.assertEqual(self.facts(partner, "amount", "source"), [(120, "sale")])

    def test_mixed_invoice_counts_by_what_no_order_has(self):
        partner = self.partner()
        order = self.order(partner, 120)
        move = self.invoice(order, post=False)
        move.invoice_line_ids = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "price_unit": 30,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        move.action_post()
        self.sync()
        self.assertEqual(self.amounts(partner), [30, 120])

    def test_credit_note_subtracts(self):
        partner = self.partner()
        order = self.order(partner, 120)
        refund = self.credit_note(self.invoice(order), 20)
        self.credit_note(self.invoice(partner, 50))
        self.sync()
        self.assertEqual(self.amounts(partner), [-50, -20, 50, 120])
        self.assertEqual(self.fact(refund).amount, -20)

    def test_credit_note_of_a_discounted_order(self):
        partner = self.partner()
        order = self.order(partner, 0, lines=[1000, -100])
        self.credit_note(self.invoice(order))
        self.sync()
        self.assertEqual(self.amounts(partner), [-900, 900])

    def test_return_in_the_order_itself_subtracts_once(self):
        partner = self.partner()
        order = self.order(partner, -50)
        move = self.invoice(order)
        self.assertEqual(move.move_type, "out_refund")
        self.sync()
        self.assertEqual(self.facts(partner, "amount", "source"), [(-50, "sale")])

    def test_cancelling_an_invoiced_order(self):
        partner = self.partner()
        order = self.order(partner, 120)
        move = self.invoice(order)
        self.sync()
        order._action_cancel()
        self.sync()
        self.assertEqual(self.facts(partner, "amount", "source"), [(120, "invoice")])
        self.credit_note(move)
        self.sync()
        self.assertEqual(self.amounts(partner), [-120, 120])
        self.assertRebuilds()

    def test_deleting_an_invoiced_order(self):
        partner = self.partner()
        order = self.order(partner, 120)
        self.invoice(order)
        self.sync()
        order._action_cancel()
        order.unlink()
        self.sync()
        self.assertEqual(self.facts(partner, "amount", "source"), [(120, "invoice")])

    def test_invoice_reset_and_deleted(self):
        partner = self.partner()
        move = self.invoice(partner, 80)
        self.sync()
        move.button_draft()
        self.sync()
        self.assertEqual(self.amounts(partner), [])
        move.action_post()
        self.sync()
        self.assertEqual(self.amounts(partner), [80])
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        self.assertEqual(self.amounts(partner), [])

    def test_down_payment_of_an_order(self):
        partner = self.partner()
        order = self.order(partner, 1000)
        self.down_payment(order, 300)
        self.sync()
        self.assertEqual(self.amounts(partner), [1000])
        self.invoice(order)
        self.sync()
        self.assertEqual(self.amounts(partner), [1000])

    def test_down_payment_of_a_cancelled_order(self):
        partner = self.partner()
        order = self.order(partner, 1000)
        advance = self.down_payment(order, 300)
        self.sync()
        order._action_cancel()
        self.sync()
        self.assertEqual(self.amounts(partner), [])
        self.credit_note(advance)
        self.sync()
        self.assertEqual(self.amounts(partner), [])

    def test_cancelled_order_with_advance_and_final_invoice(self):
        partner = self.partner()
        order = self.order(partner, 1000)
        self.down_payment(order, 300)
        final = self.invoice(order)
        self.assertEqual(final.amount_untaxed, 700)
        order._action_cancel()
        self.sync()
        self.assertEqual(self.amounts(partner), [1000])
        self.credit_note(final)
        self.sync()
        self.assertEqual(self.amounts(partner), [-1000, 1000])


@tagged("post_install", "-at_install")
class TestPurchaseInvoiceByInvoice(PurchaseCase):
    """Basis *invoice*: posted invoices, credit notes and receipts."""

    def setUp(self):
        super().setUp()
        self.by_invoice()

    def test_orders_do_not_count(self):
        partner = self.partner()
        order = self.order(partner, 120)
        self.sync()
        self.assertEqual(self.amounts(partner), [])
        self.invoice(order, date="2024-05-06")
        self.sync()
        self.assertEqual(self.facts(partner), [(date(2024, 5, 6), 120)])

    def test_advance_and_final_invoice_are_one_purchase(self):
        partner = self.partner()
        order = self.order(partner, 1000)
        advance = self.down_payment(order, 300)
        self.sync()
        self.assertFalse(self.fact(advance))
        final = self.invoice(order)
        self.sync()
        self.assertEqual(self.facts(partner, "amount", "move_id"), [(1000, final)])

    def test_credit_notes_and_receipts(self):
        partner = self.partner()
        move = self.invoice(partner, 80)
        self.credit_note(move, 30)
        self.invoice(partner, 15, move_type="out_receipt")
        self.sync()
        self.assertEqual(self.amounts(partner), [-30, 15, 80])

    def test_currency_at_the_documents_date(self):
        partner = self.partner()
        self.invoice(partner, 100, "2023-06-01", currency=self.usd)
        self.invoice(partner, 100, "2024-06-01", currency=self.usd)
        self.sync()
        self.assertEqual(
            self.facts(partner), [(date(2023, 6, 1), 80), (date(2024, 6, 1), 50)]
        )

    def test_commercial_partner_of_the_invoice(self):
        company = self.partner(is_company=True)
        contact = self.partner(parent_id=company.id)
        move = self.invoice(contact, 80)
        self.sync()
        fact = self.fact(move)
        self.assertEqual((fact.partner_id, fact.contact_id), (company, contact))

    def test_salesperson_is_the_documents(self):
        user = self.users["seller"]
        move = self.invoice(self.partner(), 80, invoice_user_id=user.id)
        self.sync()
        self.assertEqual(self.fact(move).user_id, user)

    def test_invoice_without_cost_has_no_margin(self):
        move = self.invoice(self.partner(), 80)
        self.sync()
        fact = self.fact(move)
        self.assertFalse(fact.margin_known)
        self.env.cr.execute("SELECT margin FROM dcrm_purchase WHERE id = %s", [fact.id])
        self.assertEqual(self.env.cr.fetchone(), (None,))


@tagged("post_install", "-at_install")
class TestPurchaseBasis(PurchaseCase):
    """Changing what the facts hang on rebuilds them."""

    def test_basis(self):
        partner = self.partner()
        order = self.order(partner, 120, "2024-01-10")
        self.invoice(order, date="2024-02-10")
        self.invoice(partner, 30, "2024-03-10")
        self.purchase(partner, 7, "2023-01-01")
        self.sync()
        self.assertEqual(
            self.facts(partner, "amount", "source"),
            [(7, "import"), (120, "sale"), (30, "invoice")],
        )
        self.by_invoice()
        self.assertTrue(self.sync()["full"])
        self.assertEqual(
            self.facts(partner, "amount", "source"),
            [(7, "import"), (120, "invoice"), (30, "invoice")],
        )
        self.assertFalse(self.env["dcrm.purchase"].search([("source", "=", "sale")]))
        self.company_a.purchase_basis = "sale"
        self.sync()
        self.assertEqual(
            self.facts(partner, "amount", "source"),
            [(7, "import"), (120, "sale"), (30, "invoice")],
        )

    def test_zone(self):
        partner = self.partner()
        self.order(partner, 10, self.instant("2024-03-01"))
        self.sync()
        self.company_a.partner_id.tz = "Pacific/Kiritimati"
        self.sync()
        self.assertEqual(self.facts(partner, "date"), [(date(2024, 3, 2),)])
        self.company_a.partner_id.tz = False
        self.sync()
        self.assertEqual(self.facts(partner, "date"), [(date(2024, 3, 1),)])
