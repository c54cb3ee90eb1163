"""Each invariant of ladders, broken on purpose."""

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common_escalation import DUE, EscalationCase


@tagged("post_install", "-at_install")
class TestEscalationAudit(EscalationCase):
    def setUp(self):
        super().setUp()
        self.open, self.other = self.late(), self.late()
        self.run_at(DUE)
        self.open.with_env(self.env_as("seller")).action_hand_on_escalation()
        self.first, self.second = self.notices(self.open)
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

    def test_open_on_a_deadline_that_is_reached(self):
        self.open.stage_id = self.stage_solved
        self.assertNoViolations()
        self.assertEqual(self.broken(self.second, state="open"), {"notices_over"})

    def test_a_step_told_twice(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(Exception, "unique_step"),
            self.cr.savepoint(),
        ):
            self.broken(self.second, step_id=self.first.step_id.id)
        self.env.cr.execute("DROP INDEX dcrm_escalation_notice_unique_step")
        found = self.broken(self.second, step_id=self.first.step_id.id)
        self.assertEqual(found, {"notices_once"})

    def test_several_asked(self):
        found = self.broken(self.first, state="open", answered_at=None)
        self.assertEqual(found, {"notices_ask_one"})

    def test_told_otherwise(self):
        for values in (
            {"ticket_id": self.other.id},
            {"reason": "absent"},
            {"answered_at": None},
            {"answered_at": "2020-01-01"},
        ):
            with self.subTest(values), self.cr.savepoint() as savepoint:
                self.assertEqual(self.broken(self.first, **values), {"notices_tell"})
                savepoint.rollback()

    def test_looked_at(self):
        clock = self.clock(self.open)
        self.assertEqual(self.broken(clock, climb_at=None), {"clocks_looked_at"})
        self.open.stage_id = self.stage_solved
        self.assertNoViolations()
        self.assertEqual(
            self.broken(clock, climb_at="2030-01-01"), {"clocks_looked_at"}
        )
