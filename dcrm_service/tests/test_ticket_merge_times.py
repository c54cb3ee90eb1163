"""Whom the merged tickets let wait since when: no promise is kept or broken twice."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_merge import MergeCase


@tagged("post_install", "-at_install")
class TestTicketMergeTimes(MergeCase):
    def waiting_since(self, hours, **values):
        opened_at = fields.Datetime.now() - timedelta(hours=hours)
        return self.ticket(self.jan, opened_at=opened_at, **values)

    def test_the_customer_waits_since_the_first_of_them(self):
        old, new = self.waiting_since(30), self.waiting_since(2)
        old._answered(old.opened_at + timedelta(minutes=5))
        opened_at, answered_at = old.opened_at, old.first_response_at
        self.merge(old | new, new)
        self.assertEqual(new.opened_at, opened_at)
        self.assertEqual(new.first_response_at, answered_at)
        self.assertEqual(
            new.resolution_deadline,
            self.ticket(self.jan, opened_at=opened_at).resolution_deadline,
        )
        self.assertNoViolations()

    def test_nothing_is_kept_or_broken_twice(self):
        old, new = self.waiting_since(300), self.waiting_since(1)
        old._answered(fields.Datetime.now() - timedelta(hours=299, minutes=55))
        self.merge(old | new, new)
        self.assertFalse(old.clock_ids.filtered("deadline"))
        self.assertFalse(old.sla_state)
        reasons = old.sla_change_ids.mapped("reason")
        self.assertTrue(all(new.number in reason for reason in reasons))
        new.stage_id = self.stage_solved
        clocks = self.env["dcrm.sla.clock"].search(
            [("ticket_id", "in", (old | new).ids), ("state", "in", ("met", "breached"))]
        )
        self.assertEqual(clocks.ticket_id, new)
        self.assertEqual(len(clocks), 2)
        self.assertNoViolations()

    def test_a_promise_broken_before_stays_broken(self):
        old, late = self.waiting_since(500), self.waiting_since(400)
        old._answered(fields.Datetime.now() - timedelta(hours=499))
        answer = late.clock_ids.filtered(lambda each: each.target == "first_response")
        self.assertEqual(answer.state, "breached")
        self.merge(old | late, old)
        self.assertEqual(answer.state, "breached")

    def test_nor_is_it_mended_by_one_that_was_answered_in_time(self):
        """Whoever opens another ticket and answers that has not answered this one."""
        late = self.waiting_since(400)
        broken = late.clock_ids
        self.assertEqual(set(broken.mapped("state")), {"breached"})
        new = self.waiting_since(0)
        new._answered()
        self.merge(late | new, new)
        answer, solution = (
            broken.filtered(lambda each, target=target: each.target == target)
            for target in ("first_response", "resolution")
        )
        self.assertEqual(answer.state, "breached")
        # The solution is late in the other from now on, and not twice.
        self.assertFalse(solution.state)
        self.assertEqual(self.clock(new, "resolution").state, "breached")
        self.assertNoViolations()

    def test_nor_by_one_that_was_solved_in_time(self):
        late, new = self.waiting_since(400), self.waiting_since(0)
        broken = late.clock_ids.filtered(lambda each: each.target == "resolution")
        new.stage_id = self.stage_solved
        self.env.flush_all()
        self.merge(late | new, new)
        self.assertEqual(broken.state, "breached")
        self.assertNoViolations()

    def test_a_closing_without_a_word_is_no_answer_once_merged(self):
        asked, new = self.waiting_since(2), self.waiting_since(1)
        opened_at = asked.opened_at
        asked.stage_id = self.stage_solved
        new._answered()
        asked_clocks = asked.clock_ids
        self.merge(asked | new, new)
        # What was asked first counts, and it was answered with the other.
        self.assertEqual(new.opened_at, opened_at)
        self.assertFalse(asked_clocks.policy_id)
        self.assertNoViolations()

    def test_what_did_not_count_does_not_by_a_merge(self):
        self.bistro.user_id = self.users["seller"]
        asked, new = self.waiting_since(3), self.waiting_since(2)
        talk = self.log("seller", partner=self.mia, ticket_id=asked.id, direction="out")
        self.assertFalse(talk.is_heard)
        self.merge(asked | new, new)
        self.assertEqual(talk.ticket_id, new)
        self.assertFalse(talk.is_heard)
        self.assertFalse(new.first_response_at)
        self.assertNoViolations()

    def clock(self, ticket, target):
        return ticket.clock_ids.filtered(
            lambda clock: clock.target == target and not clock.reached_at
        )

    def test_who_was_not_answered_in_one_of_them_waits_in_the_other(self):
        self.policy.next_response_hours = 2
        old, new = self.waiting_since(30), self.waiting_since(3)
        old._answered(old.opened_at + timedelta(minutes=5))
        asked_at = new.opened_at
        self.merge(old | new, old)
        self.assertEqual(old.customer_waits_since, asked_at)
        self.assertEqual(self.clock(old, "next_response").started_at, asked_at)
        self.assertFalse(self.clock(new, "first_response").deadline)
        self.assertNoViolations()

    def test_what_waits_for_the_customer_goes_on_where_the_customer_asked(self):
        old, new = self.waiting_since(30), self.waiting_since(3)
        old._answered(old.opened_at + timedelta(minutes=5))
        old.stage_id = self.stage_waiting
        self.assertFalse(self.clock(old, "resolution").deadline)
        self.merge(old | new, old)
        self.assertTrue(self.clock(old, "resolution").deadline)
        self.assertFalse(old.stage_id.is_waiting)
        self.assertNoViolations()

    def test_what_waited_for_the_customer_holds_nothing_once_merged(self):
        self.policy.next_response_hours = 2
        old, new = self.waiting_since(30), self.waiting_since(3)
        old._answered(old.opened_at + timedelta(minutes=5))
        old.stage_id = self.stage_waiting
        self.merge(old | new, new)
        self.assertFalse(old.clock_ids.policy_id)
        self.assertTrue(self.clock(new, "resolution").deadline)
        self.assertEqual(self.clock(new, "next_response").state, "running")
        self.assertNoViolations()

    def test_pauses_from_before_count_for_the_one_that_lives(self):
        old, new = self.waiting_since(100), self.waiting_since(2)
        start = old.opened_at + timedelta(hours=1)
        self.env["dcrm.sla.pause"].create(
            {
                "ticket_id": old.id,
                "started_at": start,
                "ended_at": fields.Datetime.now(),
            }
        )
        until = new.opened_at
        self.merge(old | new, new)
        [pause] = new.pause_ids
        self.assertEqual((pause.started_at, pause.ended_at), (start, until))
        self.assertNoViolations()

    def test_merged_into_a_closed_one_somebody_still_waits(self):
        self.first.stage_id = self.stage_solved
        self.merge(self.first | self.second, self.first)
        self.assertFalse(self.first.closed_at)
        self.assertEqual(self.first.reopened_count, 1)
        self.assertNoViolations()

    def test_closed_ones_keep_their_times(self):
        self.second.stage_id = self.stage_solved
        closed_at = self.second.closed_at
        opened_at = self.first.opened_at
        self.merge(self.first | self.second, self.first)
        self.assertEqual(self.second.closed_at, closed_at)
        self.assertEqual(self.first.opened_at, opened_at)
        self.assertNoViolations()
