from decimal import Decimal

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_score import ScoreCase


@tagged("post_install", "-at_install")
class TestCustomerMatrix(ScoreCase):
    """Customers counted by how often and how lately, or for how much, they buy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(12)]
        )

    def fill(self):
        """The higher its number, the more often, lately and dearly a customer buys."""
        for number, partner in enumerate(self.partners):
            self.book(
                [
                    (
                        partner,
                        self.days_ago(400 - 30 * number + purchase),
                        10 * (number + 1),
                        4 * (number + 1),
                    )
                    for purchase in range(number + 1)
                ]
            )
        self.refresh()

    def scores_of(self, **classes):
        return self.scores.search(
            [
                ("company_id", "=", self.company_a.id),
                *((f"{axis}_class", "=", each) for axis, each in classes.items()),
            ]
        )

    def test_every_customer_is_in_its_cell(self):
        self.fill()
        for matrix, column in (("lost", "recency"), ("invest", "monetary")):
            table = getattr(self.scores, f"{matrix}_matrix")()
            self.assertEqual(table["state"], "ready")
            self.assertEqual(table["row"]["field"], "frequency_class")
            self.assertEqual(table["column"]["field"], f"{column}_class")
            self.assertEqual(len(table["row"]["cuts"]), table["row"]["classes"] - 1)
            for cell in table["cells"]:
                wanted = self.scores_of(
                    **{"frequency": cell["row"], column: cell["column"]}
                )
                self.assertEqual(self.scores.search(cell["domain"]), wanted)
                self.assertEqual(cell["customers"], len(wanted))
                self.assertAlmostEqual(cell["monetary"], sum(wanted.mapped("monetary")))
            self.assertEqual(sum(cell["customers"] for cell in table["cells"]), 12)

    def test_named_cells(self):
        self.fill()
        table = self.scores.lost_matrix()
        names = {each["name"]: each for each in table["names"]}
        self.assertEqual(len(names), 9)
        best = self.scores_of(frequency=5, recency=5)
        self.assertTrue(best)
        self.assertLessEqual(best, self.scores.search(names["Regular"]["domain"]))
        for each in names.values():
            found = self.scores.search(each["domain"])
            self.assertEqual(len(found), each["customers"])
            self.assertAlmostEqual(sum(found.mapped("monetary")), each["monetary"])
        cell = self.env.ref("dcrm_analytics.matrix_cell_lost_high_high")
        cell.with_env(self.env_as("manager")).name = "Our regulars"
        names = [each["name"] for each in self.scores.lost_matrix()["names"]]
        self.assertIn("Our regulars", names)
        with self.assertRaises(AccessError):
            cell.with_env(self.env_as("analyst")).name = "Theirs"

    def test_three_and_nine_classes(self):
        for count in (3, 9):
            self.scheme.write(
                {f"{axis}_classes": count for axis in ("recency", "frequency")}
            )
            self.fill()
            table = self.scores.lost_matrix()
            self.assertEqual(table["row"]["classes"], count)
            self.assertEqual(sum(each["customers"] for each in table["names"]), 12)

    def test_what_they_bring_and_what_is_spent_on_them(self):
        self.fill()
        self.env["dcrm.customer.profit"].search([]).invalidate_recordset()
        brought = {}
        for row in self.env["dcrm.customer.profit"].search(
            [("company_id", "=", self.company_a.id)]
        ):
            sums = brought.setdefault(row.partner_id, [0, 0, 0])
            for number, name in enumerate(("revenue", "margin", "profit")):
                sums[number] += Decimal(f"{row[name]:.2f}")
        self.assertTrue(brought)
        for cell in self.scores.invest_matrix()["cells"]:
            partners = self.scores.search(cell["domain"]).partner_id
            for number, name in enumerate(("revenue", "margin", "profit")):
                self.assertAlmostEqual(
                    cell[name],
                    float(sum(brought[partner][number] for partner in partners)),
                )
            self.assertAlmostEqual(cell["spent"], cell["margin"] - cell["profit"])

    def test_filters_and_rights(self):
        self.partners[0].user_id = self.users["seller"]
        industry = self.env["res.partner.industry"].create({"name": "Bakeries"})
        self.partners[1:3].industry_id = industry
        self.fill()

        def customers(env, filters=None):
            cells = env["dcrm.customer.score"].invest_matrix(filters)["cells"]
            return sum(cell["customers"] for cell in cells)

        self.assertEqual(customers(self.env, {"industry_id": industry.id}), 2)
        self.assertEqual(customers(self.env, {"user_id": self.users["seller"].id}), 1)
        for role, count in (("seller", 1), ("other_seller", 0), ("seller_all", 12)):
            self.assertEqual(customers(self.env_as(role)), count, role)
        with self.assertRaises(AccessError):
            customers(self.env_as("seller"), {"company_id": self.company_b.id})
        with self.assertRaises(AccessError):
            customers(self.env_as("nobody"))

    def test_nobody(self):
        table = self.scores.lost_matrix()
        self.assertEqual((table["state"], table["cells"]), ("empty", []))
        self.assertEqual(len(table["names"]), 9)

    def test_the_same_number_of_queries_for_more(self):
        counts = []
        for _time in range(3):
            self.fill()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.scores.invest_matrix()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
        self.assertLess(counts[2], 20)
