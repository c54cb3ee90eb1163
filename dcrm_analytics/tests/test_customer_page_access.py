"""Whose page who may open: by RPC, by its button, on the screen and on paper."""

from odoo.exceptions import AccessError, MissingError
from odoo.tests import HttpCase, tagged

from .common_access import AccessCase

# The host's own words, of whatever model.
REFUSED = "dcrm.customer.page"
REPORT = "dcrm_analytics.report_customer_page"


@tagged("post_install", "-at_install")
class TestCustomerPageAccess(AccessCase, HttpCase):
    def test_by_rpc(self):
        sellers = {"seller": {"own"}, "other_seller": {"other"}, "seller_b": {"far"}}
        everyone = set(self.customers)
        for role in ("seller", "other_seller", "seller_all", "analyst", "manager"):
            allowed = sellers.get(role, everyone)
            for name, customer in self.customers.items():
                env = self.env_as(role)
                with self.subTest(f"{role} opens {name}"):
                    if name in allowed:
                        page = env["dcrm.customer.page"].page(customer.id)
                        self.assertEqual(page["header"]["name"], customer.name)
                        continue
                    with self.assertRaisesRegex(AccessError, REFUSED):
                        env["dcrm.customer.page"].page(customer.id)
                    with self.assertRaises(AccessError):
                        customer.with_env(env).action_open_customer_page()

    def test_without_role(self):
        for role in ("nobody", "portal", "public"):
            pages = self.env_as(role)["dcrm.customer.page"]
            for customer in self.customers.values():
                with self.subTest(role):
                    with self.assertRaises(AccessError):
                        pages.page(customer.id)
                    with self.assertRaises(AccessError):
                        pages.browse(customer.id).read(["partner_id"])
                    with self.assertRaises(AccessError):
                        pages.search([])

    def test_private_methods_are_not_called_from_outside(self):
        pages = self.env["dcrm.customer.page"]
        public = {
            name
            for cls in type(pages).__mro__
            if cls.__module__.startswith("odoo.addons.dcrm_analytics.")
            for name in vars(cls)
            if not name.startswith("_") and callable(getattr(pages, name))
        }
        self.assertEqual(public, {"page"})

    def test_contact_of_another_sellers_customer(self):
        contact = self.partner(parent_id=self.customers["other"].id)
        contact.user_id = self.users["seller"]
        with self.assertRaises(AccessError):
            self.env_as("seller")["dcrm.customer.page"].page(contact.id)

    def test_nobody_is_asked_for(self):
        report = self.env_as("seller")[f"report.{REPORT}"]
        self.assertEqual(report._get_report_values(None)["pages"], [])

    def test_gone(self):
        gone = self.partner(seller="seller")
        gone_id = gone.id
        gone.unlink()
        with self.assertRaises(MissingError):
            self.env_as("seller")["dcrm.customer.page"].page(gone_id)

    # -- two companies -----------------------------------------------------------------

    def test_companies_never_mix(self):
        customer = self.customers["own"]
        self.purchase(customer, 77_777, company=self.company_b)
        self.order(customer, 66_666, company=self.company_b)
        self.invoice(customer, 55_555, company=self.company_b)
        self.refresh(self.company_b)
        for companies in ((self.company_a,), (self.company_a, self.company_b)):
            pages = self.env_as("manager_ab", *companies)["dcrm.customer.page"]
            said = str(pages.page(customer.id))
            self.assertIn("Company A", said)
            for amount in ("77,777", "66,666", "55,555"):
                self.assertNotIn(amount, said)
        pages = self.env_as("manager_ab", self.company_b)["dcrm.customer.page"]
        said = str(pages.page(customer.id))
        self.assertIn("199,998", said, "the purchases of the other company")
        self.assertNotIn("Company A", said)

    def test_customer_of_another_company(self):
        self.customers["own"].company_id = self.company_b
        for role in ("seller", "manager"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.env_as(role)["dcrm.customer.page"].page(self.customers["own"].id)

    # -- what the reader may not read is left out --------------------------------------

    def test_sections_of_what_may_not_be_read(self):
        """Who has a role of ours alone reads no orders, and has a page all the same."""
        customer = self.customers["own"]
        self.order(customer, 500, confirm=False)
        page = self.env_as("seller")["dcrm.customer.page"].page(customer.id)
        keys = [section["key"] for section in page["sections"]]
        self.assertIn("worth", keys)
        self.assertNotIn("business", keys)
        steps = [
            step["key"]
            for section in page["sections"]
            if section["key"] == "next"
            for block in section["blocks"]
            for step in block["items"]
        ]
        self.assertNotIn("quotation", "".join(steps))

    def test_orders_of_other_sellers(self):
        """The host's own rule holds: a salesperson sees own orders, and nobody's."""
        customer = self.customers["own"]
        for role in ("seller", "other_seller"):
            user = self.users[role]
            user.group_ids |= self.env.ref("sales_team.group_sale_salesman")
            self.order(customer, 500, confirm=False, user_id=user.id)
        page = self.env_as("seller")["dcrm.customer.page"].page(customer.id)
        [business] = [each for each in page["sections"] if each["key"] == "business"]
        self.assertEqual(business["blocks"][0]["items"][0]["text"], "1")

    def test_who_may_not_edit_the_contact_schedules_nothing(self):
        customer = self.customers["own"]
        for may in (False, True):
            if may:
                self.users["seller"].group_ids |= self.env.ref(
                    "base.group_partner_manager"
                )
            page = self.env_as("seller")["dcrm.customer.page"].page(customer.id)
            [section] = [each for each in page["sections"] if each["key"] == "next"]
            steps = [step for block in section["blocks"] for step in block["items"]]
            self.assertTrue(steps)
            self.assertEqual(any(step["schedule"] for step in steps), may)

    # -- on paper, and by its address --------------------------------------------------

    def test_report(self):
        for name, role in (("own", "seller"), ("other", "seller_all")):
            html, _kind = self.env_as(role)["ir.actions.report"]._render_qweb_html(
                REPORT, self.customers[name].ids
            )
            self.assertIn(self.customers[name].name, html.decode())
        for role in ("seller", "nobody", "portal"):
            reports = self.env_as(role)["ir.actions.report"]
            for ids in (
                self.customers["other"].ids,
                (self.customers["own"] | self.customers["other"]).ids,
            ):
                with self.subTest(f"{role} prints"), self.assertRaises(AccessError):
                    reports._render_qweb_html(REPORT, ids)

    def test_report_by_its_address(self):
        self.authenticate("dcrm_seller", "dcrm_seller")
        for kind in ("html", "pdf"):
            address = f"/report/{kind}/{REPORT}/{self.customers['other'].id}"
            answer = self.url_open(address)
            with self.subTest(kind):
                self.assertNotEqual(answer.headers["Content-Type"], "application/pdf")
                self.assertNotIn(b"o_dcrm_sheet", answer.content)
                self.assertIn(REFUSED.encode(), answer.content)
        answer = self.url_open(f"/report/html/{REPORT}/{self.customers['own'].id}")
        self.assertIn(b"o_dcrm_sheet", answer.content)
