"""Promises by state and period: what was kept, and what opening again can't undo."""

from odoo.tests import tagged

from .common_sla import CourseCase, utc


@tagged("post_install", "-at_install")
class TestSlaReport(CourseCase):
    def share(self, *groupby, domain=(), kept="kept"):
        """Return {group: (deadlines, share kept)} of the report."""
        self.env.flush_all()
        rows = self.env["dcrm.sla.report"]._read_group(
            [("company_id", "=", self.company_a.id), *domain],
            groupby,
            ["__count", f"{kept}:avg"],
        )
        return {
            tuple(row[:-2]) if len(groupby) > 1 else row[0]: row[-2:] for row in rows
        }

    def solved(self, text, partner=None, opened="2026-03-04 10:00", **values):
        """Return a ticket that was opened and solved at these times."""
        self.later(opened)
        ticket = self.ticket(partner or self.partner(), **values)
        self.later(text)
        ticket.stage_id = self.stage_solved
        return ticket

    def test_at_risk_is_a_share_of_the_time(self):
        self.everyone.risk_percent = 50
        ticket = self.ticket(self.partner())
        clock = self.clock(ticket)
        self.assertEqual(clock.at_risk_at, utc("2026-03-04 14:00"))
        for text, state in (
            ("2026-03-04 13:59", "running"),
            ("2026-03-04 14:00", "at_risk"),
            ("2026-03-05 10:00", "at_risk"),
            ("2026-03-05 10:01", "breached"),
        ):
            with self.subTest(text):
                self.later(text)
                self.assertEqual(clock.state, state)
                self.assertEqual(self.found(clock, clock._name, "state"), [state])
                self.assertEqual(ticket.sla_state, state)
                self.assertEqual(self.found(ticket), [state])
                self.env.flush_all()
                [row] = self.env["dcrm.sla.report"].search([("id", "=", clock.id)])
                self.assertEqual(row.state, state)
                [[grouped, _count]] = self.env["dcrm.ticket"]._read_group(
                    [("id", "=", ticket.id)], ["sla_state"], ["__count"]
                )
                self.assertEqual(grouped, state)

    def test_the_share_kept(self):
        answers = [("target", "=", "first_response")]
        self.solved("2026-03-04 12:00")
        self.solved("2026-03-05 09:00")
        self.solved("2026-03-06 09:00")
        self.later("2026-03-06 10:00")
        self.ticket(self.partner())
        # Two of three were kept; the fourth is still to come.
        [(count, share)] = self.share("target", domain=answers).values()
        self.assertEqual(count, 4)
        self.assertAlmostEqual(share, 2 / 3)
        decided = [*answers, ("is_decided", "=", True)]
        self.assertEqual(self.share("target", domain=decided)["first_response"][0], 3)
        # Which it is not any more when its deadline has passed.
        self.later("2026-03-10 10:00")
        [(count, share)] = self.share("target", domain=answers).values()
        self.assertAlmostEqual(share, 2 / 4)

    def test_by_period_team_kind_worth_and_policy(self):
        kind = self.env["dcrm.ticket.kind"].search([], limit=1)
        self.everyone.resolution_hours = 0
        rich = self.served(self.premier)
        policy = self.policy("Premier", 1, service_level_ids=self.premier.ids)
        self.solved("2026-03-04 12:00", rich, kind_id=kind.id)
        self.solved("2026-04-01 12:00", opened="2026-04-01 10:00")
        march, april = self.share("due_at:month").items()
        self.assertEqual(march[1], (1, 0.0))
        self.assertEqual(april[1], (1, 1.0))
        self.assertEqual(self.share("policy_id")[policy], (1, 0.0))
        self.assertEqual(self.share("service_level_id")[self.premier], (1, 0.0))
        self.assertEqual(self.share("kind_id")[kind], (1, 0.0))
        self.assertEqual(self.share("team_id"), {self.team_a: (2, 0.5)})
        self.assertEqual(self.share("state"), {"met": (1, 1.0), "breached": (1, 0.0)})

    def test_opening_again_distorts_nothing(self):
        solutions = [("target", "=", "resolution")]
        ticket = self.solved("2026-03-05 12:00")
        before = self.share("due_at:month", domain=solutions)
        self.later("2026-03-09 10:00")
        ticket.stage_id = self.stage_progress
        # Open again it is kept still, in the period in which it was due.
        self.assertEqual(self.share("due_at:month", domain=solutions), before)
        self.later("2026-05-04 10:00")
        ticket.stage_id = self.stage_solved
        self.assertEqual(self.share("due_at:month", domain=solutions), before)
        [last] = self.share("target", domain=solutions, kept="kept_last").values()
        self.assertEqual(last, (1, 0.0))
        row = self.env["dcrm.sla.report"].search(
            [("ticket_id", "=", ticket.id), ("target", "=", "resolution")]
        )
        self.assertEqual(row.reached_at, utc("2026-03-05 12:00"))
        self.assertEqual(row.last_reached_at, utc("2026-05-04 10:00"))
        self.assertEqual(row.reopened, 1)

    def test_a_promise_that_was_broken_first_stays_broken(self):
        solutions = [("target", "=", "resolution")]
        ticket = self.solved("2026-03-20 12:00")
        self.later("2026-03-20 13:00")
        ticket.stage_id = self.stage_progress
        self.everyone.resolution_hours = 4000
        self.everyone.action_apply()
        ticket.stage_id = self.stage_solved
        self.assertEqual(
            self.share("target", domain=solutions), {"resolution": (1, 0.0)}
        )

    def test_who_is_served_later_as_another_was_served_then(self):
        """What is known of the customer is as it was when the ticket was closed."""
        customer = self.served(self.premier)
        self.solved("2026-03-04 12:00", customer)
        customer.with_company(self.company_a).service_level_id = self.standard
        self.assertEqual(set(self.share("service_level_id")), {self.premier})

    def test_what_is_promised_no_more_counts_nowhere(self):
        kind = self.env["dcrm.ticket.kind"].search([], limit=1)
        self.everyone.kind_ids = kind
        ticket = self.ticket(self.partner(), kind_id=kind.id)
        ticket.kind_id = False
        self.assertFalse(self.share("team_id"))

    def test_whose_promises_one_sees(self):
        own = self.solved("2026-03-04 12:00", self.partner(seller="seller"))
        self.solved("2026-03-04 12:00", self.partner(seller="other_seller"))
        self.policy("B", 1, company=self.company_b)
        theirs = self.ticket(self.partner(), self.team_b)
        self.env.flush_all()
        for role, count in (("seller", 2), ("agent", 4), ("agent_ab", 5)):
            with self.subTest(role):
                report = self.env_as(role)["dcrm.sla.report"]
                self.assertEqual(report.search_count([]), count)
        [seen] = self.env_as("seller")["dcrm.sla.report"].search([]).ticket_id
        self.assertEqual(seen.id, own.id)
        report = self.env_as("agent")["dcrm.sla.report"]
        self.assertFalse(report.search([("ticket_id", "=", theirs.id)]))

    def test_its_screens_open(self):
        self.solved("2026-03-04 12:00")
        action = self.env.ref("dcrm_service.dcrm_sla_report_action")
        report = self.env_as("agent")["dcrm.sla.report"]
        views = report.get_views(
            [(False, mode) for mode in [*action.view_mode.split(","), "search"]]
        )
        self.assertNotIn("customer_segment_id", views["views"]["list"]["arch"])
        self.env.flush_all()
        rows = report.web_search_read([], {"ticket_id": {}, "state": {}})["records"]
        self.assertEqual({row["state"] for row in rows}, {"met"})
