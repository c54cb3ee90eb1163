"""The dashboard of service: every figure is what its list counts, for who sees it."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.dcrm_analytics.tests.common_dashboard import FiguresCase, figures_of

from .common_sla import SlaCase

ROLES = ("agent", "service_manager", "seller", "seller_all", "manager")


@tagged("post_install", "-at_install")
class TestServiceDashboard(FiguresCase, SlaCase):
    def setUp(self):
        super().setUp()
        self.repairs = self.make_team("Repairs", self.company_a, self.hours_a)
        self.alba = self.partner("Alba", is_company=True, seller="seller")
        self.bora = self.partner("Bora", is_company=True, seller="other_seller")
        self.problem, self.question = (
            self.env.ref(f"dcrm_service.ticket_kind_{name}")
            for name in ("problem", "question")
        )
        self.now_ = fields.Datetime.now()
        # Answered after 2 hours, solved after 48, opened again since.
        self.again = self.asked(self.alba, 20, answered=2, closed=48)
        self.again.action_reopen()
        # Answered after 4 hours, solved after 100 days: late.
        self.slow = self.asked(self.bora, 120, answered=4, closed=2400)
        # Nobody has answered: late by now.
        self.silent = self.asked(self.bora, 40, team_id=self.repairs.id)
        # Fresh, and somebody's.
        self.fresh = self.asked(
            self.alba, 0, kind_id=self.question.id, user_id=self.users["agent"].id
        )
        # In the company on the other side of the world.
        self.other = self.asked(self.partner("Cleo"), 3, team=self.team_b)
        self.env.flush_all()

    def asked(self, partner, days, answered=None, closed=None, team=None, **values):
        """Return a ticket opened days ago, answered and closed so many hours later."""
        opened = self.now_ - timedelta(days)
        values = {"kind_id": self.problem.id, "opened_at": opened, **values}
        ticket = self.ticket(partner, team, **values)
        if answered:
            ticket.first_response_at = opened + timedelta(hours=answered)
        if closed:
            at = opened + timedelta(hours=closed)
            ticket.write({"stage_id": self.stage_solved.id, "closed_at": at})
        self.env.flush_all()
        return ticket

    def sections_of(self, env, filters=None):
        dashboard = env["dcrm.service.dashboard"]
        shown = dashboard.sections(filters)
        self.assertEqual(shown["state"], "ready")
        return {
            section["key"]: dashboard.section(section["key"], shown["filters"])
            for section in shown["sections"]
        }

    def values(self, role, key, filters=None):
        """Return {label: value} of a section's figures side by side."""
        section = self.env_as(role)["dcrm.service.dashboard"].section(key, filters)
        return {
            figure["label"]: figure["value"]
            for block in section["blocks"]
            if block["kind"] == "figures"
            for figure in block["figures"]
        }

    def row(self, key, label, filters=None):
        """Return {column: value} of a row of a matrix, as the manager sees it."""
        env = self.env_as("service_manager")
        matrix = env["dcrm.service.dashboard"].section(key, filters)["blocks"][-1]
        [row] = [row["key"] for row in matrix["rows"] if row["label"] == label]
        return {
            cell["column"]: cell["figures"][0]["value"]
            for cell in matrix["cells"]
            if cell["row"] == row
        }

    def test_every_figure_is_what_it_opens(self):
        for role in ROLES:
            env = self.env_as(role)
            sections = self.assertFigures(env, least=60)
            self.assertEqual(len(sections), 7)
            self.assertNobodyElse(env)

    def test_every_figure_of_a_selection_is_what_it_opens(self):
        env = self.env_as("service_manager")
        first = str(self.days_ago(60))
        for filters in (
            {"team_id": self.repairs.id},
            {"kind_id": self.problem.id, "date_from": first},
            {"user_id": self.users["agent"].id},
            {"value_class": "a", "baseline": "year"},
        ):
            self.assertFigures(env, filters)

    def test_what_came_in(self):
        values = self.values("service_manager", "service_volume")
        self.assertEqual(
            values,
            {
                "Opened": 4,
                "Closed": 2,
                "Opened and still open": 3,
                "Opened again": 1,
                "Share opened again": 0.5,
            },
        )
        recent = {"date_from": str(self.days_ago(30))}
        values = self.values("service_manager", "service_volume", recent)
        self.assertEqual((values["Opened"], values["Closed"]), (2, 2))

    def test_how_it_was_answered(self):
        values = self.values("service_manager", "service_promises")
        self.assertAlmostEqual(values["Wait for the answer"], 3.0)
        self.assertAlmostEqual(values["Wait for the solution"], (48 + 2400) / 2)
        # Two were answered in time; of the silent one the answer is overdue.
        self.assertAlmostEqual(values["Answered in time"], 2 / 3, 4)
        # Opening a ticket again takes back no promise that was kept.
        self.assertAlmostEqual(values["Solved in time"], 1 / 3, 4)
        self.assertEqual(values["Promises broken"], 3)

    def test_what_is_open_now(self):
        values = self.values("service_manager", "service_now")
        self.assertEqual(values["Open"], 3)
        self.assertEqual(values["Nobody's"], 2)
        self.assertEqual(values["Not answered yet"], 2)
        self.assertGreaterEqual(values["Late"], 1)
        section = self.env_as("service_manager")["dcrm.service.dashboard"].section(
            "service_now"
        )
        matrix = section["blocks"][-1]
        self.assertEqual(
            sorted(
                (cell["column"], cell["figures"][0]["value"])
                for cell in matrix["cells"]
            ),
            [(0, 1), (3, 1), (4, 1)],
        )

    def test_by_parts(self):
        care = self.row("service_teams", "Care A")
        self.assertEqual((care["opened"], care["open"], care["again"]), (3, 2, 1))
        repairs = self.row("service_teams", "Repairs")
        self.assertEqual((repairs["opened"], repairs["answers"]), (1, 0.0))
        self.assertIsNone(repairs["wait"])
        question = self.row("service_kinds", self.question.name)
        self.assertEqual((question["opened"], question["closed"]), (1, 0))
        self.assertEqual(self.row("service_values", "No class")["opened"], 4)
        chosen = self.row("service_teams", "Care A", {"kind_id": self.question.id})
        self.assertEqual(chosen["opened"], 1)

    def test_charts_have_a_label_for_each_value(self):
        section = self.env_as("agent")["dcrm.service.dashboard"].section(
            "service_months"
        )
        for chart in section["blocks"]:
            self.assertEqual(chart["kind"], "chart")
            self.assertEqual(len(chart["labels"]), len(set(chart["labels"])))
            for series in chart["series"]:
                self.assertEqual(
                    [figure["label"] for figure in series["figures"]],
                    [series["label"]] * len(chart["labels"]),
                )
            self.assertIsInstance(chart["labels"], list)

    def test_merged_tickets_are_not_counted_twice(self):
        double = self.asked(self.alba, 0)
        self.env.flush_all()
        self.assertEqual(self.values("agent", "service_now")["Open"], 4)
        double.sudo().write(
            {"merged_into_id": self.fresh.id, "stage_id": self.stage_solved.id}
        )
        self.env.flush_all()
        self.assertEqual(self.values("agent", "service_now")["Open"], 3)
        self.assertEqual(self.values("agent", "service_volume")["Opened"], 4)

    def test_days_are_the_company_s(self):
        """What is opened at 23:30 UTC is of the next day in Auckland and Brussels."""
        self.fresh.sudo().opened_at = f"{self.days_ago(9)} 23:30:00"
        self.env.flush_all()
        day = str(self.days_ago(8))
        period = {"date_from": day, "date_to": day}
        self.assertEqual(self.values("agent", "service_volume", period)["Opened"], 1)

    def test_sellers_see_their_own_customers(self):
        opened = {
            role: self.values(role, "service_volume")["Opened"]
            for role in ("seller", "other_seller", "seller_all", "agent")
        }
        self.assertEqual(
            opened, {"seller": 2, "other_seller": 2, "seller_all": 4, "agent": 4}
        )

    def test_two_companies(self):
        self.assertEqual(self.values("agent_b", "service_volume")["Opened"], 1)
        both = self.env_as("agent_ab")["dcrm.service.dashboard"]
        for company, opened in ((self.company_a, 4), (self.company_b, 1)):
            filters = {"company_id": company.id}
            [block] = both.section("service_volume", filters)["blocks"]
            self.assertEqual(block["figures"][0]["value"], opened)
        with self.assertRaises(AccessError):
            self.values("agent", "service_now", {"company_id": self.company_b.id})

    def test_who_may_not(self):
        for role in ("nobody", "portal"):
            board = self.env_as(role)["dcrm.service.dashboard"]
            for call in (board.sections, lambda b=board: b.section("service_now")):
                with self.assertRaises(AccessError):
                    call()
        manager = self.env_as("service_manager")["dcrm.service.dashboard"]
        wrong = ({"team_id": "x"}, {"kind_id": [1]}, {"date_from": "never"})
        for filters in wrong:
            with self.assertRaises(UserError):
                manager.section("service_now", filters)

    def test_empty_company(self):
        self.other.sudo().unlink()
        board = self.env_as("agent_b")["dcrm.service.dashboard"]
        shown = board.sections()
        self.assertEqual(shown["state"], "empty")
        for section in shown["sections"]:
            found = board.section(section["key"])
            self.assertTrue(found["blocks"] or found["missing"])
            for figure in figures_of(found):
                self.assertFigure(board.env, figure)

    def test_queries_are_constant(self):
        """Ten times as many tickets ask nothing more of the database."""
        env = self.env_as("service_manager")
        board = env["dcrm.service.dashboard"]
        keys = [section["key"] for section in board.sections()["sections"]]

        def asked():
            counts = {}
            for key in keys:
                env.invalidate_all()
                before = self.cr.sql_log_count
                board.section(key)
                counts[key] = self.cr.sql_log_count - before
            return counts

        asked()
        few = asked()
        for _number in range(30):
            self.asked(self.alba, 20, answered=2)
        self.env.flush_all()
        self.assertEqual(asked(), few)
        self.assertLess(max(few.values()), 40, few)
