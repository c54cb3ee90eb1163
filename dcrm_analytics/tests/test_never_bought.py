"""Customers with credit notes only, or without a score: no days since a purchase."""

from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import DcrmCase


@tagged("post_install", "-at_install")
class TestNeverBought(DcrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("Unscored", "Credited", "Earlier", "Today")
        cls.customers = cls.env["res.partner"].create(
            [{"name": name} for name in names]
        )

    def setUp(self):
        super().setUp()
        _unscored, credited, earlier, today = self.customers
        self.purchase(today, 50.0, self.today())
        self.purchase(earlier, 50.0, self.days_ago(5))
        self.purchase(credited, -50.0, self.days_ago(5))
        self.refresh()

    def names(self, model, domain, order):
        records = self.env_as("seller_all")[model]
        if model == "res.partner":
            return (
                records.search([("id", "in", self.customers.ids), *domain], order=order)
            ).mapped("name")
        domain = [("partner_id", "in", self.customers.ids), *domain]
        return records.search(domain, order=order).mapped("partner_id.name")

    def assertFinds(self, model, field, expected):
        for operator, value, names in expected:
            with self.subTest(model=model, field=field, operator=operator, value=value):
                found = self.names(model, [(field, operator, value)], "id")
                self.assertEqual(sorted(found), sorted(names))

    def test_search_for_days_of_a_score(self):
        self.assertFinds(
            "dcrm.customer.score",
            "recency",
            [
                ("=", False, ["Credited"]),
                ("!=", False, ["Earlier", "Today"]),
                ("=", 0, ["Today"]),
                ("!=", 0, ["Credited", "Earlier"]),
                ("<", 30, ["Earlier", "Today"]),
                (">", 1, ["Earlier"]),
                ("in", [5, False], ["Credited", "Earlier"]),
            ],
        )

    def test_search_for_days_of_a_partner(self):
        self.assertFinds(
            "res.partner",
            "rfm_recency",
            [
                ("=", False, ["Credited", "Unscored"]),
                ("!=", False, ["Earlier", "Today"]),
                ("=", 0, ["Today"]),
                ("!=", 0, ["Credited", "Earlier", "Unscored"]),
                ("<", 30, ["Earlier", "Today"]),
                (">", 1, ["Earlier"]),
                ("in", [5, False], ["Credited", "Earlier", "Unscored"]),
            ],
        )
        self.assertFinds(
            "res.partner",
            "rfm_last_purchase_date",
            [
                ("=", False, ["Credited", "Unscored"]),
                ("!=", False, ["Earlier", "Today"]),
                (">=", self.days_ago(1), ["Today"]),
            ],
        )

    def test_who_never_bought_comes_last(self):
        for model, days, last, rest in (
            ("dcrm.customer.score", "recency", "last_purchase_date", ["Credited"]),
            (
                "res.partner",
                "rfm_recency",
                "rfm_last_purchase_date",
                ["Unscored", "Credited"],
            ),
        ):
            for order, first in (
                (days, ["Today", "Earlier"]),
                (f"{days} desc", ["Earlier", "Today"]),
                (last, ["Earlier", "Today"]),
                (f"{last} desc", ["Today", "Earlier"]),
            ):
                with self.subTest(model=model, order=order):
                    names = self.names(model, [], f"{order}, id")
                    self.assertEqual(names, first + rest)

    def test_lists_show_no_days(self):
        for model, field in (
            ("dcrm.customer.score", "recency"),
            ("res.partner", "rfm_recency"),
        ):
            records = self.env_as("seller_all")[model]
            view = etree.fromstring(records.get_view(view_type="list")["arch"])
            [column] = view.findall(f".//field[@name='{field}']")
            key = "id" if model == "res.partner" else "partner_id"
            records = records.search([(key, "in", self.customers.ids)])
            fields = [each.get("name") for each in view.iter("field")]
            for record, row in zip(records, records.read(fields), strict=True):
                name = record.display_name
                with self.subTest(model=model, customer=name):
                    hidden = safe_eval(column.get("invisible"), row)
                    self.assertEqual(hidden, name in ("Unscored", "Credited"))

    def test_average_leaves_them_out(self):
        for model, field in (
            ("dcrm.customer.score", "recency"),
            ("res.partner", "rfm_recency"),
        ):
            records = self.env_as("seller_all")[model]
            key = "id" if model == "res.partner" else "partner_id"
            [(average,)] = records._read_group(
                [(key, "in", self.customers.ids)], [], [f"{field}:avg"]
            )
            self.assertEqual(average, 2.5)

    def test_grid_of_a_customer_who_never_bought(self):
        score = self.score_of(self.customers[1])
        self.assertEqual((score.recency_class, score.frequency), (1, 0))
        recency = score.explain()["axes"][0]
        self.assertEqual(recency["text"], "never bought")
