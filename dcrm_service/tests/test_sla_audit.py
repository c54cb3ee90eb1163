"""Each invariant of clocks and pauses, broken on purpose."""

from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common_sla import CourseCase


@tagged("post_install", "-at_install")
class TestSlaAudit(CourseCase):
    def setUp(self):
        super().setUp()
        self.everyone.next_response_hours = 4
        self.open = self.ticket(self.partner())
        self.closed = self.ticket(self.partner())
        self.closed.stage_id = self.stage_solved
        self.held = self.ticket(self.partner())
        self.answer(self.held)
        self.held.stage_id = self.stage_waiting
        self.assertNoViolations()

    def broken(self, statement):
        """Execute a statement past the ORM; return {invariant: ids} it breaks."""
        self.env.flush_all()
        self.env.cr.execute(statement)
        self.env.invalidate_all()
        return {each["invariant"]: each["ids"] for each in self.env["dcrm.audit"].run()}

    def set(self, record, **values):
        assigned = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), value)
            for name, value in values.items()
        )
        return SQL(
            "UPDATE %s SET %s WHERE id = %s",
            SQL.identifier(record._table),
            assigned,
            record.id,
        )

    def twin(self, clock):
        """Return the statement that makes another running clock of the same."""
        return SQL(
            "INSERT INTO dcrm_sla_clock (ticket_id, company_id, target, policy_id, "
            "promised_hours, started_at, deadline) SELECT ticket_id, company_id, "
            "target, policy_id, promised_hours, started_at, deadline "
            "FROM dcrm_sla_clock WHERE id = %s",
            clock.id,
        )

    def test_the_database_refuses_a_second_one_that_runs(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(UniqueViolation, "one_of_target"),
            self.cr.savepoint(),
        ):
            self.broken(self.twin(self.clock(self.open)))

    def test_one_runs_of_each_ticket_and_target(self):
        clock = self.clock(self.open, "resolution")
        self.env.cr.execute(SQL("DROP INDEX dcrm_sla_clock_one_of_target"))
        found = self.broken(self.twin(clock))
        self.assertIn("clocks_run_once", found)
        self.assertIn(clock.id, found["clocks_run_once"])

    def test_none_runs_on_a_closed_one(self):
        clock = self.clock(self.closed, "resolution")
        found = self.broken(
            self.set(
                clock, reached_at=None, deadline=clock.deadline + timedelta(days=9)
            )
        )
        self.assertEqual(found["clocks_end_with_ticket"], clock.ids)

    def test_a_next_answer_runs_on_a_closed_one(self):
        self.answer(self.open)
        self.write_as_customer(self.open)
        self.open.stage_id = self.stage_solved
        clock = self.clock(self.open, "next_response")
        found = self.broken(self.set(clock, reached_at=None))
        self.assertEqual(found["clocks_end_with_ticket"], clock.ids)

    def test_it_stands_still_without_a_pause(self):
        clock = self.clock(self.open)
        found = self.broken(self.set(clock, deadline=None, paused_at=clock.started_at))
        self.assertIn(clock.id, found["clocks_held_by_pauses"])

    def test_it_runs_though_it_is_paused(self):
        clock = self.clock(self.held, "resolution")
        due = clock.started_at + timedelta(hours=8)
        found = self.broken(self.set(clock, deadline=due, paused_at=None))
        self.assertIn(clock.id, found["clocks_held_by_pauses"])

    def test_a_pause_goes_on_in_another_stage(self):
        found = self.broken(self.set(self.held, stage_id=self.stage_progress.id))
        self.assertEqual(found["pauses_end_with_waiting"], self.held.pause_ids.ids)

    def test_a_pause_goes_on_though_the_customer_waits(self):
        found = self.broken(
            self.set(self.held, customer_waits_since=self.held.opened_at)
        )
        self.assertEqual(found["pauses_end_with_waiting"], self.held.pause_ids.ids)

    def test_a_pause_goes_on_though_nobody_has_answered(self):
        found = self.broken(self.set(self.held, first_response_at=None))
        self.assertEqual(found["pauses_end_with_waiting"], self.held.pause_ids.ids)
