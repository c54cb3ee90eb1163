"""The dashboard's figures are what their lists count, for whoever looks."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DcrmCase
from .common_dashboard import FiguresCase, figures_of


def listed(value):
    """Return a value with lists for tuples, which is all that JSON makes of it."""
    if isinstance(value, dict):
        return {key: listed(each) for key, each in value.items()}
    return [*map(listed, value)] if isinstance(value, list | tuple) else value


@tagged("post_install", "-at_install")
class TestDashboard(FiguresCase, DcrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls("make_books").make_books()

    def make_books(self):
        """Customers of two sellers and an industry in A, others in B."""
        cls = type(self)
        cls.industry = self.env["res.partner.industry"].create({"name": "Bakeries"})
        sellers = ("seller", "other_seller", None)
        for number in range(12):
            partner = self.partner(
                seller=sellers[number % 3],
                industry_id=cls.industry.id if number % 2 else False,
            )
            for purchase in range(1 + number % 4):
                day = self.days_ago(400 - 30 * number + 7 * purchase)
                self.purchase(partner, 100.0 * (number + 1), day, margin=30.0)
            invoice = self.invoice(partner, 50.0 + number, self.days_ago(20 * number))
            if number % 4 == 1:
                self.credit_note(invoice, 10.0)
        far = self.partner("Far", seller="seller_b")
        self.purchase(far, 7000.0, self.days_ago(9, self.company_b), self.company_b)
        self.invoice(far, 900.0, self.days_ago(9), company=self.company_b)
        self.refresh(self.company_a, self.company_b)

    def customers_in(self, section):
        """Return how many customers the rows or cells of a section count in all."""
        return sum(
            figure["value"]
            for figure in figures_of(section)
            if figure["unit"] == "number"
        )

    def test_analyst(self):
        sections = self.assertFigures(self.env_as("analyst"), least=20)
        self.assertEqual(self.customers_in(sections["rfm"]), 12)
        self.assertEqual(self.customers_in(sections["segments"]), 12)

    def test_seller_of_own_customers(self):
        env = self.env_as("seller")
        sections = self.assertFigures(env)
        self.assertEqual(self.customers_in(sections["rfm"]), 4)
        self.assertNobodyElse(env)

    def test_filters(self):
        env = self.env_as("manager")
        seller = self.users["other_seller"]
        sections = self.assertFigures(env, {"user_id": seller.id})
        self.assertEqual(self.customers_in(sections["segments"]), 4)
        sections = self.assertFigures(env, {"industry_id": self.industry.id})
        self.assertEqual(self.customers_in(sections["segments"]), 6)
        both = {"industry_id": self.industry.id, "user_id": seller.id}
        sections = self.assertFigures(env, both)
        self.assertEqual(self.customers_in(sections["segments"]), 2)

    def test_companies_do_not_mix(self):
        env = self.env_as("manager_ab")
        counts = {
            company: self.customers_in(
                self.assertFigures(env, {"company_id": company.id})["rfm"]
            )
            for company in self.companies
        }
        self.assertEqual(counts, {self.company_a: 12, self.company_b: 1})
        with self.assertRaises(AccessError):
            self.env_as("manager")["dcrm.dashboard"].sections(
                {"company_id": self.company_b.id}
            )
        with self.assertRaises(AccessError):
            self.env_as("manager")["dcrm.dashboard"].section(
                "rfm", {"company_id": self.company_b.id}
            )

    def test_who_may_not(self):
        for role in ("nobody", "portal"):
            dashboard = self.env_as(role)["dcrm.dashboard"]
            with self.assertRaises(AccessError):
                dashboard.sections()
            with self.assertRaises(AccessError):
                dashboard.section("rfm")

    def test_what_may_not_be_read_is_left_out(self):
        """A section of a model that somebody may not read is not shown, nor given."""
        dashboard = self.env_as("manager")["dcrm.dashboard"]
        self.assertIn("flows", self.keys_of(dashboard))
        self.env["ir.model.access"].search(
            [("model_id.model", "=", "dcrm.segment.stay")]
        ).active = False
        self.assertNotIn("flows", self.keys_of(dashboard))
        self.assertIn("rfm", self.keys_of(dashboard))
        with self.assertRaises(AccessError):
            dashboard.section("flows")

    def keys_of(self, dashboard):
        return [section["key"] for section in dashboard.sections()["sections"]]

    def test_the_period(self):
        dashboard = self.env_as("analyst")["dcrm.dashboard"]
        filters = dashboard.sections({"date_to": "2026-03-31"})["filters"]
        self.assertEqual(
            (filters["date_from"], filters["date_to"]), ("2025-04-01", "2026-03-31")
        )
        before = dashboard._baseline(filters)
        self.assertEqual(
            (before["date_from"], before["date_to"]), ("2024-04-01", "2025-03-31")
        )
        february = dashboard._baseline(
            {**filters, "date_from": "2026-02-01", "date_to": "2026-02-28"}
        )
        self.assertEqual(
            (february["date_from"], february["date_to"]), ("2026-01-04", "2026-01-31")
        )
        leap = dashboard._baseline(
            {**filters, "date_to": "2024-02-29", "baseline": "year"}
        )
        self.assertEqual(leap["date_to"], "2023-02-28")
        with self.assertRaises(UserError):
            dashboard.sections({"date_from": "2026-04-01", "date_to": "2026-03-31"})
        with self.assertRaises(UserError):
            dashboard.section("nothing")

    def test_it_can_be_sent(self):
        dashboard = self.env_as("manager")["dcrm.dashboard"]
        for shown in (dashboard.sections(), self.sections_of(self.env_as("manager"))):
            self.assertEqual(json.loads(json.dumps(shown)), listed(shown))

    def test_empty_company(self):
        """Where nothing is scored yet, it says so; where nobody matches, too."""
        empty = self.make_company("Empty", self.eur, "UTC")
        self.users["manager"].company_ids |= empty
        env = self.env_as("manager", self.company_a, empty)
        dashboard = env["dcrm.dashboard"]
        self.assertEqual(dashboard.sections({"company_id": empty.id})["state"], "empty")
        nobody = {"user_id": self.users["manager"].id}
        for section in dashboard.sections(nobody)["sections"]:
            shown = dashboard.section(section["key"], nobody)
            counted = sum(abs(figure["value"] or 0) for figure in figures_of(shown))
            with self.subTest(section["key"]):
                self.assertTrue(shown["missing"] or not counted)
