"""Each invariant of tickets, broken on purpose."""

from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from .common_sla import SlaCase


@tagged("post_install", "-at_install")
class TestTicketAudit(SlaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("test_closed")
        cls.customer = case.served(cls.premier)
        cls.open = case.ticket(cls.customer)
        cls.closed = case.ticket(cls.customer, stage_id=cls.stage_solved.id)
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.assertNoViolations()

    def broken(self, record, **values):
        """Write past the ORM, and return which invariants speak of the record."""
        self.env.flush_all()
        assigned = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), value)
            for name, value in values.items()
        )
        table = SQL.identifier(record._table)
        self.env.cr.execute(
            SQL("UPDATE %s SET %s WHERE id = %s", table, assigned, record.id)
        )
        self.env.invalidate_all()
        violations = self.env["dcrm.audit"].run()
        for violation in violations:
            self.assertNotIn("%(", violation["message"])
        return {
            violation["invariant"]
            for violation in violations
            if violation["model"] == record._name and record.id in violation["ids"]
        }

    def test_closed(self):
        found = self.broken(self.open, stage_id=self.stage_solved.id)
        self.assertEqual(found, {"tickets_close_by_stage"})
        found = self.broken(self.closed, stage_id=None)
        self.assertEqual(found, {"tickets_close_by_stage"})

    def test_team(self):
        found = self.broken(self.open, team_id=self.team_b.id)
        self.assertEqual(found, {"tickets_of_their_company"})

    def test_customer(self):
        contact = self.partner(parent_id=self.customer.id)
        found = self.broken(self.open, commercial_partner_id=contact.id)
        self.assertEqual(found, {"tickets_of_customers"})
        found = self.broken(self.closed, commercial_partner_id=None)
        self.assertEqual(found, {"tickets_of_customers"})

    def test_reached(self):
        clock = self.clock(self.closed)
        later = clock.reached_at + timedelta(minutes=1)
        self.assertEqual(self.broken(clock, reached_at=later), {"clocks_reached"})
        clock = self.clock(self.closed, "resolution")
        self.assertEqual(self.broken(clock, missed=True), {"clocks_reached"})

    def test_shown(self):
        for ticket, field in (
            (self.open, "first_response_deadline"),
            (self.closed, "resolution_deadline"),
        ):
            later = ticket[field] + timedelta(minutes=1)
            self.assertEqual(self.broken(ticket, **{field: later}), {"clocks_shown"})
        self.assertIn("clocks_shown", self.broken(self.open, next_deadline=None))

    def test_explained(self):
        self.open.priority = "1"
        self.policy("Important", 1, 2, priority="1")
        self.open.kind_id = self.env["dcrm.ticket.kind"].search([], limit=1)
        clock = self.clock(self.open)
        self.assertTrue(clock.change_ids)
        self.assertNoViolations()
        later = clock.deadline + timedelta(minutes=1)
        self.assertEqual(self.broken(clock, deadline=later), {"clocks_explained"})
        clock = self.clock(self.closed)
        early = clock.started_at - timedelta(minutes=1)
        self.assertIn("clocks_explained", self.broken(clock, deadline=early))
        clock = self.clock(self.closed, "resolution")
        self.assertEqual(self.broken(clock, policy_id=None), {"clocks_explained"})

    def test_pauses(self):
        opened = self.open.opened_at
        pauses = self.env["dcrm.sla.pause"].create(
            [
                {
                    "ticket_id": self.open.id,
                    "started_at": opened + timedelta(hours=hour),
                    "ended_at": opened + timedelta(hours=hour + 1),
                }
                for hour in (1, 2)
            ]
        )
        self.assertNoViolations()
        overlapping = opened + timedelta(hours=1, minutes=30)
        self.assertEqual(
            self.broken(pauses[1], started_at=overlapping), {"pauses_apart"}
        )
        before = opened - timedelta(hours=1)
        self.assertEqual(self.broken(pauses[0], started_at=before), {"pauses_apart"})

    def test_service_level(self):
        found = self.broken(self.open, service_level_id=self.standard.id)
        self.assertEqual(found, {"tickets_follow_service_level"})
        # What was closed keeps the level of then.
        self.assertFalse(self.broken(self.closed, service_level_id=self.standard.id))
