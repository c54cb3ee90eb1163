"""How a promise goes: kept, broken, noticed, told in words."""

from odoo.tests import tagged

from .common_sla import CourseCase, utc


@tagged("post_install", "-at_install")
class TestSlaCourse(CourseCase):
    def test_a_promise_is_kept(self):
        ticket = self.ticket(self.partner())
        self.assertEqual(self.states(ticket), ("running", "running"))
        self.later("2026-03-04 12:00")
        self.answer(ticket)
        self.assertEqual(ticket.first_response_at, utc("2026-03-04 12:00"))
        self.assertEqual(self.states(ticket), ("met", "running"))
        self.assertEqual(ticket.next_deadline, utc("2026-03-11 10:00"))
        self.later("2026-03-11 10:00")
        ticket.stage_id = self.stage_solved
        self.assertEqual(self.states(ticket), ("met", "met"))
        self.assertFalse(ticket.next_deadline)
        self.assertEqual(self.found(ticket), ["met"])
        self.assertNoViolations()

    def test_a_promise_is_broken_without_anybody_doing_anything(self):
        ticket = self.ticket(self.partner())
        self.later("2026-03-05 10:00")
        self.assertEqual(self.states(ticket), ("at_risk", "running"))
        self.assertFalse(ticket.is_late)
        self.later("2026-03-05 10:01")
        self.assertEqual(self.states(ticket), ("breached", "running"))
        self.assertTrue(ticket.is_late)
        self.assertEqual(self.found(ticket), ["breached"])
        late = self.env["dcrm.ticket"].search([("is_late", "=", True)])
        self.assertIn(ticket, late)
        self.answer(ticket)
        self.assertEqual(self.states(ticket), ("breached", "running"))
        # It was late, and is not any more.
        self.assertFalse(ticket.is_late)
        on_time = self.env["dcrm.ticket"].search([("is_late", "=", False)])
        self.assertIn(ticket, on_time)
        self.assertNoViolations()

    def test_every_state_is_found_by_search(self):
        running = self.ticket(self.partner())
        self.everyone.active = False
        free = self.ticket(self.partner())
        self.everyone.active = True
        met = self.ticket(self.partner(), stage_id=self.stage_solved.id)
        self.assertEqual(self.found(running), ["running"])
        self.assertEqual(self.found(free), [False])
        self.assertEqual(self.found(met), ["met"])
        self.later("2026-04-04 10:00")
        self.assertEqual(self.found(running), ["breached"])
        for ticket, states in ((running, ["breached"]), (met, ["met"])):
            clock = self.clock(ticket)
            self.assertEqual(self.found(clock, clock._name, "state"), states)

    def test_nothing_is_met_at_birth(self):
        """Not without a stage, either."""
        for stage in (self.stage_new, self.env["dcrm.ticket.stage"]):
            ticket = self.ticket(self.partner(), stage_id=stage.id)
            self.assertFalse(ticket.closed_at)
            self.assertFalse(ticket.first_response_at)
            self.assertEqual(self.states(ticket), ("running", "running"))

    def test_a_deadline_that_has_passed_is_noticed_once(self):
        ticket = self.ticket(self.partner())

        def notes():
            return [
                each.body for each in ticket.message_ids if " was due " in each.body
            ]

        self.notice()
        self.assertFalse(notes())
        self.later("2026-03-06 10:00")
        self.notice()
        self.notice()
        [note] = notes()
        self.assertIn("nobody has answered", note)
        self.assertIn("5 Mar 2026 10:00 (Europe/Brussels)", note)
        self.later("2026-03-12 10:00")
        self.notice()
        self.assertEqual(len(notes()), 2)
        self.assertTrue(all(ticket.clock_ids.mapped("noticed_at")))

    def test_what_is_set_anew_is_noticed_anew(self):
        ticket = self.ticket(self.partner())
        self.later("2026-03-06 10:00")
        self.notice()
        self.everyone.first_response_hours = 24
        self.everyone.action_apply()
        self.assertFalse(self.clock(ticket).noticed_at)
        self.assertFalse(ticket.is_late)

    def test_the_deadline_in_words(self):
        ticket = self.ticket(self.partner()).with_context(tz="Europe/Brussels")
        words = self.clock(ticket)
        self.assertEqual(
            words.summary, "Answer due tomorrow at 10:00\u202fAM, in 24 hours."
        )
        self.assertIn("Everyone: 8 h from today at 10:00", words.explanation)
        self.assertIn("Hours of Company A (Europe/Brussels)", words.explanation)
        self.later("2026-03-05 12:30")
        self.assertIn("Answer was due today at 10:00", words.summary)
        self.assertIn("late", words.summary)
        self.answer(ticket)
        self.assertIn("Answered today at 12:30", words.summary)
        self.assertIn("late", words.summary)
        self.later("2026-03-09 12:30")
        ticket.stage_id = self.stage_solved
        self.assertIn("Solved today at 12:30", self.clock(ticket, "resolution").summary)
        self.assertIn("early", self.clock(ticket, "resolution").summary)
