"""What the page of a customer says of what it owes and how late it pays."""

from odoo.tests import tagged

from .common_customer_page import CustomerPageCase
from .common_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestCustomerPageReceivable(CustomerPageCase, LedgerCase):
    def test_receivables(self):
        customer = self.partner(seller="seller")
        day = self.days_ago(45)
        self.invoice(customer, 300, day, invoice_date_due=day)
        self.refresh()
        page = self.page(customer)
        owed = self.env["dcrm.receivable"].search([("partner_id", "=", customer.id)])
        [bar] = self.items(page, "receivables", "bars")
        names = dict(owed._fields["bucket"]._description_selection(self.env))
        self.assertEqual(bar["label"], names[owed.bucket])
        self.assertEqual(bar["text"], "300.00\u00a0€")
        self.assertEqual(
            self.env["dcrm.receivable"].search(bar["action"]["domain"]), owed
        )
        self.assertEqual(self.figures(page, "worth")["Owes us"], "300.00\u00a0€")

    def test_how_late_it_pays(self):
        """By amount, paid and overdue alike; not credits, nor what is not due."""
        customer = self.partner(seller="seller")
        seller = self.env_as("seller")["dcrm.receivable"]
        paid = self.bill(customer, 100, self.days_ago(60))
        self.pay(paid, date=self.days_ago(40))
        self.bill(customer, 400, self.days_ago(15))
        self.bill(customer, 1000, self.today())
        self.advance(customer, 50, self.days_ago(20))
        page = self.page(customer)
        self.assertEqual(self.section(page, "receivables")["note"], "pays 16 days late")
        self.assertEqual(seller.days_late(customer.ids), {customer.id: 16.0})
        self.assertEqual(
            [bar["text"] for bar in self.items(page, "receivables", "bars")],
            ["1,000.00\u00a0€", "350.00\u00a0€"],
        )
        self.assertEqual(self.figures(page, "worth")["Owes us"], "1,350.00\u00a0€")

    def test_what_credits_make_up_for_is_not_asked_for(self):
        """Not even by what is left of 0.1 + 0.2 - 0.3 in binary."""
        customer = self.partner(seller="seller")
        self.bill(customer, 0.1, self.days_ago(10))
        self.bill(customer, 0.2, self.days_ago(40))
        self.advance(customer, 0.3, self.days_ago(70))
        page = self.page(customer)
        steps = self.texts(page, "next", "steps")
        self.assertFalse([step for step in steps if "will be paid" in step], steps)
        [owes] = [
            item
            for item in self.items(page, "worth", "figures")
            if item["label"] == "Owes us"
        ]
        self.assertEqual(
            (owes["text"], owes["note"]), ("0.00\u00a0€", "nothing overdue")
        )
