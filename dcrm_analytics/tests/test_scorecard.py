"""The scorecard: figures of a period against one before, each opens what it counts."""

from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_ledger import LedgerCase

DAY = date(2024, 6, 30)
MONTH = {"date_from": "2024-06-01", "date_to": "2024-06-30"}
MAY = {"date_from": "2024-05-01", "date_to": "2024-05-31"}


@tagged("post_install", "-at_install")
class TestScorecard(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies.customer_scoring_today = DAY
        case = cls("figures")
        cls.own = case.partner("Own", seller="seller")
        cls.other = case.partner("Other", seller="other_seller")

    def figures(self, role="manager", baseline=None, **filters):
        """Return ``{key: figure}`` of June 2024."""
        self.env.invalidate_all()
        scorecard = self.env_as(role)["dcrm.scorecard"]
        return {
            figure["key"]: figure
            for figure in scorecard.figures({**MONTH, **filters}, baseline)
        }

    def values(self, *keys, **options):
        figures = self.figures(**options)
        return [figures[key]["value"] for key in keys]

    def sell(self, partner, amount, day, role=None, **values):
        if role:
            values["user_id"] = self.users[role].id
        return self.purchase(partner, amount, day, **values)

    def test_sales_margin_and_sellers(self):
        self.sell(self.own, 300.0, "2024-06-03", "seller", margin=90.0)
        self.sell(self.own, -50.0, "2024-06-30", "seller", margin=-20.0)
        self.sell(self.other, 150.0, "2024-06-01", "other_seller")
        self.sell(self.other, 7.0, "2024-06-01")
        self.sell(self.own, 100.0, "2024-05-31", "seller")
        self.sell(self.own, 100.0, "2024-07-01", "seller")
        self.purchase(self.own, 9999.0, "2024-06-03", company=self.company_b)
        figures = self.figures(baseline=MAY)
        self.assertEqual(figures["sales"]["value"], 407.0)
        self.assertEqual(figures["sales"]["baseline"], 100.0)
        self.assertAlmostEqual(figures["sales"]["change"], 3.07)
        self.assertEqual(figures["sales_per_seller"]["value"], 200.0)
        self.assertIn("that name one", figures["sales_per_seller"]["hint"])
        self.assertEqual(figures["margin"]["value"], 70.0)
        self.assertAlmostEqual(figures["margin_rate"]["value"], 70 / 250)
        self.assertIsNone(figures["margin"]["baseline"])
        self.assertIsNone(figures["margin"]["change"])
        self.assertEqual(figures["customers"]["value"], 2)
        self.assertFigures(figures)

    def assertFigures(self, figures, role="manager"):
        """What a figure opens adds up to it."""
        for key, figure in figures.items():
            if not figure["measure"]:
                continue
            env = self.env_as(role)
            records = env[figure["model"]].with_context(**figure.get("context", {}))
            [[value]] = records._read_group(figure["domain"], [], [figure["measure"]])
            if "base" in figure:
                value /= records.search_count(figure["base"])
            self.assertEqual(value or 0, figure["value"] or 0, key)

    def test_new_customers_and_value_classes(self):
        self.sell(self.own, 900.0, "2024-06-03")
        self.sell(self.other, 5.0, "2024-05-03")
        self.sell(self.other, 5.0, "2024-06-03")
        self.refresh(self.company_a)
        figures = self.figures(baseline=MAY)
        self.assertEqual(figures["new_customers"]["value"], 1)
        self.assertEqual(figures["new_customers"]["baseline"], 1)
        self.assertEqual(figures["value_class_a"]["value"], 1)
        self.assertEqual(figures["value_class_c"]["value"], 1)
        self.assertEqual(figures["value_class_a"]["baseline"], 0)
        self.assertFigures(figures)

    def test_cost_of_selling(self):
        self.sell(self.own, 1000.0, "2024-06-03")
        self.assertIsNone(self.figures()["selling_cost"]["value"])
        self.company_a.selling_cost_account_ids = self.accounts[self.company_a]["bad"]
        self.entry([("bad", None, 120.0), ("bank", None, -120.0)], date(2024, 6, 30))
        self.entry([("bad", None, 30.0), ("bank", None, -30.0)], date(2024, 7, 1))
        figures = self.figures()
        self.assertEqual(figures["selling_cost"]["value"], 120.0)
        self.assertEqual(figures["selling_cost_rate"]["value"], 0.12)
        # Lines of the ledger are for who may read them, all of them.
        self.assertIsNone(figures["selling_cost"]["model"])
        invoices = self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.users["manager"].group_ids |= invoices
        figures = self.figures()
        for key, value in (("selling_cost", 120.0), ("selling_cost_rate", 0.12)):
            with self.subTest(f"{key}, for who sees invoices only"):
                self.assertEqual(figures[key]["value"], value)
                self.assertIsNone(figures[key]["model"])
        self.users["manager"].group_ids |= self.env.ref("account.group_account_user")
        figures = self.figures()
        self.assertEqual(figures["selling_cost"]["model"], "account.move.line")
        self.assertFigures(figures)
        self.assertNotIn("selling_cost", self.figures(role="seller_all"))
        mine = self.figures(user_id=self.users["seller"].id)
        self.assertNotIn("selling_cost", mine)

    def test_customer_share_that_nobody_knows(self):
        self.sell(self.own, 300.0, "2024-06-03")
        figure = self.figures()["share"]
        self.assertIsNone(figure["value"])
        self.assertIsNone(figure["baseline"])

    def test_success(self):
        self.users["manager"].group_ids |= self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        self.assertIsNone(self.figures()["success_rate"]["value"])
        for _won in range(2):
            self.order(self.own, 100.0, "2024-06-10")
        # Half past midnight in Brussels on the 1st of June, and of July.
        self.order(self.other, 100.0, datetime(2024, 5, 31, 22, 30))
        self.order(self.own, 100.0, datetime(2024, 6, 30, 22, 30))
        self.order(self.own, 100.0, "2024-06-11")._action_cancel()
        expired = self.order(self.other, 100.0, "2024-06-12", confirm=False)
        expired.validity_date = date(2024, 6, 20)
        still = self.order(self.other, 100.0, "2024-06-12", confirm=False)
        still.validity_date = date(2024, 7, 20)
        self.env.flush_all()
        figures = self.figures()
        self.assertEqual(figures["success_rate"]["value"], 3 / 5)
        self.assertFigures(figures)
        mine = self.figures(user_id=self.users["seller"].id)
        self.assertEqual(mine["success_rate"]["value"], 2 / 3)
        # Who may not read orders gets no such figure; the others are there.
        self.assertNotIn("success_rate", self.figures(role="seller"))

    def test_sellers_see_their_own(self):
        self.sell(self.own, 300.0, "2024-06-03", "seller")
        self.sell(self.other, 150.0, "2024-06-03", "other_seller")
        self.users["seller"].group_ids |= self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        self.order(self.own, 1.0, "2024-06-10")
        self.order(self.other, 1.0, "2024-06-10")._action_cancel()
        figures = self.figures(role="seller")
        self.assertEqual(figures["sales"]["value"], 300.0)
        self.assertEqual(figures["customers"]["value"], 1)
        self.assertEqual(figures["success_rate"]["value"], 1.0)
        self.assertFigures(figures, "seller")

    def test_by_salesperson_of_the_customer_and_industry(self):
        self.sell(self.own, 300.0, "2024-06-03", "other_seller")
        self.sell(self.other, 150.0, "2024-06-03", "seller")
        [sales] = self.values("sales", user_id=self.users["seller"].id)
        self.assertEqual(sales, 300.0)
        industry = self.env["res.partner.industry"].create({"name": "Bakeries"})
        self.other.industry_id = industry
        [sales] = self.values("sales", industry_id=industry.id)
        self.assertEqual(sales, 150.0)

    def test_a_year_without_sales(self):
        figures = self.figures()
        self.assertEqual(figures["sales"]["value"], 0.0)
        self.assertIsNone(figures["sales_per_seller"]["value"])
        self.assertIsNone(figures["margin_rate"]["value"])
        self.assertIsNone(figures["sales"]["change"])

    def test_who_may_ask_for_what(self):
        for role in ("nobody", "portal"):
            with self.assertRaises(AccessError):
                self.figures(role=role)
        with self.assertRaises(AccessError):
            self.figures(company_id=self.company_b.id)
        with self.assertRaises(UserError):
            self.figures(date_from="2024-07-01")
