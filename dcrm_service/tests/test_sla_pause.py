"""Clocks stand still while the ticket waits for the customer, and no longer."""

from odoo.tests import tagged

from .common_sla import PauseCase, utc


@tagged("post_install", "-at_install")
class TestSlaPause(PauseCase):
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
