from odoo.tests import HttpCase, tagged

from .common_bundle import BundleCase


@tagged("post_install", "-at_install")
class TestBundleUi(BundleCase, HttpCase):
    """What a seller does in the browser, ending in what the database then holds."""

    browser_size = "1366x768"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.make_user(
            "clerk", "sales_team.group_sale_salesman", cls.company_a
        )

    def test_seller_quotes_a_bundle_and_takes_a_part_out(self):
        self.start_tour("/odoo/orders", "dcrm_bundle", login="dcrm_clerk")
        order = self.env["sale.order"].search(
            [("partner_id", "=", self.customer.id)], limit=1
        )
        self.assertEqual(
            self.terms(order.order_line),
            [("Starter Kit", 3, 0.0, 0.0, 0.0), ("Pan", 6, 33.33, 0.0, 199.98)],
        )
        said = order.message_ids.filtered(lambda m: "without Whisk" in m.body)
        self.assertEqual(said.author_id, self.clerk.partner_id)

    def test_configurator_shows_what_each_choice_costs(self):
        kit = self.make_bundle(
            "Kit", 10, [(self.pan, 2), (self.lid, 4)], (self.whisk, 1)
        )
        self.authenticate("dcrm_clerk", "dcrm_clerk")
        asked = {
            "product_tmpl_id": kit.id,
            "quantity": 3,
            "date": "2026-01-01T00:00:00",
            "company_id": self.company_a.id,
            "currency_id": self.eur.id,
        }
        path = "/sale/combo_configurator/get_data"
        data = self.make_jsonrpc_request(path, asked)
        pan, lid = data["combos"][0]["combo_items"]
        self.assertAlmostEqual(data["price"] * 3, 179.98 + 20.98)
        self.assertEqual(pan["product"]["bundle_extra_price"], 0)
        more = lid["product"]["bundle_extra_price"]
        self.assertAlmostEqual((data["price"] + more) * 3, 54 + 20.98)
        self.assertEqual(lid["product"]["display_name"], "4 × Lid")
        self.whisk.active = False
        with self.assertRaisesRegex(Exception, "UserError"):
            self.make_jsonrpc_request(path, asked)

    def test_customer_sees_the_saving_in_the_portal(self):
        order = self.sell((self.kit, 3))
        order.write({"state": "sent", "partner_id": self.customer.id})
        page = self.url_open(order.get_portal_url()).text
        self.assertIn("against buying the parts singly", page)
        self.assertIn("40.49", page)
