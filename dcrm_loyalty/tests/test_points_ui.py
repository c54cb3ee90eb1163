"""Earn, redeem, return in the browser, ending in what the ledger then holds."""

from odoo.tests import HttpCase, tagged

from .common_points import PointsCase

GROUPS = "sales_team.group_sale_salesman_all_leads,account.group_account_invoice"


@tagged("post_install", "-at_install")
class TestPointsUi(PointsCase, HttpCase):
    browser_size = "1366x768"

    def tour(self, record, name):
        url = f"/odoo/{record._name}/{record.id}"
        self.env.flush_all()
        self.start_tour(url, f"dcrm_points_{name}", login="dcrm_salesman")
        self.env.invalidate_all()

    def test_earn_redeem_return(self):
        self.make_user("salesman", GROUPS, self.company_a)
        club = self.points_club(name="Kitchen Club")
        first, second = self.order(2), self.order(1)
        self.tour(first, "earn")
        self.assertEqual(self.kinds(club), [("earn", 200)])
        self.tour(second, "redeem")
        self.assertEqual(second.amount_total, 90)
        self.assertEqual(
            self.kinds(club), [("earn", 200), ("earn", 100), ("redeem", -50)]
        )
        self.tour(self.invoice(first), "return")
        self.assertEqual(self.kinds(club)[-1], ("reverse", -200))
        self.assertEqual(self.balance(club), 50)
        self.assertNoViolations()
