"""What is owed, and the scorecard, in the browser."""

from dateutil.relativedelta import relativedelta

from odoo.tests import HttpCase, tagged

from .common_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestReceivableUi(LedgerCase, HttpCase):
    browser_size = "1366x768"

    def test_scorecard_leads_to_purchases(self):
        customer = self.partner("Buys")
        for amount, days in ((150.0, 10), (50.0, 20), (100.0, 400)):
            self.purchase(customer, amount, self.days_ago(days))
        self.refresh()
        self.start_tour(
            "/odoo/dcrm-scorecard", "dcrm_scorecard", login="dcrm_seller_all"
        )

    def test_receivables_of_an_earlier_day(self):
        """500 were paid since the end of last month, 70 are owed since."""
        customer = self.partner("Owes", seller="seller")
        month_end = self.today() + relativedelta(day=1, days=-1)
        old = self.bill(customer, 500.0, month_end - relativedelta(days=40))
        self.pay(old, None, month_end + relativedelta(days=1))
        self.bill(customer, 70.0, self.today())
        self.start_tour(
            "/odoo/action-dcrm_analytics.dcrm_receivable_action",
            "dcrm_receivable",
            login="dcrm_seller",
        )
