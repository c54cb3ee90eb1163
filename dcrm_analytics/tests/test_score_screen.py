"""What the screens of scores ask for: cells of any day, refreshes, where they lead."""

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DcrmCase


@tagged("post_install", "-at_install")
class TestScoreScreen(DcrmCase):
    def setUp(self):
        super().setUp()
        self.mine = [self.partner(seller="seller") for _number in range(4)]
        self.others = [self.partner(seller="other_seller") for _number in range(6)]
        with freeze_time("2026-03-02 12:00"):
            for number, partner in enumerate(self.mine + self.others):
                self.purchase(partner, 100.0 * (number + 1), f"2026-02-{number + 1:02}")
            self.refresh()
        for partner in self.mine:
            self.purchase(partner, 5000.0, self.days_ago(1))
        self.refresh()

    def cells(self, role, day, domain=()):
        """Return the customers of each cell, by the grid and one by one."""
        scores = self.env_as(role)["dcrm.customer.score"]
        grid = scores.rfm_grid(domain, day)
        counted = {
            (cell["recency_class"], cell["frequency_class"]): cell["customers"]
            for cell in grid["cells"]
        }
        listed = {
            cell: scores.rfm_cell_customers(*cell, domain=domain, as_of=day)
            for cell in counted
        }
        return grid, counted, listed

    def assertCells(self, role, day, kind, customers, domain=()):
        grid, counted, listed = self.cells(role, day, domain)
        self.assertEqual(grid["as_of_kind"], kind)
        self.assertEqual({c: len(ids) for c, ids in listed.items()}, counted)
        partners = self.env["res.partner"].browse(
            partner_id for ids in listed.values() for partner_id in ids
        )
        self.assertEqual(partners, partners & self.env["res.partner"].union(*customers))
        self.assertEqual(len(partners), len(customers))

    def test_cell_of_a_recorded_day(self):
        everybody = self.mine + self.others
        self.assertCells("seller_all", "2026-03-05", "recorded", everybody)

    def test_cell_of_a_recorded_day_of_one_seller(self):
        domain = [("user_id", "=", self.users["seller"].id)]
        self.assertCells("seller_all", "2026-03-05", "recorded", self.mine, domain)

    def test_cell_of_a_recorded_day_of_own_customers(self):
        self.assertCells("seller", "2026-03-05", "recorded", self.mine)

    def test_cell_of_a_replayed_day(self):
        self.assertCells(
            "analyst", "2026-02-05", "replayed", self.mine + self.others[:1]
        )
        domain = [("user_id", "=", self.users["other_seller"].id)]
        self.assertCells("analyst", "2026-02-05", "replayed", self.others[:1], domain)

    def test_cell_is_refused_without_a_role(self):
        for role in ("nobody", "portal"):
            scores = self.env_as(role)["dcrm.customer.score"]
            with self.subTest(role=role), self.assertRaises(AccessError):
                scores.rfm_cell_customers(1, 1, as_of="2026-03-05")

    def test_cell_of_another_company_is_refused(self):
        scores = self.env_as("seller_all")["dcrm.customer.score"]
        with self.assertRaises(AccessError):
            scores.rfm_cell_customers(
                1, 1, as_of="2026-03-05", company_id=self.company_b.id
            )

    def test_only_analysts_refresh(self):
        for role in ("nobody", "portal", "seller", "seller_all"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env_as(role)["dcrm.customer.score"].start_refresh()
        run_id = self.env_as("analyst")["dcrm.customer.score"].start_refresh()
        run = self.env["dcrm.run"].browse(run_id)
        self.assertEqual((run.kind, run.company_id), ("refresh", self.company_a))
        self.assertEqual(run.user_id, self.users["analyst"])
        again = self.env_as("manager")["dcrm.customer.score"].start_refresh()
        self.assertEqual(again, run_id)

    def test_only_managers_switch_scoring_on(self):
        for role in ("nobody", "portal", "seller", "seller_all", "analyst"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env_as(role)["dcrm.customer.score"].start_scoring()
        self.assertFalse(self.company_a.customer_scoring)
        self.env_as("manager")["dcrm.customer.score"].start_scoring()
        self.assertTrue(self.company_a.customer_scoring)

    def test_another_company_is_refused(self):
        scores = self.env_as("manager")["dcrm.customer.score"]
        for start in (scores.start_refresh, scores.start_scoring):
            with self.subTest(start=start.__name__), self.assertRaises(AccessError):
                start(self.company_b.id)
        self.assertFalse(self.company_b.customer_scoring)

    def test_groups_by_what_the_partner_says(self):
        scores = self.env_as("seller")["dcrm.customer.score"]
        for field in ("user_id", "industry_id", "country_id"):
            with self.subTest(field=field):
                [(_value, count)] = scores._read_group([], [field], ["__count"])
                self.assertEqual(count, len(self.mine))

    def test_who_never_bought_did_not_buy_today(self):
        arch = self.env["dcrm.customer.score"].get_view(view_type="list")["arch"]
        [days] = etree.fromstring(arch).findall(".//field[@name='recency']")
        self.assertEqual(days.get("invisible"), "not last_purchase_date")

    def test_value_of_another_sellers_customer_is_refused(self):
        score = self.score_of(self.others[0]).with_env(self.env_as("seller"))
        with self.assertRaises(AccessError):
            score.customer_value()

    def test_screens_lead_somewhere(self):
        score = self.score_of(self.mine[0]).with_env(self.env_as("seller"))
        self.assertEqual(score.action_open_partner()["res_id"], self.mine[0].id)
        self.assertEqual(score.action_open_explanation()["res_id"], score.id)
        partner = self.mine[0].with_env(self.env_as("seller"))
        self.assertEqual(partner.action_open_customer_score()["res_id"], score.id)
        for unseen in (self.others[0], self.partner()):
            with self.assertRaises(AccessError):
                unseen.with_env(partner.env).action_open_customer_score()
        purchases = self.env_as("seller")["dcrm.purchase"].search(
            partner.action_open_customer_purchases()["domain"]
        )
        self.assertEqual(sorted(purchases.mapped("amount")), [100.0, 5000.0])
        customers = self.env_as("seller")["dcrm.customer.score"].search(
            score.segment_id.action_open_customers()["domain"]
        )
        self.assertEqual(len(customers), score.segment_id.customer_count)
        self.assertIn(score, customers)
