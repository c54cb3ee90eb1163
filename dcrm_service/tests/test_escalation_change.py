"""What becomes of a ladder that is being climbed when things change."""

from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_escalation import DUE, EscalationCase


@tagged("post_install", "-at_install")
class TestEscalationChange(EscalationCase):
    def tearDown(self):
        self.assertNoViolations()
        super().tearDown()

    def move(self, ticket, **span):
        """Have a deadline be so much later, as by another policy."""
        clock = self.clock(ticket)
        values = {
            "policy_id": clock.policy_id.id,
            "deadline": clock.deadline + timedelta(**span),
        }
        self.env["dcrm.sla.clock"].sudo()._change([(clock, values)], "Moved")

    # -- deadlines -------------------------------------------------------------------

    def test_a_later_deadline(self):
        ticket = self.late()
        self.run_at("12:00")
        ticket.with_env(self.env_as("agent")).action_accept_escalation()
        self.run_at(DUE)
        self.assertEqual(self.asked(ticket), "seller")
        self.move(ticket, hours=2)
        self.run_at("13:05")
        # Neither the warning nor the seller would be told by now: both come again.
        self.assertEqual(
            self.said(ticket), [("owner", "obsolete"), ("seller", "obsolete")]
        )
        self.assertFalse(ticket.activity_ids)
        self.run_at("14:00")
        self.assertEqual(self.asked(ticket), "agent")
        self.run_at("15:00")
        self.assertEqual(self.asked(ticket), "seller")

    def test_a_deadline_that_moves_and_has_passed_all_the_same(self):
        ticket = self.late()
        self.run_at("13:30")
        self.assertEqual(self.asked(ticket), "seller")
        self.move(ticket, minutes=10)
        self.run_at("13:35")
        # Told is told.
        self.assertEqual(self.said(ticket), [("seller", "open")])

    def test_an_earlier_deadline(self):
        ticket = self.late()
        self.move(ticket, hours=-3)
        self.run_at("09:30")
        self.assertEqual(self.asked(ticket), "agent")
        self.run_at("10:00")
        self.assertEqual(self.asked(ticket), "seller")

    def test_what_is_not_promised_any_more(self):
        ticket = self.late()
        self.run_at(DUE)
        self.promise.active = False
        ticket.priority = "1"
        self.assertEqual(self.said(ticket), [("seller", "obsolete")])
        self.run_at("13:30")
        self.assertFalse(ticket.activity_ids)
        self.assertEqual(len(self.notices(ticket)), 1)

    # -- tickets ---------------------------------------------------------------------

    def test_a_closed_ticket_asks_nobody(self):
        ticket = self.late()
        self.run_at(DUE)
        ticket.stage_id = self.stage_solved
        self.assertEqual(self.said(ticket), [("seller", "obsolete")])
        self.assertFalse(ticket.activity_ids)
        self.assertFalse(ticket.escalation_state)
        self.assertFalse(ticket.escalated_to_id)
        with self.assertRaisesRegex(UserError, "over already"):
            self.notices(ticket).with_env(self.env_as("seller")).action_accept()
        self.run_at("2026-03-05 12:00:00")
        self.assertEqual(len(self.notices(ticket)), 1)

    def test_an_answer_ends_it(self):
        ticket = self.late()
        self.run_at(DUE)
        ticket.with_env(self.env_as("agent")).with_context(
            mail_notify_force_send=False
        ).message_post(
            body="We are on it",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=ticket.partner_id.ids,
        )
        self.assertTrue(ticket.first_response_at)
        self.assertEqual(self.said(ticket), [("seller", "obsolete")])
        self.assertFalse(ticket.activity_ids)

    def test_what_was_accepted_is_over_when_the_ticket_is_closed(self):
        ticket = self.late()
        self.run_at(DUE)
        ticket.with_env(self.env_as("seller")).action_accept_escalation()
        self.assertTrue(ticket.activity_ids)
        ticket.stage_id = self.stage_solved
        self.assertFalse(ticket.activity_ids)
        self.assertEqual(self.said(ticket), [("seller", "accepted")])
        self.assertFalse(ticket.escalation_state)

    def test_opened_again(self):
        self.promise.write({"first_response_hours": 0, "resolution_hours": 4})
        told, accepted = self.late(), self.late()
        self.run_at(DUE)
        accepted.with_env(self.env_as("seller")).action_accept_escalation()
        self.now("2026-03-04 13:10:00")
        (told | accepted).stage_id = self.stage_solved
        self.now("2026-03-05 09:00:00")
        (told | accepted).stage_id = self.stage_progress
        self.run_at()
        # Who had no chance to say anything is asked anew, who has it still does.
        self.assertEqual(self.said(told), [("seller", "obsolete"), ("seller", "open")])
        self.assertEqual(self.said(accepted), [("seller", "accepted")])
        self.assertEqual(accepted.escalated_to_id, self.users["seller"])
        self.run_at("2026-03-05 09:30:00")
        self.assertEqual(self.asked(told), "lead")
        # Eight working hours, without those that it was closed.
        self.run_at("2026-03-05 15:59:00")
        self.assertFalse(self.asked(accepted))
        self.run_at("2026-03-06 09:00:00")
        self.assertEqual(self.asked(accepted), "lead")

    def test_while_it_waits_for_the_customer(self):
        ticket = self.late()
        self.run_at(DUE)
        self.env["dcrm.sla.pause"].create(
            {
                "ticket_id": ticket.id,
                "started_at": "2026-03-04 13:10:00",
                "reason": "waiting",
            }
        )
        self.run_at("2026-03-05 12:00:00")
        self.assertEqual(self.asked(ticket), "seller")
        ticket.pause_ids.ended_at = "2026-03-05 12:00:00"
        # Of half an hour the seller had ten minutes.
        self.run_at("2026-03-05 12:19:00")
        self.assertEqual(self.asked(ticket), "seller")
        self.run_at("2026-03-05 12:20:00")
        self.assertEqual(self.asked(ticket), "lead")

    def test_a_clock_that_stands_still(self):
        ticket = self.late()
        self.run_at("12:00")
        clock = self.clock(ticket)
        clock.write({"deadline": False})
        self.assertFalse(clock.climb_at)
        self.run_at("15:00")
        self.assertEqual(self.said(ticket), [("owner", "open")])
        clock.write({"deadline": "2026-03-05 15:00:00"})
        self.run_at("15:10")
        self.assertEqual(self.said(ticket), [("owner", "obsolete")])
        self.run_at("2026-03-05 14:00:00")
        self.assertEqual(self.asked(ticket), "agent")
        # What the audit of deadlines knows of it, too.
        self.move(ticket, minutes=0)

    def test_who_puts_a_ticket_away_has_not_answered_it(self):
        ticket, begun = self.late(), self.late()
        ticket.with_env(self.env_as("agent")).active = False
        self.run_at(DUE)
        self.assertEqual(self.asked(ticket), "seller")
        begun.with_env(self.env_as("agent")).active = False
        self.run_at("14:00")
        for each in ticket | begun:
            self.assertEqual(self.asked(each), "lead")
        self.assertEqual(self.env["dcrm.audit"].run(), [])

    def test_merged_into_another(self):
        ticket, other = self.late(), self.late()
        self.run_at(DUE)
        ticket._merge_into(other)
        self.assertEqual(self.said(ticket), [("seller", "obsolete")])
        self.run_at("13:30")
        self.assertEqual(self.said(ticket), [("seller", "obsolete")])
        self.assertFalse(ticket.activity_ids)
        self.assertEqual(self.asked(other), "lead")

    def test_who_has_it_now_is_warned_instead(self):
        ticket = self.late()
        self.run_at("12:00")
        ticket.user_id = self.users["other_agent"]
        self.run_at("12:05")
        self.assertEqual(self.said(ticket), [("owner", "obsolete"), ("owner", "open")])
        self.assertEqual(self.asked(ticket), "other_agent")
        self.assertEqual(ticket.activity_ids.user_id, self.users["other_agent"])

    def test_another_team(self):
        other = self.make_team(
            "Second line", self.company_a, self.hours_a, lead_id=self.users["boss"].id
        )
        ticket = self.late()
        self.run_at(DUE)
        ticket.team_id = other
        self.run_at("13:05")
        # It has no ladder: nobody is asked any more.
        self.assertEqual(self.said(ticket), [("seller", "obsolete")])
        self.assertFalse(ticket.activity_ids)
        self.make_ladder(other, [("at", 0, "lead", 30)])
        self.run_at("13:10")
        self.assertEqual(self.asked(ticket), "boss")

    # -- ladders ---------------------------------------------------------------------

    def test_a_step_that_is_deleted(self):
        ticket = self.late()
        self.run_at(DUE)
        self.ladder.step_ids.filtered(lambda step: step.role == "seller").unlink()
        self.run_at("13:29")
        self.assertEqual(self.asked(ticket), "seller")
        self.run_at("13:30")
        self.assertEqual(self.asked(ticket), "lead")
        self.assertEqual(self.said(ticket)[0], ("seller", "expired"))

    def test_a_step_that_is_added(self):
        ticket = self.late()
        self.run_at("13:00")
        self.run_at("13:30")
        self.assertEqual(self.asked(ticket), "lead")
        person = self.users["other_agent"]
        new = {"role": "user", "user_id": person.id, "timer_minutes": 5}
        self.ladder.step_ids = [
            # Below who was told, where nobody climbs down to, and above.
            Command.create({**new, "sequence": 1}),
            Command.create({**new, "sequence": 150}),
        ]
        self.run_at("14:00")
        self.assertEqual(self.asked(ticket), "boss")
        self.run_at("15:00")
        self.run_at("16:00")
        self.assertEqual(self.asked(ticket), "other_agent")
        self.assertEqual(
            [role for role, _state in self.said(ticket)],
            ["seller", "lead", "manager", "sponsor", "user"],
        )

    def test_a_ladder_that_comes_when_it_is_late_already(self):
        self.ladder.active = False
        ticket = self.late()
        self.run_at("14:00")
        self.assertFalse(self.notices(ticket))
        self.ladder.active = True
        self.run_at("14:01")
        # Nobody is warned of what has come.
        self.assertEqual(self.said(ticket), [("seller", "open")])

    def test_a_ladder_that_is_archived_asks_nobody(self):
        ticket = self.late()
        self.run_at(DUE)
        self.ladder.active = False
        self.run_at("13:30")
        self.assertEqual(self.said(ticket), [("seller", "obsolete")])
        self.assertFalse(ticket.activity_ids)
        self.assertFalse(self.clock(ticket).climb_at)

    def test_a_ladder_that_was_climbed_is_not_deleted(self):
        unused = self.make_ladder(value_class="c")
        unused.unlink()
        self.late()
        self.run_at(DUE)
        with self.assertRaisesRegex(UserError, "archive it"):
            self.ladder.unlink()

    def test_what_a_ladder_may_say(self):
        for values, words in (
            ({"hold_hours": -1}, "hours to act"),
            ({"hold_hours": float("nan")}, "hours to act"),
            ({"hold_hours": 1e308}, "hours to act"),
        ):
            with self.assertRaisesRegex(ValidationError, words), self.cr.savepoint():
                self.ladder.write(values)
        step = self.ladder.step_ids[0]
        for values, words in (
            ({"timing": "before", "minutes": 0}, "how many minutes before"),
            ({"timing": "after", "minutes": -5}, "how many minutes before"),
            ({"timing": "after", "minutes": 10**7}, "how many minutes before"),
            ({"timer_minutes": 0}, "to accept"),
            ({"role": "user"}, "which person"),
        ):
            with self.assertRaisesRegex(ValidationError, words), self.cr.savepoint():
                step.write(values)

    def test_one_ladder_for_a_class(self):
        with self.assertRaises(Exception) as caught, self.cr.savepoint():
            self.make_ladder()
            self.env.flush_all()
        self.assertIn("unique_class", str(caught.exception))
        self.make_ladder(value_class="a")

    # -- what goes wrong -------------------------------------------------------------

    def test_one_that_can_not_be_climbed_does_not_keep_others(self):
        bad, good = self.late(), self.late()
        notices = self.registry["dcrm.escalation.notice"]
        tell = notices._tell

        def break_on_bad(self):
            if bad in self.ticket_id:
                raise ValueError("broken")
            return tell(self)

        self.patch(notices, "_tell", break_on_bad)
        with self.assertLogs("odoo.addons.dcrm_service", "ERROR"):
            self.run_at(DUE)
        self.assertFalse(self.notices(bad))
        self.assertEqual(self.asked(good), "seller")
        self.patch(notices, "_tell", tell)
        self.run_at("13:10")
        self.assertFalse(self.notices(bad))
        self.run_at("14:00")
        self.assertEqual(self.asked(bad), "seller")
