"""What the screens of scores ask for: cells of any day, refreshes, where they lead."""

from datetime import timedelta

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

    def assertExplained(self, role, day, kind, customers):
        """The grid of a day says where its classes begin, and whom its segments hold.

        Each customer's figures of that day are in the class that the cut points say.
        """
        scores = self.env_as(role)["dcrm.customer.score"]
        grid = scores.rfm_grid((), day)
        self.assertEqual(grid["as_of_kind"], kind)
        frame = self.env["dcrm.customer.score"].replay(
            self.company_a, day or self.today()
        )
        frame = frame[frame["partner_id"].isin([each.id for each in customers])]
        for row in frame.to_dict("records"):
            recency = 1 + sum(row["recency"] < cut for cut in grid["recency_cuts"])
            self.assertEqual(recency, row["recency_class"], row)
            frequency = 1 + sum(
                row["frequency"] > cut for cut in grid["frequency_cuts"]
            )
            self.assertEqual(frequency, row["frequency_class"], row)
        self.assertEqual(
            (len(grid["recency_cuts"]), len(grid["frequency_cuts"])), (4, 4)
        )
        listed = {
            each["id"]: sorted(
                scores.rfm_segment_customers(each["id"], as_of=day)
                if day
                else scores.search([("segment_id", "=", each["id"])]).partner_id.ids
            )
            for each in grid["segments"]
        }
        of_segment = frame.groupby("segment_id")["partner_id"].apply(sorted).to_dict()
        self.assertEqual(listed, of_segment)
        for each in grid["segments"]:
            self.assertEqual(each["customers"], len(of_segment[each["id"]]))
        self.assertEqual(
            sum(each["monetary"] for each in grid["segments"]), grid["monetary"]
        )
        segments = self.env["dcrm.segment"].browse(of_segment).sorted()
        self.assertEqual(
            [(each["id"], each["name"], each["color"]) for each in grid["segments"]],
            [(segment.id, segment.name, segment.color) for segment in segments],
        )

    def test_grid_of_any_day_explains_itself(self):
        everybody = self.mine + self.others
        self.assertExplained("seller_all", None, "live", everybody)
        self.assertExplained("seller_all", "2026-03-02", "recorded", everybody)
        self.assertExplained("analyst", "2026-02-20", "replayed", everybody)

    def test_grid_of_own_customers_explains_itself(self):
        """Though who sees own customers alone may not browse all cut points."""
        self.assertExplained("seller", None, "live", self.mine)
        self.assertExplained("seller", "2026-03-02", "recorded", self.mine)

    def test_grid_shows_the_cut_points_of_its_day(self):
        scores = self.env_as("seller_all")["dcrm.customer.score"]
        now, then, later = (
            scores.rfm_grid((), day)["recency_cuts"]
            for day in (None, "2026-03-02", "2026-03-05")
        )
        # They bought from the 1st to the 10th of February: two customers a class.
        self.assertEqual(then, [28, 26, 24, 22])
        self.assertEqual(later, then)
        self.assertNotEqual(now, then)

    def test_grid_of_a_day_with_other_classes(self):
        scheme = self.env.ref("dcrm_analytics.scheme_default")
        scheme.write({"recency_classes": 3, "frequency_classes": 4})
        self.refresh()
        scores = self.env_as("seller_all")["dcrm.customer.score"]
        live, past = scores.rfm_grid(), scores.rfm_grid(as_of="2026-03-05")
        sizes = ("recency_classes", "frequency_classes")
        self.assertEqual([live[size] for size in sizes], [3, 4])
        self.assertEqual([past[size] for size in sizes], [5, 5])

    def test_schemes_of_industries_have_no_cut_points_in_common(self):
        industry = self.env["res.partner.industry"].create({"name": "Trade"})
        own = self.env["dcrm.rfm.scheme"].create(
            {"name": "Trade", "industry_id": industry.id}
        )
        self.mine[0].industry_id = industry
        self.refresh()
        scores = self.env_as("seller_all")["dcrm.customer.score"]
        self.assertEqual(scores.rfm_grid()["recency_cuts"], [])
        with freeze_time(self.instant(self.today() + timedelta(1))):
            own.active = False
            self.refresh()
            # The scheme that ended does not count any more; it did the day before.
            self.assertEqual(len(scores.rfm_grid()["recency_cuts"]), 4)
            before = scores.rfm_grid(as_of=self.days_ago(1))
            self.assertEqual(before["recency_cuts"], [])
        with freeze_time(self.instant(self.today() + timedelta(3))):
            after = scores.rfm_grid(as_of=self.days_ago(1))
            self.assertEqual(len(after["recency_cuts"]), 4)

    def test_who_sees_no_customer_sees_no_cut_points(self):
        scores = self.env_as("seller")["dcrm.customer.score"]
        grid = scores.rfm_grid([("id", "=", 0)])
        self.assertEqual((grid["recency_cuts"], grid["segments"]), ([], []))

    def test_cell_is_refused_without_a_role(self):
        for role in ("nobody", "portal"):
            scores = self.env_as(role)["dcrm.customer.score"]
            with self.subTest(role=role), self.assertRaises(AccessError):
                scores.rfm_cell_customers(1, 1, as_of="2026-03-05")
            with self.subTest(role=role), self.assertRaises(AccessError):
                scores.rfm_segment_customers(1, as_of="2026-03-05")

    def test_cell_of_another_company_is_refused(self):
        scores = self.env_as("seller_all")["dcrm.customer.score"]
        with self.assertRaises(AccessError):
            scores.rfm_cell_customers(
                1, 1, as_of="2026-03-05", company_id=self.company_b.id
            )
        with self.assertRaises(AccessError):
            scores.rfm_segment_customers(
                1, as_of="2026-03-05", company_id=self.company_b.id
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

    def test_groups_add_up_to_the_list(self):
        """The list's totals are those of its groups, whose rows it sums."""
        scores = self.env_as("seller_all")["dcrm.customer.score"]
        view = etree.fromstring(scores.get_view(view_type="list")["arch"])
        summed = [field.get("name") for field in view.findall(".//field[@sum]")]
        self.assertEqual(summed, ["frequency", "monetary", "profit"])
        for name in summed:
            aggregate = f"{name}:{scores.fields_get([name])[name]['aggregator']}"
            groups = scores._read_group([], ["user_id"], [aggregate])
            self.assertEqual(
                sum(total for _user, total in groups),
                sum(scores.search([]).mapped(name)),
            )

    def test_default_segments_differ_in_colour(self):
        segments = self.env["dcrm.segment"].search([("code", "!=", False)])
        self.assertEqual(len(segments), 11)
        # Of the host's palette 2 (orange) and 6 (salmon) look alike.
        colors = {2 if color == 6 else color for color in segments.mapped("color")}
        self.assertEqual(len(colors), 11)
        self.assertLessEqual(colors, set(range(12)))

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
