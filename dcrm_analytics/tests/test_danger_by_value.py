"""Customers by silence and value, as the dashboard's matrix shows them."""

from odoo.tests import tagged

from .common_score import ScoreCase


@tagged("post_install", "-at_install")
class TestDangerByValue(ScoreCase):
    """The matrix of silence by value counts each customer once, and leads to it."""

    def test_matrix(self):
        silences = {
            "steady": (25, 15, 5),
            "overdue": (45, 30, 15, 1),
            "danger": (90, 80, 70),
            "lost": (700, 690, 680),
            "unknown": (3,),
        }
        silences["overdue"] = (60, 40, 21)
        partners = {}
        for number, (name, ago) in enumerate(silences.items()):
            partners[name] = self.partner(name, seller="seller")
            self.book(
                [
                    (partners[name], self.days_ago(days), 10 ** (number + 1))
                    for days in ago
                ]
            )
        refunded = self.partner("refunded", seller="other_seller")
        self.book([(refunded, self.days_ago(3), -10)])
        self.refresh()
        matrix = self.scores.danger_by_value({"company_id": self.company_a.id})
        self.assertEqual(
            [row["key"] for row in matrix["rows"]],
            ["steady", "overdue", "danger", "lost", "unknown"],
        )
        found = {}
        for cell in matrix["cells"]:
            scores = self.scores.search(cell["domain"])
            self.assertEqual(len(scores), cell["customers"])
            self.assertEqual(sum(scores.mapped("monetary")), cell["amount"])
            self.assertEqual(set(scores.mapped("value_class")), {cell["column"]})
            found.setdefault(cell["row"], self.env["res.partner"])
            found[cell["row"]] |= scores.partner_id
        partners["unknown"] |= refunded
        self.assertEqual(found, partners)
        mine = self.scores.with_env(self.env_as("other_seller")).danger_by_value()
        self.assertEqual([cell["customers"] for cell in mine["cells"]], [1])
        filtered = self.scores.danger_by_value(
            {"company_id": self.company_a.id, "user_id": self.users["seller"].id}
        )
        self.assertEqual(sum(cell["customers"] for cell in filtered["cells"]), 5)
