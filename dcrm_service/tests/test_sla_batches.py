"""What counts for many tickets is counted in batches, whatever one of them is."""

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged

from ..models import dcrm_sla_recount
from .common_sla import CourseCase, utc


@tagged("post_install", "-at_install")
class TestSlaBatches(CourseCase):
    def setUp(self):
        super().setUp()
        self.bad, self.good = self.ticket(self.partner()), self.ticket(self.partner())
        self.patch(dcrm_sla_recount, "AT_ONCE", 0)

    def left(self):
        return self.env["dcrm.sla.recount"].search([]).ticket_id

    def break_on(self, ticket, model, name, error=ValueError):
        """Have a method fail for one ticket; return how to mend it."""
        records = self.registry[model]
        method = getattr(records, name)

        def broken(self, *args, **kwargs):
            tickets = self if model == "dcrm.ticket" else self.ticket_id
            if ticket in tickets:
                raise error("broken")
            return method(self, *args, **kwargs)

        self.patch(records, name, broken)
        return lambda: self.patch(records, name, method)

    def test_policies_are_applied_by_the_scheduled_action(self):
        self.everyone.first_response_hours = 4
        told = self.everyone.with_env(self.env_as("service_manager")).action_apply()
        self.assertIn("2 open tickets", told["params"]["message"])
        self.assertEqual(self.left(), self.bad | self.good)
        self.assertDue(self.good, "2026-03-05 10:00")
        agents = self.good.with_env(self.env_as("agent"))
        self.assertIn("being counted anew", self.clock(agents).summary)
        self.run_cron("cron_recount_clocks")
        self.assertFalse(self.left())
        self.assertDue(self.good, "2026-03-04 14:00")
        self.assertNotIn("being counted anew", self.clock(agents).summary)
        self.assertNoViolations()

    def test_what_is_promised_first_by_applied_policies(self):
        self.env["dcrm.sla.clock"].search([]).unlink()
        self.everyone.action_apply()
        self.run_cron("cron_recount_clocks")
        self.assertDue(self.good, "2026-03-05 10:00")

    def test_a_stage_that_begins_to_wait(self):
        (self.good | self.bad).stage_id = self.stage_progress
        self.answer(self.good)
        self.stage_progress.is_waiting = True
        self.assertEqual(self.states(self.good), ("met", "running"))
        self.run_cron("cron_recount_clocks")
        self.assertEqual(self.states(self.good), ("met", "paused"))
        # Nobody has answered this one yet.
        self.assertEqual(self.states(self.bad), ("running", "running"))
        self.assertNoViolations()

    def test_several_changes_are_counted_once(self):
        for _time in range(3):
            self.everyone.action_apply()
        self.everyone.first_response_hours = 4
        self.hours_a.tz = "UTC"
        self.run_cron("cron_recount_clocks")
        self.assertFalse(self.left())
        [reason] = self.changes(self.clock(self.good))
        self.assertEqual(reason.count("Policies applied"), 1)
        self.assertIn("Working hours changed", reason)

    def test_closed_meanwhile(self):
        self.everyone.first_response_hours = 4
        self.everyone.action_apply()
        self.good.stage_id = self.stage_solved
        self.run_cron("cron_recount_clocks")
        self.assertFalse(self.left())
        self.assertDue(self.good, "2026-03-05 10:00")

    def test_one_that_can_not_be_counted_keeps_no_other(self):
        self.everyone.first_response_hours = 4
        self.everyone.action_apply()
        mend = self.break_on(self.bad, "dcrm.ticket", "_count_anew")
        with self.assertLogs("odoo.addons.dcrm_service", "ERROR"):
            self.run_cron("cron_recount_clocks")
        self.assertEqual(self.left(), self.bad)
        self.assertDue(self.good, "2026-03-04 14:00")
        mend()
        self.run_cron("cron_recount_clocks")
        self.assertDue(self.bad, "2026-03-04 14:00")

    def test_one_that_can_not_be_noticed_keeps_no_other(self):
        self.later("2026-03-05 12:00")
        mend = self.break_on(self.bad, "dcrm.sla.clock", "_log_breaches")
        with self.assertLogs("odoo.addons.dcrm_service", "ERROR"):
            self.notice()
        self.assertTrue(self.clock(self.good).noticed_at)
        self.assertFalse(self.clock(self.bad).noticed_at)
        mend()
        self.notice()
        self.assertTrue(self.clock(self.bad).noticed_at)

    def test_one_pause_that_can_not_be_audited_keeps_no_other(self):
        for ticket in (self.bad, self.good):
            self.answer(ticket)
            ticket.stage_id = self.stage_waiting
            self.unheard(ticket, "2026-03-04 12:00")
        self.later("2026-03-05 12:00")
        self.break_on(self.bad, "dcrm.sla.pause", "_count_back")
        with self.assertLogs("odoo.addons.dcrm_service", "ERROR"):
            self.run_cron("cron_audit_pauses")
        self.assertTrue(self.good.pause_ids.ended_at)
        self.assertFalse(self.bad.pause_ids.ended_at)

    def unheard(self, ticket, text):
        message = self.env["mail.message"].create(
            {
                "model": "dcrm.ticket",
                "res_id": ticket.id,
                "author_id": ticket.partner_id.id,
                "message_type": "email",
                "subtype_id": self.env.ref("mail.mt_comment").id,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_message SET create_date = %s WHERE id = %s",
            [utc(text), message.id],
        )

    def test_who_came_second_tries_again(self):
        """A conflict with somebody else does not end the run."""
        self.later("2026-03-05 12:00")
        clocks = self.registry["dcrm.sla.clock"]
        noticed, tries = clocks._breached, []

        def second(self):
            tries.append(self)
            if len(tries) == 1:
                raise SerializationFailure("somebody was first")
            return noticed(self)

        self.patch(clocks, "_breached", second)
        self.notice()
        self.assertEqual(len(tries), 2)
        self.assertTrue(self.clock(self.good).noticed_at)
        self.assertTrue(self.clock(self.bad).noticed_at)
