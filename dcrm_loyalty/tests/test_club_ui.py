"""What a seller does in the browser, ending in what the database then holds."""

from odoo.tests import HttpCase, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestClubUi(LoyaltyCase, HttpCase):
    browser_size = "1366x768"

    def test_seller_joins_a_customer_and_sells(self):
        self.pricelists_off()
        groups = "dcrm_analytics.group_dcrm_seller,sales_team.group_sale_salesman"
        self.users["salesman"] = self.make_user("salesman", groups, self.company_a)
        customer = self.partner("The Copper Kettle", seller="salesman")
        club = self.club("Kitchen Club", duration_months=12)
        self.club("Wine Club", [("Only", None)])
        self.start_tour(
            f"/odoo/res.partner/{customer.id}", "dcrm_club_join", login="dcrm_salesman"
        )
        self.env.invalidate_all()
        membership = self.env["dcrm.membership"].search(
            [("partner_id", "=", customer.id)]
        )
        self.assertEqual(membership.club_id, club)
        self.assertEqual(
            (membership.state, membership.tier_id.name), ("active", "Gold")
        )
        self.assertEqual(membership.create_uid, self.users["salesman"])
        self.assertTrue(self.pricelists_are_on())

        self.start_tour(
            "/odoo/action-sale.action_quotations/new",
            "dcrm_club_order",
            login="dcrm_salesman",
        )
        self.env.invalidate_all()
        order = self.env["sale.order"].search([("partner_id", "=", customer.id)])
        self.assertEqual(order.pricelist_id, membership.tier_id.pricelist_id)
        self.assertEqual(order.amount_untaxed, 90)
        self.assertNoViolations()

    def test_only_roles_see_the_menus(self):
        menus = {
            role: self.env_as(role)["ir.ui.menu"]._visible_menu_ids()
            for role in ("nobody", "seller", "manager")
        }
        for name in ("clubs", "memberships"):
            menu = self.env.ref(f"dcrm_loyalty.menu_dcrm_{name}").id
            self.assertNotIn(menu, menus["nobody"])
            self.assertIn(menu, menus["seller"])
            self.assertIn(menu, menus["manager"])
