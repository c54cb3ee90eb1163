from datetime import date, datetime

from odoo.tests import tagged

from .common_purchase import PurchaseCase


@tagged("post_install", "-at_install")
class TestPurchaseSale(PurchaseCase):
    def test_confirmed_order_is_a_purchase(self):
        partner = self.partner()
        order = self.order(partner, 120, "2024-03-01")
        self.order(partner, 50, "2024-03-02", confirm=False)
        self.sync()
        [fact] = self.env["dcrm.purchase"].search([("partner_id", "=", partner.id)])
        self.assertEqual(fact.date, date(2024, 3, 1))
        self.assertEqual(fact.amount, 120)
        self.assertEqual(fact.source, "sale")
        self.assertEqual(fact.order_id, order)
        self.assertEqual(fact.reference, order.name)
        self.assertEqual(fact.company_id, self.company_a)

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
        self.assertEqual(len(self.facts(partner)), 1)

    def test_changed_lines_are_seen(self):
        partner = self.partner()
        order = self.order(partner, 120, "2024-03-01")
        self.sync()
        order.order_line.price_unit = 90
        self.sync()
        self.assertEqual(self.facts(partner, "amount"), [(90,)])

    def test_day_is_the_companys(self):
        late = datetime(2024, 3, 1, 23, 30)
        here, there = self.partner(), self.partner()
        self.order(here, 10, late)
        self.order(there, 10, late, company=self.company_b)
        self.sync(), self.sync(self.company_b)
        self.assertEqual(self.facts(here, "date"), [(date(2024, 3, 2),)])
        self.assertEqual(self.facts(there, "date"), [(date(2024, 3, 2),)])
        self.order(here, 10, datetime(2024, 3, 1, 22, 30))
        self.order(there, 10, datetime(2024, 3, 1, 10, 30), company=self.company_b)
        self.sync(), self.sync(self.company_b)
        self.assertEqual(
            self.facts(here, "date"), [(date(2024, 3, 1),), (date(2024, 3, 2),)]
        )
        self.assertEqual(
            self.facts(there, "date"), [(date(2024, 3, 1),), (date(2024, 3, 2),)]
        )
