"""The dashboard of points: every figure is what its list adds up to."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.dcrm_analytics.tests.common_dashboard import FiguresCase, figures_of

from .common_points_screen import PointsScreenCase


@tagged("post_install", "-at_install")
class TestPointsDashboard(FiguresCase, PointsScreenCase):
    def setUp(self):
        super().setUp()
        self.history()

    def sections_of(self, env, filters=None):
        dashboard = env["dcrm.points.dashboard"]
        shown = dashboard.sections(filters)
        self.assertEqual(shown["state"], "ready")
        return {
            section["key"]: dashboard.section(section["key"], shown["filters"])
            for section in shown["sections"]
        }

    def flows(self, env, filters=None):
        """Return {label: value} of what moved in the period."""
        section = env["dcrm.points.dashboard"].section("points_flow", filters)
        return {each["label"]: each["value"] for each in figures_of(section)}

    def test_every_figure_is_what_it_opens(self):
        for role in ("seller", "seller_all", "manager"):
            env = self.env_as(role)
            self.assertFigures(env, least=30)
            self.assertNobodyElse(env)

    def test_what_moved_adds_up(self):
        manager = self.env_as("manager")
        flows = self.flows(manager)
        self.assertEqual(
            flows,
            {
                "At the beginning": 0.0,
                "Issued": 325.0,
                "Used": -145.0,
                "Expired": 0.0,
                "Reversed": -25.0,
                "Adjusted": 0.0,
                "Outstanding at the end": 155.0,
            },
        )
        # In the last 40 days: what was before is what there was at the beginning.
        flows = self.flows(manager, {"date_from": str(self.days_ago(40))})
        self.assertEqual(flows["At the beginning"], 300.0)
        self.assertEqual(flows["Issued"], 25.0)
        self.assertEqual(sum(list(flows.values())[:-1]), 155.0)

    def test_now(self):
        section = self.env_as("manager")["dcrm.points.dashboard"].section("points_now")
        values = {each["label"]: each["value"] for each in figures_of(section)}
        self.assertEqual(
            values,
            {
                "Outstanding": 155.0,
                "Members with points": 1,
                "Pending": 40.0,
                "Owed": 25.0,
                "Expire within 30 days": 180.0,
                "Expire within 90 days": 180.0,
            },
        )

    def test_by_club_and_tier(self):
        manager = self.env_as("manager")
        gold = self.tier(self.kept, "Gold")
        board = manager["dcrm.points.dashboard"]
        [matrix] = board.section("points_tiers")["blocks"]
        self.assertEqual(
            {row["label"] for row in matrix["rows"]}, {gold.name, "Silver"}
        )
        outstanding = {
            cell["row"]: cell["figures"][0]["value"]
            for cell in matrix["cells"]
            if cell["column"] == "end"
        }
        self.assertEqual(outstanding[str(gold.id)], 180.0)
        self.assertEqual(self.flows(manager, {"tier_id": gold.id})["Issued"], 300.0)
        other = self.club("Other", program_id=self.make_program().id)
        self.assertEqual(self.flows(manager, {"club_id": other.id})["Issued"], 0.0)
        # Who is no member any more stands on no tier.
        self.alba.membership_ids.action_leave()
        self.env.flush_all()
        self.assertEqual(self.flows(manager, {"tier_id": gold.id})["Issued"], 0.0)
        [matrix] = board.section("points_tiers")["blocks"]
        self.assertIn("No tier", [row["label"] for row in matrix["rows"]])
        self.assertFigures(manager)

    def test_sellers_see_their_own_customers(self):
        self.assertEqual(self.flows(self.env_as("seller"))["Issued"], 300.0)
        self.assertEqual(self.flows(self.env_as("other_seller"))["Issued"], 25.0)
        self.assertEqual(self.flows(self.env_as("seller_all"))["Issued"], 325.0)
        filters = {"user_id": self.users["other_seller"].id}
        self.assertEqual(self.flows(self.env_as("manager"), filters)["Issued"], 25.0)

    def test_who_may_not(self):
        for role in ("nobody", "portal"):
            board = self.env_as(role)["dcrm.points.dashboard"]
            for call in (board.sections, lambda b=board: b.section("points_now")):
                with self.assertRaises(AccessError):
                    call()
        manager = self.env_as("manager")["dcrm.points.dashboard"]
        with self.assertRaises(AccessError):
            manager.sections({"company_id": self.company_b.id})
        for wrong in ({"club_id": "x"}, {"tier_id": [1]}, {"date_from": "never"}):
            with self.assertRaises(UserError):
                manager.section("points_flow", wrong)

    def test_empty_company(self):
        board = self.env_as("seller_b")["dcrm.points.dashboard"]
        shown = board.sections()
        self.assertEqual(shown["state"], "empty")
        for section in shown["sections"]:
            found = board.section(section["key"])
            self.assertTrue(found["blocks"] or found["missing"])
