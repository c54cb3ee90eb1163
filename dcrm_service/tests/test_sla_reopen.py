"""Opening a ticket again counts for no deadline, and takes nothing back."""

from odoo.tests import tagged

from .common_sla import CourseCase, utc


@tagged("post_install", "-at_install")
class TestSlaReopen(CourseCase):
    def test_opening_again_takes_the_closing_back(self):
        ticket = self.ticket(self.partner())
        self.later("2026-03-04 12:00")
        ticket.stage_id = self.stage_solved
        self.assertEqual(ticket.closed_at, utc("2026-03-04 12:00"))
        self.later("2026-03-06 09:00")
        ticket.stage_id = self.stage_progress
        self.assertFalse(ticket.closed_at)
        self.assertEqual(self.clock(ticket, "resolution").state, "running")
        # Thirty-eight hours were left, and have been left alone meanwhile.
        self.assertEqual(ticket.resolution_deadline, utc("2026-03-12 15:00"))
        change = self.clock(ticket, "resolution").change_ids
        self.assertEqual(change.reason, "Opened again")
        self.assertEqual(change.deadline_before, utc("2026-03-11 10:00"))
        self.assertEqual(ticket.pause_ids.started_at, utc("2026-03-04 12:00"))
        self.assertNoViolations()

    def test_a_closing_that_is_undone_was_no_answer(self):
        ticket = self.ticket(self.partner())
        self.later("2026-03-04 12:00")
        ticket.stage_id = self.stage_solved
        self.assertEqual(self.clock(ticket).state, "met")
        self.later("2026-03-04 12:01")
        ticket.stage_id = self.stage_progress
        self.assertFalse(ticket.first_response_at)
        self.assertEqual(self.clock(ticket).state, "running")
        self.assertEqual(self.clock(ticket).deadline, utc("2026-03-05 10:01"))
        self.later("2026-03-06 10:00")
        self.assertEqual(self.kept_in_report(ticket), [0.0])
        self.answer(ticket)
        self.assertEqual(self.clock(ticket).state, "breached")
        self.assertEqual(self.kept_in_report(ticket), [0.0])
        self.assertNoViolations()

    def test_who_was_answered_after_a_closing_that_is_undone(self):
        """The first answer counts, and not when it was said that it is done."""
        self.everyone.first_response_hours = 4
        ticket = self.ticket(self.partner())
        self.later("2026-03-04 13:50")
        ticket.stage_id = self.stage_solved
        for day in (5, 6):
            self.later(f"2026-03-{day:02} 16:00")
            self.answer(ticket)
        self.assertEqual(self.clock(ticket).state, "met")
        ticket.stage_id = self.stage_progress
        self.assertEqual(ticket.first_response_at, utc("2026-03-05 16:00"))
        self.assertEqual(self.clock(ticket).state, "breached")
        self.assertEqual(self.kept_in_report(ticket), [0.0])
        self.assertNoViolations()

    def test_who_was_answered_and_told_it_is_done_at_once(self):
        ticket = self.ticket(self.partner())
        self.later("2026-03-04 13:50")
        self.answer(ticket)
        ticket.stage_id = self.stage_solved
        self.later("2026-03-05 16:00")
        self.answer(ticket)
        ticket.stage_id = self.stage_progress
        self.assertEqual(ticket.first_response_at, utc("2026-03-04 13:50"))
        self.assertEqual(self.kept_in_report(ticket), [1.0])

    def test_who_was_answered_stays_answered(self):
        ticket = self.ticket(self.partner())
        self.later("2026-03-04 11:00")
        self.answer(ticket)
        self.later("2026-03-04 12:00")
        ticket.stage_id = self.stage_solved
        self.later("2026-03-09 12:00")
        self.write_as_customer(ticket)
        self.assertEqual(ticket.stage_id, self.stage_progress)
        self.assertEqual(ticket.first_response_at, utc("2026-03-04 11:00"))
        self.assertEqual(self.kept_in_report(ticket), [1.0])
        self.assertNoViolations()

    def test_who_writes_again_and_was_never_answered_waits_for_the_first_answer(self):
        self.everyone.next_response_hours = 4
        ticket = self.ticket(self.partner())
        self.later("2026-03-04 12:00")
        ticket.stage_id = self.stage_solved
        self.later("2026-03-09 12:00")
        self.write_as_customer(ticket)
        self.assertFalse(ticket.first_response_at)
        self.assertFalse(self.clock(ticket, "next_response"))
        self.assertEqual(ticket.next_deadline, utc("2026-03-10 10:00"))
        self.assertNoViolations()

    def kept_in_report(self, ticket):
        """Return whether the answer counts as kept, or nothing while it is open."""
        self.env.flush_all()
        lines = self.env["dcrm.sla.report"].search(
            [("ticket_id", "=", ticket.id), ("target", "=", "first_response")]
        )
        return lines.mapped("kept")

    def test_opening_again_and_again(self):
        ticket = self.ticket(self.partner())
        for day in (5, 9, 11):
            self.later(f"2026-03-{day:02} 10:00")
            ticket.stage_id = self.stage_solved
            self.later(f"2026-03-{day:02} 15:00")
            ticket.stage_id = self.stage_progress
        self.assertEqual(len(ticket.pause_ids), 3)
        # Forty hours were promised, and fifteen did not count.
        self.assertEqual(ticket.resolution_deadline, utc("2026-03-12 17:00"))
        self.assertNoViolations()

    def test_what_was_late_stays_late_when_it_is_opened_again(self):
        ticket = self.ticket(self.partner())
        self.later("2026-03-20 10:00")
        ticket.stage_id = self.stage_solved
        self.later("2026-03-25 10:00")
        ticket.stage_id = self.stage_progress
        self.assertEqual(ticket.resolution_deadline, utc("2026-03-11 10:00"))
        self.assertTrue(ticket.is_late)
        self.assertNoViolations()

    def test_the_first_solution_stays_what_it_was(self):
        ticket = self.ticket(self.partner())
        clock = self.clock(ticket, "resolution")
        self.later("2026-03-04 12:00")
        ticket.stage_id = self.stage_solved
        self.later("2026-03-06 09:00")
        ticket.stage_id = self.stage_progress
        self.assertEqual(clock.first_reached_at, utc("2026-03-04 12:00"))
        self.assertEqual(clock.first_deadline, utc("2026-03-11 10:00"))
        self.assertFalse(clock.first_missed)
        self.assertEqual(clock.reopened, 1)
        self.later("2026-03-20 12:00")
        ticket.stage_id = self.stage_solved
        self.assertTrue(clock.missed)
        self.assertFalse(clock.first_missed)
        self.assertEqual(clock.first_reached_at, utc("2026-03-04 12:00"))
        self.assertEqual(clock.reached_at, utc("2026-03-20 12:00"))
        # Nobody had been answered the first time.
        self.assertEqual(self.clock(ticket).first_reached_at, utc("2026-03-20 12:00"))
        self.assertNoViolations()

    def test_a_closing_that_is_corrected_is_the_first(self):
        ticket = self.ticket(self.partner(), opened_at=utc("2026-03-02 10:00"))
        ticket.stage_id = self.stage_solved
        ticket.closed_at = utc("2026-03-03 10:00")
        clock = self.clock(ticket, "resolution")
        self.assertEqual(clock.first_reached_at, utc("2026-03-03 10:00"))
