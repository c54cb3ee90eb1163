"""Value classes by what the company says: monetary value, revenue, profit; by group."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common_profit import ProfitCase


@tagged("post_install", "-at_install")
class TestValueClass(ProfitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls("test_default")
        cls.first, cls.second, cls.third, cls.fourth = (
            self.partner(is_company=True) for _ in range(4)
        )
        amounts = {cls.first: 800, cls.second: 120, cls.third: 60, cls.fourth: 20}
        for customer, amount in amounts.items():
            self.invoice(customer, amount)
        self.cost(cls.first, 790)

    def classes(self):
        """Return the value classes of the four customers, as one word."""
        customers = self.first | self.second | self.third | self.fourth
        return "".join(self.score_of(customer).value_class for customer in customers)

    def test_default(self):
        self.refresh()
        self.assertEqual(self.classes(), "abbc")
        self.assertNoViolations()

    def test_shares(self):
        self.refresh()
        self.company_a.value_class_share_a = 90
        self.company_a.value_class_share_b = 99.9
        done = self.env["dcrm.customer.score"].refresh(self.company_a)
        self.assertTrue(done["full"])
        self.assertEqual(self.classes(), "aabb")
        self.assertFalse(
            self.env["dcrm.customer.score"].refresh(self.company_a)["full"]
        )
        for shares in ((0, 95), (80, 70), (80, 101)):
            with self.subTest(shares), self.assertRaises(ValidationError):
                self.company_a.write(
                    {
                        "value_class_share_a": shares[0],
                        "value_class_share_b": shares[1],
                    }
                )

    def test_profit(self):
        self.refresh()
        self.company_a.value_class_basis = "profit"
        self.refresh()
        # Profits are 10, 120, 60 and 20, of which 80 % are 168.
        self.assertEqual(self.classes(), "caab")
        self.assertNoViolations()
        self.invoice(self.first, 5_000)
        self.refresh()
        self.assertEqual(self.score_of(self.first).value_class, "a")
        self.assertNoViolations()
        explained = self.score_of(self.first).explain()["value_class"]
        self.assertEqual(explained["basis"], "profit")
        self.refresh(full=True)
        self.assertEqual(self.classes(), "accc")
        self.assertNoViolations()

    def test_revenue_is_of_all_time_whatever_the_window(self):
        self.env.ref("dcrm_analytics.scheme_default").window_days = 30
        self.invoice(self.fourth, 9_000, self.days_ago(60))
        self.refresh()
        self.assertEqual(self.score_of(self.fourth).value_class, "c")
        self.company_a.value_class_basis = "revenue"
        self.refresh()
        self.assertEqual(self.score_of(self.fourth).value_class, "a")
        self.assertNoViolations()

    def test_group(self):
        """Subsidiaries share the class of what they make together."""
        self.third.parent_id = self.fourth
        self.invoice(self.third, 900)
        self.company_a.value_class_by_group = True
        self.refresh()
        # 800, 120 and 980 of the group.
        self.assertEqual(self.classes(), "abaa")
        self.assertNoViolations()
        self.invoice(self.third, 970, move_type="out_refund")
        self.refresh()
        self.assertEqual(
            {self.score_of(each).value_class for each in (self.third, self.fourth)},
            {"c"},
        )
        self.assertNoViolations()
        self.third.parent_id = self.first
        self.refresh()
        self.assertEqual(
            self.score_of(self.third).value_class,
            self.score_of(self.first).value_class,
        )
        self.assertNoViolations()

    def test_replay_goes_by_the_same(self):
        self.company_a.value_class_basis = "profit"
        self.refresh()
        frame = self.env["dcrm.customer.score"].replay(
            self.company_a, self.today(), thresholds="then"
        )
        found = frame.set_index("partner_id")["value_class"]
        customers = (self.first, self.second, self.third, self.fourth)
        self.assertEqual("".join(found[each.id] for each in customers), self.classes())

    def test_without_worth_monetary_value_decides(self):
        self.company_a.write({"value_class_basis": "profit", "customer_worth": False})
        self.refresh()
        self.assertEqual(self.classes(), "abbc")
