"""Which policy wins, what it covers, and what it promises."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_sla import SlaCase, utc


@tagged("post_install", "-at_install")
class TestSlaPolicy(SlaCase):
    def setUp(self):
        super().setUp()
        freezer = freeze_time("2026-03-04 09:00:00")  # a Wednesday, 10:00 in Brussels
        freezer.start()
        self.addCleanup(freezer.stop)

    def test_who_differs_only_in_service_level_is_promised_otherwise(self):
        self.policy("Premier", 2, 8, service_level_ids=[self.premier.id])
        rich = self.ticket(self.served(self.premier))
        poor = self.ticket(self.served(self.standard))
        self.assertDue(rich, "2026-03-04 12:00")
        self.assertEqual(rich.resolution_deadline, utc("2026-03-05 10:00"))
        self.assertDue(poor, "2026-03-05 10:00")
        self.assertEqual(poor.resolution_deadline, utc("2026-03-11 10:00"))
        self.assertEqual(self.clock(rich).policy_id.name, "Premier")
        self.assertNoViolations()

    def test_the_shortest_promise_wins_for_each_target_by_itself(self):
        quick = self.policy("Quick answer", 1)
        thorough = self.policy("Quick solution", 6, 4)
        ticket = self.ticket(self.partner())
        self.assertEqual(self.clock(ticket).policy_id, quick)
        self.assertEqual(self.clock(ticket, "resolution").policy_id, thorough)
        self.assertEqual(self.clock(ticket, "resolution").promised_hours, 4)

    def test_what_a_policy_covers(self):
        kind, other_kind = self.env["dcrm.ticket.kind"].search([], limit=2)
        team = self.make_team("Other", self.company_a, self.hours_a)
        cases = {
            "team_ids": (team.ids, {"team": team}, {"team": self.team_a}),
            "kind_ids": (
                kind.ids,
                {"kind_id": kind.id},
                {"kind_id": other_kind.id},
            ),
            "priority": ("2", {"priority": "3"}, {"priority": "1"}),
        }
        for field, (value, covered, other) in cases.items():
            with self.subTest(field):
                policy = self.policy("Narrow", 1, **{field: value})
                self.assertEqual(self.clock(self.ticket(**covered)).policy_id, policy)
                self.assertEqual(
                    self.clock(self.ticket(**other)).policy_id, self.everyone
                )
                policy.active = False
                self.assertEqual(
                    self.clock(self.ticket(**covered)).policy_id, self.everyone
                )

    def test_a_policy_of_an_archived_team_does_not_cover_every_team(self):
        team = self.make_team("Gone", self.company_a)
        self.policy("Gone", 1, team_ids=team.ids)
        team.active = False
        self.assertEqual(self.clock(self.ticket()).policy_id, self.everyone)

    def test_policies_of_a_company_and_of_all(self):
        theirs = self.policy("B", 1, company=self.company_b)
        self.assertEqual(self.clock(self.ticket()).policy_id, self.everyone)
        self.assertEqual(self.clock(self.ticket(team=self.team_b)).policy_id, theirs)
        shared = self.policy("All", 0.5)
        shared.company_id = False
        for team in (self.team_a, self.team_b):
            self.assertEqual(self.clock(self.ticket(team=team)).policy_id, shared)

    def test_a_level_is_that_of_the_tickets_company(self):
        self.policy("Premier", 1, service_level_ids=[self.premier.id])
        customer = self.served(self.premier, self.company_b)
        self.assertFalse(self.ticket(customer).service_level_id)
        self.assertEqual(
            self.ticket(customer, self.team_b).service_level_id, self.premier
        )

    def test_without_a_policy_nothing_is_promised(self):
        self.everyone.active = False
        ticket = self.ticket(self.partner())
        self.assertFalse(ticket.clock_ids)
        self.assertFalse(ticket.next_deadline)
        self.assertFalse(ticket.is_late)
        self.assertFalse(ticket.sla_state)

    def test_hours_that_are_none(self):
        for hours in (-1, float("nan"), float("inf"), 1e308, 10_001):
            for target in ("first_response_hours", "resolution_hours"):
                with (
                    self.subTest(hours=hours, target=target),
                    self.assertRaisesRegex(ValidationError, "promises"),
                    self.cr.savepoint(),
                ):
                    self.everyone[target] = hours

    def test_a_policy_that_set_deadlines_can_be_archived_only(self):
        self.ticket()
        with self.assertRaisesRegex(UserError, "archive it"):
            self.everyone.unlink()
        self.policy("Never used", 1).unlink()

    def test_fractions_of_hours_are_minutes(self):
        for hours, minutes in ((1 / 3, 20), (0.25, 15), (1.01, 61), (0.001, 1)):
            with self.subTest(hours):
                self.everyone.first_response_hours = hours
                self.assertEqual(
                    self.ticket().first_response_deadline,
                    datetime(2026, 3, 4, 9) + timedelta(minutes=minutes),
                )

    def test_calendars_of_a_company_are_its_own(self):
        with self.assertRaises(UserError), self.cr.savepoint():
            self.team_a.resource_calendar_id = self.hours_b
        with self.assertRaises(UserError), self.cr.savepoint():
            self.everyone.team_ids = [Command.set(self.team_b.ids)]
