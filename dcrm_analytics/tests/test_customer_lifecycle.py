from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .common_score import ScoreCase

DAY = date(2024, 6, 30)


@tagged("post_install", "-at_install")
class TestCustomerLifecycle(ScoreCase):
    """Acquired, retained, extended, lost, won back: with dates, from the facts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.customer_scoring_today = DAY
        cls.customer = cls.env["res.partner"].create(
            {"name": "Baker", "user_id": cls.users["seller"].id}
        )
        cls.kinds = [
            cls.env["product.product"].create(
                {
                    "name": name,
                    "categ_id": cls.env["product.category"].create({"name": name}).id,
                }
            )
            for name in ("Ovens", "Flour")
        ]

    def buy(self, day, kind=None, amount=10, partner=None):
        purchase = self.purchase(partner or self.customer, amount, day)
        if kind is not None:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO dcrm_purchase_line"
                    " (purchase_id, company_id, product, product_id, quantity, amount)"
                    " VALUES (%s, %s, 'Kind', %s, 1, %s)",
                    purchase.id,
                    self.company_a.id,
                    self.kinds[kind].id,
                    amount,
                )
            )
        return purchase

    def stays(self):
        self.refresh()
        stays = self.env["dcrm.customer.lifecycle"].search(
            [("partner_id", "=", self.customer.id)], order="entered_on"
        )
        return [(stay.state, str(stay.entered_on)) for stay in stays]

    def test_all_of_a_life(self):
        self.buy("2020-01-10", kind=0)
        self.buy("2020-02-10", kind=0)
        self.buy("2020-03-10", kind=1)
        self.buy("2022-05-05", kind=0)
        self.buy("2022-06-05", kind=0)
        self.assertEqual(
            self.stays(),
            [
                ("acquired", "2020-01-10"),
                ("retained", "2020-02-10"),
                ("extended", "2020-03-10"),
                ("lost", "2021-03-10"),
                ("won_back", "2022-05-05"),
                ("extended", "2022-06-05"),
                ("lost", "2023-06-05"),
            ],
        )
        score = self.score_of(self.customer)
        self.assertEqual(score.lifecycle, "lost")
        self.assertEqual(score.lifecycle_since, date(2023, 6, 5))
        self.assertEqual(self.customer.customer_lifecycle, "lost")
        self.assertEqual(
            self.env["res.partner"].search([("customer_lifecycle", "=", "lost")]),
            self.customer,
        )
        frame = self.scores.replay_worth(self.company_a, date(2020, 2, 29))
        self.assertEqual(frame["lifecycle"].tolist(), ["retained"])
        self.assertNoViolations()

    def test_kinds_bought_together_at_first_extend_nothing(self):
        self.buy("2024-01-10", kind=0)
        self.buy("2024-01-10", kind=1)
        self.buy("2024-02-10", kind=1)
        self.assertEqual([state for state, _day in self.stays()][-1], "retained")

    def test_refunds_only(self):
        self.buy("2024-01-10", amount=-10)
        self.assertEqual(self.stays(), [])
        score = self.score_of(self.customer)
        self.assertFalse(score.lifecycle)
        self.assertFalse(score.relation)
        self.assertNoViolations()

    def test_a_year_without_sales(self):
        self.buy("2020-01-10")
        self.buy("2020-02-10")
        self.assertEqual(self.stays()[-1], ("lost", "2021-02-09"))
        self.company_a.customer_scoring_today = date(2030, 1, 1)
        self.assertEqual(self.stays()[-1], ("lost", "2021-02-09"))
        self.assertNoViolations()

    def test_facts_that_come_late_or_vanish(self):
        self.buy("2022-01-10")
        late = self.buy("2023-12-10")
        self.assertEqual(self.stays()[-1], ("won_back", "2023-12-10"))
        self.buy("2022-12-01")
        self.assertEqual(
            self.stays(),
            [
                ("acquired", "2022-01-10"),
                ("retained", "2022-12-01"),
                ("lost", "2023-12-01"),
                ("won_back", "2023-12-10"),
            ],
        )
        self.env.cr.execute("DELETE FROM dcrm_purchase WHERE id = %s", [late.id])
        self.assertEqual(self.stays()[-1], ("lost", "2023-12-01"))
        self.assertNoViolations()

    def test_merged_customers_have_one_life(self):
        gone = self.partner()
        self.buy("2024-01-10")
        self.buy("2024-01-10", partner=gone)
        self.buy("2023-11-10", partner=gone)
        self.refresh()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [gone.id, self.customer.id], self.customer
        )
        self.assertEqual(
            self.stays(), [("acquired", "2023-11-10"), ("retained", "2024-01-10")]
        )
        self.assertNoViolations()

    def test_flows(self):
        other = self.partner(seller="other_seller")
        self.buy("2023-01-10")
        self.buy("2024-03-10")
        self.buy("2024-04-10")
        self.buy("2024-02-10", partner=other)
        self.buy("2024-03-10", partner=other)
        self.refresh()
        flows = self.env["dcrm.customer.lifecycle"].with_env(self.env_as("manager"))
        found = flows.flows({"date_from": "2024-01-01", "date_to": "2024-04-30"})
        self.assertEqual(
            [(flow["from"], flow["to"], flow["customers"]) for flow in found],
            [
                (None, "acquired", 1),
                ("acquired", "retained", 1),
                ("acquired", "lost", 1),
                ("lost", "won_back", 1),
                ("won_back", "retained", 1),
            ],
        )
        for flow in found:
            self.assertEqual(flows.search_count(flow["domain"]), flow["moves"])
        mine = flows.with_env(self.env_as("other_seller")).flows({})
        self.assertEqual([flow["to"] for flow in mine], ["acquired", "retained"])
        of_seller = flows.flows({"user_id": self.users["other_seller"].id})
        self.assertEqual(of_seller, mine and of_seller)
        self.assertEqual(len(of_seller), 2)
        with self.assertRaises(AccessError):
            flows.flows({"company_id": self.company_b.id})

    def test_loyal_and_profitable(self):
        """Each customer by the years it bought, and what the books say it brought."""
        cells = {
            "friend": (800, 100),
            "butterfly": (30, 100),
            "barnacle": (800, -100),
            "stranger": (30, -100),
        }
        partners = {}
        for name, (length, profit) in cells.items():
            partner = partners[name] = self.partner(name)
            last = date(2024, 6, 1)
            first = date.fromordinal(last.toordinal() - length)
            self.purchase(partner, 1000, first, margin=0)
            self.purchase(partner, 1000, last, margin=profit)
            self.env.cr.execute(
                "UPDATE dcrm_purchase SET margin_known = TRUE WHERE partner_id = %s",
                [partner.id],
            )
        self.refresh()
        for name, partner in partners.items():
            self.assertEqual(self.score_of(partner).relation, name)
            self.assertEqual(partner.customer_relation, name)
        frame = self.scores.replay_worth(self.company_a, DAY)
        replayed = dict(zip(frame["partner_id"], frame["relation"], strict=True))
        self.assertEqual(
            replayed, {partner.id: name for name, partner in partners.items()}
        )
        # By other rules, all again.
        self.company_a.write({"loyal_after_days": 30, "profitable_from": 100})
        self.refresh()
        self.assertEqual(
            {self.score_of(partner).relation for partner in partners.values()},
            {"barnacle"},
        )

    def test_who_spends_little_of_it_with_us_is_not_loyal(self):
        self.company_a.loyal_from_share = 50
        self.buy("2022-06-01", kind=0, amount=100)
        self.buy("2024-06-01", kind=0, amount=100)
        self.refresh()
        self.assertEqual(self.score_of(self.customer).relation, "friend")
        self.env["dcrm.customer.spend"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company_a.id,
                "category_id": self.kinds[0].categ_id.id,
                "amount": 1000,
                "date": "2024-06-01",
            }
        )
        self.refresh()
        self.assertEqual(self.score_of(self.customer).relation, "butterfly")
