"""Clocks stand still while the ticket waits for the customer, and no longer."""

from odoo.tests import tagged

from .common_sla import CourseCase, utc


@tagged("post_install", "-at_install")
class TestSlaPause(CourseCase):
    def setUp(self):
        super().setUp()
        self.asked = self.ticket(self.partner())
        self.answer(self.asked)

    def wait(self, text="2026-03-04 12:00"):
        self.later(text)
        self.asked.stage_id = self.stage_waiting

    def solution(self):
        return self.clock(self.asked, "resolution")

    def interaction(self, text, **values):
        return self.env["dcrm.interaction"].create(
            {
                "subject": "It leaks",
                "partner_id": self.asked.partner_id.id,
                "company_id": self.company_a.id,
                "date": utc(text),
                "direction": "in",
                "channel": "phone",
                "ticket_id": self.asked.id,
                **values,
            }
        )

    # -- standing still ----------------------------------------------------------------

    def test_nothing_is_due_while_it_waits(self):
        self.wait()
        clock = self.solution()
        self.assertEqual(clock.state, "paused")
        self.assertFalse(clock.deadline)
        self.assertEqual(clock.remaining_hours, 38)
        self.assertEqual(clock.paused_at, utc("2026-03-04 12:00"))
        self.assertEqual(clock.summary, "Solution waits for the customer: 38 h left.")
        self.assertFalse(self.asked.next_deadline)
        self.assertEqual(self.found(self.asked), ["paused"])
        self.assertEqual(self.found(clock, clock._name, "state"), ["paused"])
        self.later("2026-04-30 12:00")
        self.notice()
        self.assertFalse(self.asked.is_late)
        self.assertFalse(clock.noticed_at)
        self.assertNoViolations()

    def test_who_was_not_answered_yet_is_not_waited_for(self):
        fresh = self.ticket(self.partner())
        fresh.stage_id = self.stage_waiting
        self.assertEqual(self.states(fresh), ("running", "running"))
        self.later("2026-03-05 11:00")
        self.assertEqual(self.states(fresh), ("breached", "running"))
        self.assertTrue(fresh.is_late)
        self.assertNoViolations()

    def test_it_goes_on_where_it_stopped(self):
        self.wait()
        self.later("2026-03-09 12:00")
        self.asked.stage_id = self.stage_progress
        # Two of forty hours were used; three working days of eight did not count.
        self.assertEqual(self.solution().deadline, utc("2026-03-16 10:00"))
        self.assertEqual(self.solution().state, "running")
        self.assertFalse(self.solution().remaining_hours)
        self.assertEqual(
            self.changes(self.solution()),
            ["Waiting for the customer", "Does not wait for the customer"],
        )
        first = self.solution().change_ids.sorted("id")[0]
        self.assertEqual(first.deadline_before, utc("2026-03-11 10:00"))
        self.assertFalse(first.deadline)
        [pause] = self.asked.pause_ids
        self.assertEqual(
            (pause.reason, pause.started_at, pause.ended_at),
            ("waiting", utc("2026-03-04 12:00"), utc("2026-03-09 12:00")),
        )
        self.assertFalse(pause.corrected_at)
        self.assertNoViolations()

    def test_what_was_late_before_stays_late(self):
        self.wait("2026-03-20 12:00")
        self.assertEqual(self.solution().state, "breached")
        self.assertEqual(self.solution().deadline, utc("2026-03-11 10:00"))
        self.assertNoViolations()

    def test_solved_while_it_waits(self):
        self.wait()
        self.later("2026-03-06 12:00")
        self.asked.stage_id = self.stage_solved
        clock = self.solution()
        self.assertEqual(clock.state, "met")
        # Two days were waited.
        self.assertEqual(clock.deadline, utc("2026-03-13 10:00"))
        self.assertEqual(self.asked.pause_ids.ended_at, utc("2026-03-06 12:00"))
        self.assertNoViolations()

    def test_answered_while_it_waits(self):
        fresh = self.ticket(self.partner())
        fresh.stage_id = self.stage_waiting
        self.later("2026-03-04 15:00")
        self.answer(fresh)
        self.assertEqual(self.clock(fresh).state, "met")
        self.assertDue(fresh, "2026-03-05 10:00")
        solution = self.clock(fresh, "resolution")
        self.assertEqual(solution.state, "paused")
        self.assertEqual(solution.paused_at, utc("2026-03-04 15:00"))
        self.assertEqual(solution.remaining_hours, 35)
        self.assertNoViolations()

    def test_a_ticket_that_is_made_waiting(self):
        made = self.ticket(self.partner(), stage_id=self.stage_waiting.id)
        self.assertEqual(self.states(made), ("running", "running"))
        self.answer(made)
        self.assertEqual(self.states(made), ("met", "paused"))
        self.assertNoViolations()

    def test_opened_again_to_wait_without_an_answer(self):
        fresh = self.ticket(self.partner())
        fresh.stage_id = self.stage_solved
        fresh.stage_id = self.stage_waiting
        self.assertEqual(self.states(fresh), ("running", "running"))
        self.assertNoViolations()

    def test_a_stage_that_begins_to_be_one_of_waiting(self):
        self.asked.stage_id = self.stage_progress
        self.stage_progress.is_waiting = True
        self.assertEqual(self.solution().state, "paused")
        self.stage_progress.is_waiting = False
        self.assertEqual(self.solution().deadline, utc("2026-03-11 10:00"))
        self.assertNoViolations()

    def test_closed_opened_and_waiting_again(self):
        self.wait()
        self.later("2026-03-05 12:00")
        self.asked.stage_id = self.stage_solved
        self.later("2026-03-06 12:00")
        self.asked.stage_id = self.stage_waiting
        self.later("2026-03-09 12:00")
        self.asked.stage_id = self.stage_progress
        self.assertEqual(
            self.asked.pause_ids.mapped("reason"), ["waiting", "closed", "waiting"]
        )
        self.assertEqual(self.solution().deadline, utc("2026-03-16 10:00"))
        self.assertNoViolations()

    def test_priority_changes_while_it_waits(self):
        self.policy("Urgent", solution=8, priority="3")
        self.wait()
        self.asked.priority = "3"
        self.assertEqual(self.solution().remaining_hours, 6)
        self.later("2026-03-05 12:00")
        self.write_as_customer(self.asked)
        self.assertEqual(self.solution().deadline, utc("2026-03-06 10:00"))
        self.assertNoViolations()

    # -- going on by the customer's answer ---------------------------------------------

    def test_the_customers_message_goes_on(self):
        self.wait()
        self.later("2026-03-05 12:00")
        self.write_as_customer(self.asked)
        self.assertEqual(self.asked.stage_id, self.stage_progress)
        self.assertEqual(self.solution().deadline, utc("2026-03-12 10:00"))
        self.assertIn("The customer has answered", self.changes(self.solution()))
        self.assertNoViolations()

    def test_an_email_goes_on(self):
        self.asked.partner_id.email = "who@customer.example"
        self.wait()
        self.later("2026-03-05 12:00")
        sent = self.asked.message_ids.filtered("message_id")[0]
        self.env["mail.thread"].message_process(
            None,
            "From: who@customer.example\r\nTo: care@company.example\r\n"
            "Subject: Re\r\nMessage-Id: <s1@customer.example>\r\n"
            f"In-Reply-To: {sent.message_id}\r\n\r\nStill.".encode(),
        )
        self.assertEqual(self.solution().deadline, utc("2026-03-12 10:00"))
        self.assertNoViolations()

    def test_a_team_without_a_working_stage_goes_on_all_the_same(self):
        (self.stage_new | self.stage_progress).team_ids = self.team_b
        self.wait()
        self.later("2026-03-05 12:00")
        self.write_as_customer(self.asked)
        self.assertEqual(self.asked.stage_id, self.stage_waiting)
        self.assertEqual(self.solution().deadline, utc("2026-03-12 10:00"))
        # Our answer makes it wait again.
        self.later("2026-03-06 12:00")
        self.answer(self.asked)
        self.assertEqual(self.solution().state, "paused")
        self.assertNoViolations()

    def test_a_logged_call_goes_on(self):
        self.everyone.next_response_hours = 4
        self.wait()
        self.later("2026-03-05 12:00")
        self.interaction("2026-03-05 12:00")
        self.assertEqual(self.solution().deadline, utc("2026-03-12 10:00"))
        self.assertEqual(self.asked.stage_id, self.stage_progress)
        # We have talked: nobody waits for an answer.
        self.assertFalse(self.clock(self.asked, "next_response"))
        self.assertNoViolations()

    def test_a_letter_goes_on_and_waits_for_an_answer(self):
        self.everyone.next_response_hours = 4
        self.wait()
        self.later("2026-03-05 12:00")
        self.interaction("2026-03-05 11:00", channel="letter")
        clock = self.clock(self.asked, "next_response")
        self.assertEqual(clock.deadline, utc("2026-03-05 15:00"))
        self.assertNoViolations()

    def test_what_we_say_goes_on_with_nothing(self):
        self.wait()
        self.later("2026-03-05 12:00")
        self.interaction("2026-03-05 11:00", direction="out")
        self.answer(self.asked)
        self.assertEqual(self.solution().state, "paused")

    def test_who_waits_for_us_is_not_waited_for(self):
        """A stage does not stop the clock while the customer's word is the last."""
        self.later("2026-03-04 12:00")
        self.write_as_customer(self.asked)
        self.wait("2026-03-04 13:00")
        self.assertEqual(self.solution().state, "running")
        self.assertEqual(self.solution().deadline, utc("2026-03-11 10:00"))
        self.later("2026-03-04 14:00")
        self.answer(self.asked)
        self.assertEqual(self.solution().state, "paused")
        self.assertEqual(self.solution().paused_at, utc("2026-03-04 14:00"))
        self.assertNoViolations()

    # -- the audit of pauses -----------------------------------------------------------

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
