from datetime import date
from unittest import SkipTest

from odoo.fields import Command
from odoo.tests import tagged

from .common_purchase import PurchaseCase


@tagged("post_install", "-at_install")
class TestPurchasePos(PurchaseCase):
    """Paid orders of the till, where point of sale is installed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "pos.order" not in cls.env:
            raise SkipTest("point_of_sale is not installed")
        env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company_a.ids)
        )
        cash = env["account.journal"].create(
            {"name": "Cash", "code": "XCSH", "type": "cash"}
        )
        method = env["pos.payment.method"].create(
            {"name": "Cash", "journal_id": cash.id, "company_id": cls.company_a.id}
        )
        cls.config = env["pos.config"].create(
            {
                "name": "Till",
                "company_id": cls.company_a.id,
                "payment_method_ids": [Command.set(method.ids)],
            }
        )
        cls.session = env["pos.session"].create(
            {"config_id": cls.config.id, "user_id": env.uid}
        )

    def till(self, partner, amount, day="2024-03-01", tax=0, **values):
        """Return a paid order of the till: ``lines`` are the values of its lines."""
        lines = values.pop("lines", None) or [{"price_unit": amount}]
        order = self.env["pos.order"].create(
            {
                "session_id": self.session.id,
                "company_id": self.company_a.id,
                "partner_id": partner and partner.id,
                "date_order": self.instant(day),
                "amount_total": amount + tax,
                "amount_tax": tax,
                "amount_paid": amount + tax,
                "amount_return": 0,
                "lines": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "qty": 1,
                            "price_subtotal": line["price_unit"],
                            "price_subtotal_incl": line["price_unit"],
                            "total_cost": 60,
                            "is_total_cost_computed": True,
                            **line,
                        }
                    )
                    for line in lines
                ],
                **values,
            }
        )
        order.state = values.get("state", "paid")
        self.env.flush_all()
        return order

    def by_till(self, order):
        return self.env["dcrm.purchase"].search([("pos_order_ref", "=", order.id)])

    def test_paid_order_with_a_customer_counts(self):
        partner = self.partner()
        order = self.till(partner, 100, tax=21, pos_reference="T-1")
        self.till(partner, 50, state="draft")
        self.till(None, 70)
        self.sync()
        fact = self.by_till(order)
        self.assertEqual(
            (fact.partner_id, fact.date, fact.amount, fact.source, fact.reference),
            (partner, date(2024, 3, 1), 100, "pos", "T-1"),
        )
        self.assertEqual((fact.margin, fact.margin_known), (40, True))
        self.assertEqual(self.amounts(partner), [100])
        self.assertFalse(
            self.env["dcrm.purchase"].search_count(
                [("source", "=", "pos"), ("amount", "=", 70)]
            )
        )

    def test_unknown_cost(self):
        order = self.till(
            self.partner(),
            100,
            lines=[{"price_unit": 100, "is_total_cost_computed": 0}],
        )
        self.sync()
        self.assertFalse(self.by_till(order).margin_known)

    def test_refund_subtracts_whatever_the_sign_of_its_lines(self):
        partner = self.partner()
        for subtotal in (100, -100):
            line = {
                "price_unit": 100,
                "qty": -1,
                "price_subtotal": subtotal,
                "total_cost": -60,
            }
            self.till(partner, -100, is_refund=True, lines=[line])
        self.sync()
        self.assertEqual(
            self.facts(partner, "amount", "margin"), [(-100, -40), (-100, -40)]
        )

    def test_rate_of_the_order(self):
        order = self.till(self.partner(), 100)
        self.env.cr.execute(
            "UPDATE pos_order SET currency_rate = 3 WHERE id = %s", [order.id]
        )
        self.sync()
        self.assertEqual(self.by_till(order).amount, 33.33)

    def test_cancelled_and_deleted(self):
        partner = self.partner()
        order, other = self.till(partner, 10), self.till(partner, 20)
        self.sync()
        # The host refuses both for paid orders, but databases are mended by SQL.
        self.env.cr.execute(
            "UPDATE pos_order SET state = 'cancel' WHERE id = %s", [order.id]
        )
        self.sync(full=True)
        self.assertEqual(self.amounts(partner), [20])
        self.env.cr.execute("DELETE FROM pos_order WHERE id = %s", [other.id])
        self.sync(full=True)
        self.assertEqual(self.amounts(partner), [])

    def invoiced(self, partner, amount):
        order = self.till(partner, amount)
        move = self.invoice(partner, amount, date="2024-03-05")
        order.account_move = move
        self.env.flush_all()
        return order, move

    def test_invoiced_order_counts_once(self):
        partner = self.partner()
        order, move = self.invoiced(partner, 100)
        self.sync()
        self.assertEqual(self.facts(partner, "amount", "source"), [(100, "pos")])
        self.by_invoice()
        self.sync()
        self.assertEqual(self.facts(partner, "amount", "source"), [(100, "invoice")])
        other = self.till(partner, 7)
        self.sync()
        self.assertEqual(self.amounts(partner), [7, 100])
        self.env.cr.execute(
            "UPDATE account_move SET state = 'cancel', write_date = now()"
            " AT TIME ZONE 'UTC' WHERE id = %s",
            [move.id],
        )
        self.sync()
        self.assertTrue(self.by_till(order) and self.by_till(other))
        self.assertEqual(self.facts(partner, "source"), [("pos",), ("pos",)])

    def test_settling_a_sales_order_counts_once(self):
        if "sale_order_line_id" not in self.env["pos.order.line"]._fields:
            self.skipTest("pos_sale is not installed")
        partner = self.partner()
        order = self.order(partner, 100)
        settled = {
            "price_unit": 100,
            "sale_order_origin_id": order.id,
            "sale_order_line_id": order.order_line.id,
        }
        self.till(partner, 100, lines=[settled])
        mixed = self.till(partner, 130, lines=[settled, {"price_unit": 30}])
        self.sync()
        self.assertEqual(
            sorted(self.facts(partner, "amount", "source")),
            [(30, "pos"), (100, "sale")],
        )
        self.assertEqual(self.by_till(mixed).margin, -30)
        order._action_cancel()
        self.sync()
        self.assertEqual(self.amounts(partner), [100, 130])
        self.by_invoice()
        self.sync()
        self.assertEqual(self.amounts(partner), [100, 130])
        self.assertRebuilds(self.company_a)

    def test_taking_back_what_was_settled_subtracts(self):
        if "sale_order_line_id" not in self.env["pos.order.line"]._fields:
            self.skipTest("pos_sale is not installed")
        partner = self.partner()
        order = self.order(partner, 100)
        back = {
            "price_unit": 100,
            "qty": -1,
            "total_cost": -60,
            "sale_order_origin_id": order.id,
            "sale_order_line_id": order.order_line.id,
        }
        self.till(partner, -100, is_refund=True, lines=[back])
        self.sync()
        self.assertEqual(self.amounts(partner), [-100, 100])

    def test_down_payment_at_the_till(self):
        if "sale_order_line_id" not in self.env["pos.order.line"]._fields:
            self.skipTest("pos_sale is not installed")
        partner = self.partner()
        order = self.order(partner, 100)
        advance = {"price_unit": 30, "sale_order_origin_id": order.id}
        self.till(partner, 30, lines=[advance])
        self.sync()
        self.assertEqual(self.facts(partner, "amount", "source"), [(100, "sale")])
        self.by_invoice()
        self.sync()
        self.assertEqual(self.amounts(partner), [])

    def test_down_payment_invoiced_at_the_till(self):
        """The till marks down payments in the tax data of its invoice's lines."""
        self.by_invoice()
        move = self.invoice(self.partner(), 30, post=False)
        move.invoice_line_ids.extra_tax_data = {"computation_key": "down_payment"}
        move.action_post()
        self.sync()
        self.assertFalse(self.fact(move))


