from datetime import date, datetime
from unittest import SkipTest
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..models import dcrm_purchase_source
from .common_purchase import PurchaseCase


@tagged("post_install", "-at_install")
class TestPurchaseSale(PurchaseCase):
    """Confirmed orders as purchases."""

    def test_confirmed_order_is_a_purchase(self):
        partner = self.partner()
        order = self.order(partner, 120, "2024-03-01")
        self.order(partner, 50, "2024-03-02", confirm=False)
        self.sync()
        fact = self.fact(order)
        self.assertEqual(
            (fact.partner_id, fact.date, fact.amount, fact.source, fact.reference),
            (partner, date(2024, 3, 1), 120, "sale", order.name),
        )
        self.assertEqual(fact.company_id, self.company_a)
        self.assertEqual(self.amounts(partner), [120])

    def test_order_of_nothing_is_a_purchase_of_zero(self):
        partner = self.partner()
        self.order(partner, 0)
        self.sync()
        self.assertEqual(self.amounts(partner), [0])

    def test_cancelled_order_counts_no_more(self):
        partner = self.partner()
        order = self.order(partner, 120)
        self.sync()
        order._action_cancel()
        self.assertEqual(self.sync()["deleted"], 1)
        self.assertEqual(self.facts(partner), [])
        order.action_draft()
        order.action_confirm()
        self.sync()
        self.assertEqual(self.amounts(partner), [120])

    def test_deleted_order_leaves_no_fact(self):
        partner = self.partner()
        order = self.order(partner, 120)
        self.sync()
        order._action_cancel()
        order.unlink()
        self.assertEqual(self.facts(partner), [])

    def test_changed_lines_are_seen(self):
        partner = self.partner()
        order = self.order(partner, 120)
        self.sync()
        self.assertEqual(self.sync()["upserted"], 0)
        order.order_line.price_unit = 90
        self.sync()
        self.assertEqual(self.amounts(partner), [90])

    def test_recomputed_columns_touch_the_order(self):
        """The host stamps an order whose stored fields it computes anew."""
        order = self.order(self.partner(), 120)
        changes = {"product_uom_qty": 2, "purchase_price": 7}
        for name, value in changes.items():
            if name not in order.order_line._fields:
                continue
            with self.subTest(name=name):
                self.sync()
                self.assertEqual(self.year_written(order), 2020)
                order.order_line[name] = value
                self.env.flush_all()
                self.assertGreater(self.year_written(order), 2020)

    def year_written(self, order):
        order.invalidate_recordset(["write_date"])
        return order.write_date.year

    def test_day_is_the_companys(self):
        for company, last, first in (
            # In winter Brussels is an hour ahead of UTC, Auckland thirteen.
            (self.company_a, datetime(2024, 3, 1, 22, 59), datetime(2024, 3, 1, 23)),
            (self.company_b, datetime(2024, 3, 1, 10, 59), datetime(2024, 3, 1, 11)),
        ):
            with self.subTest(company=company.name):
                partner = self.partner()
                for instant in (last, first):
                    self.order(partner, 10, instant, company=company)
                self.sync(company)
                self.assertEqual(
                    self.facts(partner, "date"),
                    [(date(2024, 3, 1),), (date(2024, 3, 2),)],
                )

    def test_currency_at_the_orders_date_rounded_once(self):
        partner = self.partner()
        self.order(partner, 100, "2023-06-01", currency=self.usd)
        self.order(partner, 100.01, "2024-06-01", currency=self.usd)
        self.order(partner, 10.05, company=self.company_b, currency=self.usd)
        self.sync(), self.sync(self.company_b)
        # 0.80 EUR, 0.50 EUR and 125 JPY (no decimals) a dollar
        self.assertEqual(self.amounts(partner), [50.01, 80, 1256])

    def test_companies_are_apart(self):
        partner = self.partner()
        self.order(partner, 10)
        self.order(partner, 2000, company=self.company_b)
        self.sync()
        self.assertEqual(self.amounts(partner), [10])
        self.sync(self.company_b)
        self.assertEqual(self.facts(partner, "amount", company=self.company_a), [(10,)])
        self.assertEqual(
            self.facts(partner, "amount", company=self.company_b), [(2000,)]
        )

    def test_order_moved_to_another_company(self):
        partner = self.partner()
        order = self.order(partner, 10)
        self.sync(), self.sync(self.company_b)
        self.env.cr.execute(
            "UPDATE sale_order"
            " SET company_id = %s, write_date = now() AT TIME ZONE 'UTC' WHERE id = %s",
            [self.company_b.id, order.id],
        )
        self.sync()
        self.assertFalse(self.facts(partner))
        self.sync(self.company_b)
        self.assertEqual(self.facts(partner, "company_id"), [(self.company_b,)])

    def test_customer_is_the_commercial_partner(self):
        company = self.partner(is_company=True)
        contact = self.partner(parent_id=company.id)
        fact = self.fact_of(self.order(contact, 10))
        self.assertEqual((fact.partner_id, fact.contact_id), (company, contact))

    def fact_of(self, order):
        self.sync()
        return self.fact(order)

    def test_salesperson_is_the_orders(self):
        user = self.users["seller"]
        order = self.order(self.partner(seller="other_seller"), 10, user_id=user.id)
        self.assertEqual(self.fact_of(order).user_id, user)
        order.user_id = self.users["other_seller"]
        self.assertEqual(self.fact_of(order).user_id, self.users["other_seller"])

    def test_other_partner(self):
        wrong, right = self.partner(), self.partner()
        order = self.order(wrong, 10)
        self.sync()
        order.partner_id = right
        self.sync()
        self.assertEqual((self.amounts(wrong), self.amounts(right)), ([], [10]))

    def test_archived_customer_keeps_purchases(self):
        partner = self.partner()
        self.order(partner, 10)
        self.sync()
        partner.action_archive()
        self.order(partner, 20)
        self.sync(full=True)
        self.assertEqual(self.amounts(partner), [10, 20])

    def test_customer_with_imported_purchases_is_not_deleted(self):
        partner, other = self.partner("Ann"), self.partner()
        self.purchase(partner, 10)
        with self.assertRaisesRegex(UserError, "Ann"):
            (partner | other).unlink()
        other.unlink()


