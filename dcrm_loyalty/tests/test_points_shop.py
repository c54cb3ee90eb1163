from unittest import SkipTest

from odoo.tests import HttpCase, tagged

from .common_points import PointsCase


@tagged("post_install", "-at_install")
class TestPointsShop(PointsCase, HttpCase):
    """In the shop, where it is installed, customers earn and use what sellers would."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "website" not in cls.env:
            raise SkipTest("website_sale_loyalty is not installed")
        cls.website = cls.env["website"].search([], limit=1)
        cls.website.company_id = cls.company_a
        cls.pot.is_published = True
        cls.program.ecommerce_ok = True
        cls.buyer = cls.make_user("buyer", "base.group_portal", cls.company_a)
        cls.buyer.partner_id.parent_id = cls.customer

    def add(self, quantity):
        """Put pots into the cart of who is logged in; return the cart."""
        self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.pot.product_tmpl_id.id,
                "product_id": self.pot.id,
                "quantity": quantity,
            },
        )
        self.env.invalidate_all()
        domain = [("website_id", "=", self.website.id)]
        return self.env["sale.order"].search(domain, order="id desc", limit=1)

    def test_contact_earns_and_uses_the_points_of_its_company(self):
        club = self.points_club()
        self.give(club, 60)
        self.authenticate("dcrm_buyer", "dcrm_buyer")
        cart = self.add(2)
        self.assertFalse(cart.coupon_point_ids)
        [(card, rewards)] = cart._get_claimable_and_showable_rewards().items()
        self.assertEqual((card, rewards), (self.card(club), self.program.reward_ids))
        self.url_open(f"/shop/claimreward?reward_id={rewards.id}")
        self.env.invalidate_all()
        self.assertEqual(cart.amount_total, 190)
        cart._validate_order()
        self.assertEqual(cart.state, "sale")
        self.assertEqual(self.balance(club), 60 + 200 - 50)

    def test_visitors_have_no_points(self):
        club = self.points_club()
        self.authenticate(None, None)
        cart = self.add(2)
        self.assertTrue(cart.partner_id.is_public)
        self.assertFalse(self.program.coupon_ids)
        cart.action_confirm()
        self.assertFalse(club.account_ids)

    def test_domain_of_programs_of_a_cart(self):
        self.points_club()
        self.authenticate("dcrm_buyer", "dcrm_buyer")
        cart = self.add(1)
        domain = cart._get_program_domain()
        self.assertEqual(self.program.filtered_domain(domain), self.program)

    def card(self, club):
        return self.account(club).card_id