@tagged("post_install", "-at_install")
class TestPostedCost(PurchaseCase):
    """Margins by posted cost of goods; stock accounting comes along with the till."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "cogs_origin_id" not in cls.env["account.move.line"]._fields:
            raise SkipTest("stock_account is not installed")

    def test_posted_cost_of_goods(self):
        self.by_invoice()
        accounts = self.env["account.account"].with_company(self.company_a)
        accounts = accounts.create(
            [
                {"name": "Cost", "code": "X601", "account_type": "expense"},
                {"name": "Stock", "code": "X300", "account_type": "asset_current"},
            ]
        )
        move = self.invoice(self.partner(), 0, lines=[100, 50], post=False)
        self.post_with_cost(move, 35, accounts)
        refund = self.credit_note(move, post=False)
        self.post_with_cost(refund, -35, accounts)
        self.sync()
        self.assertEqual((self.fact(move).amount, self.fact(move).margin), (150, 115))
        fact = self.fact(refund)
        self.assertEqual((fact.amount, fact.margin), (-150, -115))

    def post_with_cost(self, move, cost, accounts):
        """Post an invoice with the cost of its first line, as real-time valuation."""
        move.line_ids = [
            Command.create(
                {
                    "display_type": "cogs",
                    "account_id": account.id,
                    "balance": balance,
                    "cogs_origin_id": move.invoice_line_ids[0].id,
                }
            )
            for account, balance in zip(accounts, (cost, -cost), strict=True)
        ]
        move.action_post()
