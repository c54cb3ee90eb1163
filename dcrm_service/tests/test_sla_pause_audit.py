"""Time that was paused although the customer had answered counts back."""

from odoo.tests import tagged

from .common_sla import PauseCase, utc


@tagged("post_install", "-at_install")
class TestSlaPauseAudit(PauseCase):
    def test_told_late_it_counts_back(self):
        self.wait()
        self.later("2026-03-09 12:00")
        self.interaction("2026-03-05 12:00")
        [pause] = self.asked.pause_ids
        self.assertEqual(pause.ended_at, utc("2026-03-05 12:00"))
        self.assertEqual(pause.corrected_at, utc("2026-03-09 12:00"))
        self.assertEqual(pause.ended_before, utc("2026-03-09 12:00"))
        self.assertEqual(pause.hours_back, 96)
        self.assertEqual(self.solution().deadline, utc("2026-03-12 10:00"))
        self.assertNoViolations()

    def test_told_of_what_we_have_answered_since_changes_nothing(self):
        self.wait()
        self.later("2026-03-06 12:00")
        self.answer(self.asked)
        self.interaction("2026-03-03 12:00")
        self.assertEqual(self.solution().state, "paused")
        self.assertFalse(self.asked.pause_ids.corrected_at)

    def unheard(self, text, author=None, **values):
        """Write a message into the thread that nothing has noticed."""
        message = self.env["mail.message"].create(
            {
                "model": "dcrm.ticket",
                "res_id": self.asked.id,
                "author_id": (author or self.asked.partner_id).id,
                "message_type": "email",
                "subtype_id": self.env.ref("mail.mt_comment").id,
                **values,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_message SET create_date = %s WHERE id = %s",
            [utc(text), message.id],
        )
        return message

    def violations(self):
        self.env.flush_all()
        return {each["invariant"] for each in self.env["dcrm.audit"].run()}

    def test_the_audit_finds_an_answer_that_nobody_noticed(self):
        self.wait()
        self.unheard("2026-03-05 12:00")
        self.later("2026-03-09 12:00")
        self.assertEqual(self.violations(), {"pauses_end_with_answers"})
        self.run_cron("cron_audit_pauses")
        [pause] = self.asked.pause_ids
        self.assertEqual(pause.ended_at, utc("2026-03-05 12:00"))
        self.assertEqual(pause.hours_back, 96)
        self.assertEqual(self.solution().deadline, utc("2026-03-12 10:00"))
        self.assertEqual(self.asked.stage_id, self.stage_progress)
        self.assertNoViolations()
        before = pause.read()
        self.run_cron("cron_audit_pauses")
        self.assertEqual(pause.read(), before)

    def test_the_audit_of_a_pause_that_has_ended(self):
        self.wait()
        self.later("2026-03-09 12:00")
        self.asked.stage_id = self.stage_progress
        self.unheard("2026-03-05 12:00")
        self.assertEqual(self.solution().deadline, utc("2026-03-16 10:00"))
        self.run_cron("cron_audit_pauses")
        self.assertEqual(self.solution().deadline, utc("2026-03-12 10:00"))
        self.assertIn(
            "time paused since then counts", self.changes(self.solution())[-1]
        )
        self.assertNoViolations()

    def test_the_audit_judges_what_was_solved_by_the_time_that_counts(self):
        self.wait()
        self.later("2026-03-18 12:00")
        self.asked.stage_id = self.stage_solved
        self.assertEqual(self.solution().state, "met")
        self.unheard("2026-03-05 12:00")
        self.run_cron("cron_audit_pauses")
        self.assertEqual(self.solution().state, "breached")
        self.assertEqual(self.solution().deadline, utc("2026-03-12 10:00"))
        self.assertNoViolations()

    def test_after_our_answer_it_was_paused_again(self):
        self.wait()
        self.unheard("2026-03-05 12:00")
        answer = self.unheard("2026-03-05 16:00", author=self.users["agent"].partner_id)
        self.env["mail.notification"].create(
            {
                "mail_message_id": answer.id,
                "res_partner_id": self.asked.partner_id.id,
                "notification_type": "email",
            }
        )
        self.later("2026-03-09 12:00")
        self.run_cron("cron_audit_pauses")
        self.assertEqual(len(self.asked.pause_ids), 2)
        first, second = self.asked.pause_ids
        self.assertEqual(first.ended_at, utc("2026-03-05 12:00"))
        self.assertEqual(first.hours_back, 4)
        self.assertEqual(second.started_at, utc("2026-03-05 16:00"))
        self.assertFalse(second.ended_at)
        self.assertEqual(self.solution().remaining_hours, 34)
        self.assertNoViolations()

    def test_what_a_colleague_had_a_copy_of_was_no_answer(self):
        self.wait()
        colleague = self.users["other_agent"].partner_id
        colleague.email = "dee@ours.example"
        self.asked.email_cc = "Dee <dee@ours.example>"
        self.unheard("2026-03-05 12:00")
        answer = self.unheard("2026-03-05 16:00", author=self.users["agent"].partner_id)
        answer.outgoing_email_to = "dee@ours.example"
        self.later("2026-03-09 12:00")
        self.run_cron("cron_audit_pauses")
        [pause] = self.asked.pause_ids
        self.assertEqual(pause.ended_at, utc("2026-03-05 12:00"))
        self.assertEqual(self.solution().state, "running")
        answer.outgoing_email_to = self.asked.partner_id.email
        self.assertTrue(self.asked._has_reached_customer(answer))

    def test_a_pause_of_long_ago_is_not_looked_at_any_more(self):
        self.wait()
        self.later("2026-03-09 12:00")
        self.asked.stage_id = self.stage_progress
        self.unheard("2026-03-05 12:00")
        self.later("2026-04-09 13:00")
        self.assertNoViolations()
        self.run_cron("cron_audit_pauses")
        self.assertFalse(self.asked.pause_ids.corrected_at)

    def test_a_rating_asks_nothing_now_or_later(self):
        self.wait()
        self.later("2026-03-05 12:00")
        self.company_a.interaction_capture_ratings = True
        token = self.asked._rating_get_access_token()
        self.asked.rating_apply(5, token=token, feedback="Quick so far")
        self.env.flush_all()
        rated = self.env["dcrm.interaction"].search(
            [("ticket_id", "=", self.asked.id), ("res_model", "=", "rating.rating")]
        )
        self.assertTrue(rated)
        self.later("2026-03-09 12:00")
        self.assertNoViolations()
        self.run_cron("cron_audit_pauses")
        self.assertEqual(self.solution().state, "paused")
        self.assertFalse(self.asked.customer_waits_since)

    def test_the_senders_date_counts_for_nothing(self):
        """An e-mail counts from when it came in, not from when it says it was sent."""
        self.wait()
        self.later("2026-03-09 12:00")
        self.asked.stage_id = self.stage_progress
        self.unheard("2026-03-09 12:01", date=utc("2026-03-05 12:00"))
        due = self.solution().deadline
        self.run_cron("cron_audit_pauses")
        self.assertEqual(self.solution().deadline, due)
        self.assertFalse(self.asked.pause_ids.corrected_at)
        self.assertNoViolations()

    def test_notes_and_our_own_words_end_no_pause(self):
        self.wait()
        self.unheard("2026-03-05 12:00", author=self.users["agent"].partner_id)
        self.unheard("2026-03-05 13:00", subtype_id=self.env.ref("mail.mt_note").id)
        self.unheard("2026-03-05 14:00", message_type="notification")
        self.later("2026-03-09 12:00")
        self.assertNoViolations()
        self.run_cron("cron_audit_pauses")
        self.assertFalse(self.asked.pause_ids.ended_at)
