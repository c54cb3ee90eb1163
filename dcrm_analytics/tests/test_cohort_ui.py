from dateutil.relativedelta import relativedelta

from odoo.tests import HttpCase, tagged

from .common import DcrmCase


@tagged("post_install", "-at_install")
class TestCohortUi(DcrmCase, HttpCase):
    """Cohorts and matrices in the browser: a figure opens what it counts."""

    browser_size = "1366x768"

    def buy(self):
        first = self.today().replace(day=1) - relativedelta(months=6)
        for number in range(12):
            partner = self.partner()
            for month in range(1 + number // 3):
                day = first + relativedelta(months=month)
                self.purchase(partner, 10 * number + 10, day)
        self.refresh()

    def test_cohort(self):
        self.buy()
        self.start_tour("/odoo/dcrm-cohorts", "dcrm_cohorts", login="dcrm_seller_all")

    def test_lost_matrix(self):
        self.buy()
        self.start_tour("/odoo/dcrm-lost", "dcrm_lost_matrix", login="dcrm_seller_all")
