"""Who writes again after an answer is promised the next one."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_sla import CourseCase, utc

DUE = "next_response"


@tagged("post_install", "-at_install")
class TestSlaNextResponse(CourseCase):
    def setUp(self):
        super().setUp()
        self.everyone.next_response_hours = 4
        self.asked = self.ticket(self.partner())

    def test_before_the_first_answer_only_that_is_due(self):
        self.write_as_customer(self.asked)
        self.assertFalse(self.clock(self.asked, DUE))
        self.assertFalse(self.asked.customer_waits_since)
        self.answer(self.asked)
        self.assertFalse(self.clock(self.asked, DUE))

    def test_the_next_answer_is_due_from_the_customers_word(self):
        self.answer(self.asked)
        self.later("2026-03-04 15:00")
        self.write_as_customer(self.asked)
        self.assertEqual(self.asked.next_response_deadline, utc("2026-03-05 11:00"))
        self.assertEqual(self.asked.next_deadline, utc("2026-03-05 11:00"))
        clock = self.clock(self.asked, DUE)
        self.assertEqual(clock.started_at, utc("2026-03-04 15:00"))
        self.assertIn("Everyone (4 h) for every ticket", clock.reason)
        self.later("2026-03-05 10:30")
        self.answer(self.asked)
        self.assertEqual(clock.reached_at, utc("2026-03-05 10:30"))
        self.assertEqual(clock.state, "met")
        self.assertFalse(self.asked.next_response_deadline)
        self.assertEqual(self.asked.next_deadline, self.asked.resolution_deadline)
        self.assertNoViolations()

    def test_several_messages_in_a_row_are_one_wait(self):
        self.answer(self.asked)
        for hour in (11, 12, 13):
            self.later(f"2026-03-04 {hour}:00")
            self.write_as_customer(self.asked)
        clock = self.clock(self.asked, DUE)
        self.assertEqual(len(clock), 1)
        self.assertEqual(clock.started_at, utc("2026-03-04 11:00"))

    def test_each_wait_is_a_clock_of_its_own(self):
        for day in (4, 5, 6):
            self.later(f"2026-03-{day:02} 12:00")
            self.answer(self.asked)
            self.later(f"2026-03-{day:02} 13:00")
            self.write_as_customer(self.asked)
        clocks = self.clock(self.asked, DUE)
        self.assertEqual(len(clocks), 3)
        # Four hours end at 17:00, and the answer came at noon of the next day.
        self.assertEqual(
            clocks.sorted("id").mapped("state"), ["breached", "breached", "running"]
        )
        self.assertEqual(len(clocks.filtered(lambda clock: not clock.reached_at)), 1)
        shown = self.asked.shown_clock_ids
        self.assertEqual(len(shown & clocks), 1)
        self.assertFalse((shown & clocks).reached_at)
        self.assertNoViolations()

    def test_notes_and_words_from_outside_answer_nothing(self):
        self.answer(self.asked)
        self.write_as_customer(self.asked)
        clock = self.clock(self.asked, DUE)
        self.asked.with_env(self.env_as("agent")).message_post(
            body="Who knows?", subtype_xmlid="mail.mt_note"
        )
        self.asked.message_post(
            body="Me, too.",
            author_id=self.partner().id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertFalse(clock.reached_at)

    def test_an_answer_too_late(self):
        self.answer(self.asked)
        self.write_as_customer(self.asked)
        self.later("2026-03-04 13:59")
        self.assertEqual(self.clock(self.asked, DUE).state, "at_risk")
        self.later("2026-03-04 14:01")
        self.assertEqual(self.asked.sla_state, "breached")
        self.assertTrue(self.asked.is_late)
        self.notice()
        [note] = [
            each.body
            for each in self.asked.message_ids
            if "wrote again" in (each.body or "")
        ]
        self.assertIn("4 Mar 2026 14:00 (Europe/Brussels)", note)
        self.answer(self.asked)
        self.assertTrue(self.clock(self.asked, DUE).missed)
        self.assertFalse(self.asked.is_late)

    def test_the_solution_is_an_answer(self):
        self.answer(self.asked)
        self.write_as_customer(self.asked)
        self.later("2026-03-04 11:00")
        self.asked.stage_id = self.stage_solved
        clock = self.clock(self.asked, DUE)
        self.assertEqual(clock.reached_at, utc("2026-03-04 11:00"))
        self.later("2026-03-04 13:00")
        self.write_as_customer(self.asked)
        self.assertFalse(self.asked.closed_at)
        anew = self.clock(self.asked, DUE) - clock
        self.assertEqual(anew.deadline, utc("2026-03-04 17:00"))
        self.assertEqual(clock.reached_at, utc("2026-03-04 11:00"))
        self.assertNoViolations()

    def close_and_open(self, hours=4):
        """Close a ticket of which the customer waits for the next answer, and undo it.

        Each is a call of its own: what it computes is in the database after it.
        """
        self.everyone.next_response_hours = hours
        self.answer(self.asked)
        self.later("2026-03-04 11:00")
        self.write_as_customer(self.asked)
        for time, stage in (("12:00", self.stage_solved), ("13:00", False)):
            self.later(f"2026-03-04 {time}")
            asked = self.asked.with_env(self.env_as("agent"))
            asked.stage_id = stage or self.stage_progress
            self.env.flush_all()

    def test_a_closing_that_is_undone_was_no_answer(self):
        self.close_and_open()
        self.assertEqual(self.asked.customer_waits_since, utc("2026-03-04 11:00"))
        clock = self.clock(self.asked, DUE)
        self.assertEqual(clock.state, "running")
        # One hour did not count.
        self.assertEqual(clock.deadline, utc("2026-03-04 16:00"))
        self.later("2026-03-04 17:00")
        self.answer(self.asked)
        self.env.flush_all()
        line = self.env["dcrm.sla.report"].browse(clock.id)
        self.assertEqual((clock.state, line.kept), ("breached", 0.0))
        self.assertNoViolations()

    def test_nor_is_the_customer_waited_for_after_it(self):
        """Also where no next answer is promised: the solution is."""
        self.close_and_open(hours=0)
        self.asked.stage_id = self.stage_waiting
        self.assertEqual(self.clock(self.asked, "resolution").state, "running")
        self.assertNoViolations()

    def test_an_answer_given_elsewhere(self):
        self.answer(self.asked)
        self.later("2026-03-04 11:00")
        self.write_as_customer(self.asked)
        self.later("2026-03-04 12:00")
        # What was before the customer's word does not answer it.
        self.asked._answered(utc("2026-03-04 10:30"))
        self.assertFalse(self.clock(self.asked, DUE).reached_at)
        self.asked._answered(utc("2026-03-04 11:30"))
        self.assertEqual(
            self.clock(self.asked, DUE).reached_at, utc("2026-03-04 11:30")
        )

    def test_without_a_promise_there_is_no_clock(self):
        self.everyone.next_response_hours = 0
        self.answer(self.asked)
        self.write_as_customer(self.asked)
        self.assertFalse(self.clock(self.asked, DUE))
        self.assertTrue(self.asked.customer_waits_since)
        self.everyone.next_response_hours = 2
        self.everyone.action_apply()
        self.assertEqual(self.asked.next_response_deadline, utc("2026-03-04 12:00"))
        self.assertNoViolations()

    def test_policies_set_it_anew_while_it_runs(self):
        self.policy("Urgent", priority="3", next_response_hours=1)
        self.answer(self.asked)
        self.write_as_customer(self.asked)
        self.asked.priority = "3"
        self.assertEqual(self.asked.next_response_deadline, utc("2026-03-04 11:00"))
        self.answer(self.asked)
        self.asked.priority = "0"
        self.assertEqual(self.clock(self.asked, DUE).deadline, utc("2026-03-04 11:00"))

    def test_what_only_the_system_says(self):
        for role, field in (
            ("agent", "last_answer_at"),
            ("agent", "customer_waits_since"),
            ("agent", "value_class"),
            ("agent", "customer_danger_since"),
        ):
            with (
                self.subTest(field),
                self.assertRaises(AccessError),
                self.cr.savepoint(),
            ):
                self.asked.with_env(self.env_as(role))[field] = False