@tagged("post_install", "-at_install")
class TestPurchaseMargin(PurchaseCase):
    """The margin of the document's time, in the company's currency, or unknown."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "margin" not in cls.env["sale.order"]._fields:
            raise SkipTest("sale_margin is not installed")

    def margins(self, partner):
        return self.facts(partner, "amount", "margin", "margin_known")

    def test_margin_is_of_the_time(self):
        partner = self.partner()
        order = self.order(partner, 100)
        self.set_cost(99)
        self.sync()
        self.assertEqual(self.margins(partner), [(100, 40, True)])
        order.order_line.purchase_price = 70
        self.sync()
        self.assertEqual(self.margins(partner), [(100, 30, True)])

    def test_margin_in_the_companys_currency(self):
        partner = self.partner()
        # The cost of 60 EUR is 120 USD.
        self.order(partner, 200, "2024-06-01", currency=self.usd)
        self.sync()
        [(amount, margin, known)] = self.margins(partner)
        self.assertEqual((amount, known), (100, True))
        order = self.env["sale.order"].search([("partner_id", "=", partner.id)])
        self.assertEqual(margin, round(order.margin / order.currency_rate, 2))

    def test_margin_is_unknown_without_the_module(self):
        partner = self.partner()
        self.order(partner, 100)
        self.sync()
        with patch.object(dcrm_purchase_source, "FEATURES", ()):
            self.assertTrue(self.sync()["full"], "modules are what facts hang on")
        self.assertEqual(self.facts(partner, "amount", "margin_known"), [(100, False)])
        self.env.cr.execute("SELECT count(margin) FROM dcrm_purchase")
        self.assertEqual(self.env.cr.fetchone(), (0,))
        self.sync()
        self.assertEqual(self.margins(partner), [(100, 40, True)])

    def test_margin_of_nothing_earned_is_known(self):
        partner = self.partner()
        self.order(partner, 60)
        self.sync()
        self.assertEqual(self.margins(partner), [(60, 0, True)])

    def test_invoice_of_orders_takes_their_cost(self):
        self.by_invoice()
        partner = self.partner()
        order = self.order(partner, 100, lines=[100, 100])
        move = self.invoice(order)
        refund = self.credit_note(move)
        self.set_cost(99)
        self.sync()
        fact = self.fact(move)
        self.assertEqual((fact.amount, fact.margin), (200, 80))
        fact = self.fact(refund)
        self.assertEqual((fact.amount, fact.margin), (-200, -80))

    def test_final_invoice_takes_the_whole_orders_cost(self):
        self.by_invoice()
        order = self.order(self.partner(), 100)
        self.down_payment(order, 30)
        final = self.invoice(order)
        self.sync()
        self.assertEqual((self.fact(final).amount, self.fact(final).margin), (100, 40))

    def test_one_line_of_unknown_cost_leaves_all_unknown(self):
        self.by_invoice()
        order = self.order(self.partner(), 100)
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
        fact = self.fact(move)
        self.assertEqual((fact.amount, fact.margin_known), (130, False))

    def test_cost_in_another_unit_and_currency(self):
        self.by_invoice()
        self.set_cost(5)
        partner = self.partner()
        order = self.order(partner, 12, "2024-06-01", currency=self.usd, confirm=False)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.order_line.write({"price_unit": 240})
        order.date_order = self.instant("2024-06-01")
        order.order_line.purchase_price = 120
        self.env.flush_all()
        order.action_confirm()
        order.date_order = self.instant("2024-06-01")
        move = self.invoice(order, date="2024-06-01")
        move.button_draft()
        move.invoice_line_ids.write(
            {
                "product_uom_id": self.env.ref("uom.product_uom_unit").id,
                "quantity": 12,
                "price_unit": 20,
            }
        )
        move.action_post()
        self.sync()
        # 240 USD at a cost of 120 USD, two dollars an euro
        self.assertEqual((self.fact(move).amount, self.fact(move).margin), (120, 60))
