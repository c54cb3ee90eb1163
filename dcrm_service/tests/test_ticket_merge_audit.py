"""Each invariant of merged, closed and checked tickets, broken on purpose."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .common import ServiceCase


@tagged("post_install", "-at_install")
class TestTicketMergeAudit(ServiceCase):
    def setUp(self):
        super().setUp()
        customer = self.partner()
        self.living, self.merged = (self.ticket(customer) for _number in range(2))
        self.merged._merge_into(self.living)
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
        return {
            violation["invariant"]
            for violation in self.env["dcrm.audit"].run()
            if violation["model"] == record._name and record.id in violation["ids"]
        }

    def test_shown(self):
        found = self.broken(self.merged, active=True)
        self.assertEqual(found, {"merged_tickets_put_away"})

    def test_of_another_company(self):
        found = self.broken(
            self.living, company_id=self.company_b.id, team_id=self.team_b.id
        )
        violations = self.env["dcrm.audit"].run()
        [put_away] = [
            violation
            for violation in violations
            if violation["invariant"] == "merged_tickets_put_away"
        ]
        self.assertIn(self.merged.id, put_away["ids"])
        self.assertNotIn("merged_tickets_put_away", found)

    def test_what_is_left_in_a_merged_one(self):
        said = self.living.message_post(
            body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertFalse(self.broken(said, res_id=self.merged.id))
        long_ago = fields.Datetime.now() - timedelta(hours=2)
        self.broken(self.merged, merged_at=long_ago)
        self.assertEqual(
            self.broken(said, res_id=self.merged.id), {"merged_tickets_silent"}
        )
        self.run_cron("cron_bring_strays")
        self.assertNoViolations()

    def test_closings(self):
        self.living.action_close()
        long_ago = self.living.opened_at - timedelta(days=1)
        found = self.broken(self.living, last_closed_at=long_ago)
        self.assertEqual(found, {"closings_known"})
        self.living.action_reopen()
        self.assertEqual(self.broken(self.living, reopened_count=0), {"closings_known"})

    def test_checks(self):
        check = self.env["dcrm.ticket.check"].create(
            {"ticket_id": self.living.id, "name": "Call", "is_done": True}
        )
        self.assertEqual(self.broken(check, done_at=None), {"checks_by_somebody"})
