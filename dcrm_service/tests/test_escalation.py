"""Who is told when, who is passed over, and what they can say to it."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_escalation import DUE, EscalationCase

USUAL = ["owner", "seller", "lead", "manager", "sponsor", "end"]


@tagged("post_install", "-at_install")
class TestEscalation(EscalationCase):
    # -- the way up ------------------------------------------------------------------

    def test_nothing_happens_without_a_ladder(self):
        self.ladder.active = False
        ticket = self.late()
        self.assertFalse(self.clock(ticket).climb_at)
        self.run_at("2026-03-20 12:00:00")
        self.assertFalse(self.notices(ticket))
        self.assertFalse(ticket.activity_ids)
        self.assertNoViolations()

    def test_the_whole_way_up(self):
        ticket = self.late()
        self.run_at("11:59")
        self.assertFalse(self.notices(ticket))
        self.run_at("12:00")
        self.assertEqual(self.said(ticket), [("owner", "open")])
        self.run_at("12:59")
        self.assertEqual(self.asked(ticket), "agent")
        for minute, role in (
            ("13:00", "seller"),
            ("13:29", "seller"),
            ("13:30", "lead"),
            ("14:00", "boss"),
            ("15:00", "sponsor"),
        ):
            self.run_at(minute)
            self.assertEqual(self.asked(ticket), role, minute)
        # The team goes home at 16:00 UTC: an hour of it is the sponsor's.
        self.run_at("16:00")
        self.assertEqual(
            self.said(ticket),
            [(role, "expired") for role in USUAL[:-1]] + [("end", "open")],
        )
        self.assertEqual(ticket.escalation_state, "ended")
        self.run_at("2026-03-10 12:00:00")
        self.assertEqual(len(self.notices(ticket)), len(USUAL))
        self.assertNoViolations()

    def test_minutes_are_working_minutes_of_the_team(self):
        self.now("2026-03-04 12:50:00")
        ticket = self.late()
        # Due on Thursday at 8:50 UTC: what is an hour before is on Wednesday.
        self.assertEqual(str(self.clock(ticket).deadline), "2026-03-05 08:50:00")
        self.run_at("15:49")
        self.assertFalse(self.notices(ticket))
        self.run_at("15:50")
        self.assertEqual(self.asked(ticket), "agent")
        notice = self.notices(ticket)
        self.assertEqual(str(notice.expires_at), "2026-03-05 08:50:00")
        # At night nobody is passed by.
        self.run_at("2026-03-05 08:49:00")
        self.assertEqual(self.asked(ticket), "agent")
        self.run_at("2026-03-05 08:50:00")
        self.assertEqual(self.asked(ticket), "seller")

    def test_who_is_told_gets_a_note_and_a_todo(self):
        ticket = self.late()
        self.run_at("13:00")
        seller = self.users["seller"]
        [notice] = self.notices(ticket).filtered(lambda each: each.state == "open")
        activity = ticket.activity_ids
        self.assertEqual(activity, notice.activity_id)
        self.assertEqual(activity.user_id, seller)
        [note] = ticket.message_ids.filtered(
            lambda message: seller.partner_id in message.notified_partner_ids
        )
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        self.assertIn("Answer was due", note.body)
        self.assertIn("13:30", note.body.replace("14:30", "13:30"))
        mail = self.env["mail.mail"].search([("mail_message_id", "=", note.id)])
        self.assertEqual(mail.state, "outgoing")
        self.run_at("13:30")
        self.assertEqual(ticket.activity_ids.user_id, self.users["lead"])
        # A note to ourselves is no answer to the customer.
        self.assertFalse(ticket.first_response_at)

    def test_ladders_by_value_class(self):
        self.make_ladder(value_class="a", steps=[("at", 0, "manager", 30)])
        self.env["dcrm.customer.score"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company_a.id,
                "value_class": "a",
            }
        )
        rich, poor = self.late(), self.late(partner=self.partner(seller="seller"))
        self.run_at(DUE)
        self.assertEqual(self.asked(rich), "boss")
        self.assertEqual(self.asked(poor), "seller")

    def test_a_class_that_has_no_ladder_does_not_climb(self):
        self.ladder.value_class = "a"
        ticket = self.late()
        self.run_at(DUE)
        self.assertFalse(self.notices(ticket))
        self.assertNoViolations()
        score = self.env["dcrm.customer.score"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company_a.id,
                "value_class": "a",
            }
        )
        self.env["dcrm.ticket"]._follow_customers(self.company_a)
        # It is looked at anew every day.
        self.run_at("2026-03-05 13:00:00")
        self.assertEqual(self.asked(ticket), "seller")
        # Who has begun to climb goes on, whatever becomes of the class.
        score.value_class = "b"
        self.run_at("2026-03-05 13:30:00")
        self.assertEqual(self.asked(ticket), "lead")

    # -- who is passed over ----------------------------------------------------------

    def test_who_is_absent_is_passed_over(self):
        ticket = self.late()
        self.absent("agent")
        self.absent("seller")
        self.run_at("12:00")
        # Nobody is there to be warned: the next is told at once.
        self.assertEqual(
            self.said(ticket),
            [("owner", "skipped"), ("seller", "skipped"), ("lead", "open")],
        )
        reasons = self.notices(ticket).mapped("reason")
        self.assertEqual(reasons, ["absent", "absent", False])
        self.assertNoViolations()

    def test_why_somebody_is_passed_over(self):
        nobody = self.users["nobody"]
        cases = {
            "nobody": self.env["res.users"],
            "archived": self.make_user("gone", "base.group_user", self.company_a),
            "company": self.users["agent_b"],
            "no_access": nobody,
        }
        cases["archived"].active = False
        for reason, user in cases.items():
            with self.subTest(reason):
                # Past what the form would refuse: people leave later.
                self.env.cr.execute(
                    "UPDATE res_partner SET user_id = %s WHERE id = %s",
                    [user.id or None, self.customer.id],
                )
                self.env.invalidate_all()
                ticket = self.late()
                self.run_at(DUE)
                self.assertEqual(
                    self.said(ticket), [("seller", "skipped"), ("lead", "open")]
                )
                self.assertEqual(self.notices(ticket)[0].reason, reason)
                self.now("2026-03-04 09:00:00")

    def test_a_seller_of_others_may_not_read_it(self):
        self.team_a.lead_id = self.users["other_seller"]
        ticket = self.late()
        self.run_at("13:30")
        self.assertEqual(
            self.said(ticket),
            [("seller", "open")],
        )
        self.run_at("14:00")
        self.assertEqual(self.asked(ticket), "boss")
        self.assertIn(("lead", "skipped"), self.said(ticket))

    def test_who_was_told_at_the_same_moment_is_not_told_again(self):
        self.team_a.lead_id = self.users["seller"]
        ticket = self.late()
        self.run_at("13:00")
        self.run_at("13:30")
        self.assertEqual(self.asked(ticket), "boss")
        skipped = self.notices(ticket).filtered(lambda each: each.state == "skipped")
        self.assertEqual(skipped.reason, "told")

    def test_where_nobody_is_left(self):
        for role in ("agent", "seller", "boss", "sponsor"):
            self.absent(role)
        self.absent("lead")
        follower = self.users["other_agent"]
        ticket = self.late()
        ticket.message_subscribe(
            [
                follower.partner_id.id,
                self.customer.id,
                self.users["nobody"].partner_id.id,
            ]
        )
        self.run_at(DUE)
        self.assertEqual(
            self.said(ticket),
            [
                *((role, "skipped") for role in USUAL[1:-1]),
                ("end", "open"),
            ],
        )
        told = ticket.message_ids.notified_partner_ids
        self.assertEqual(told, (self.users["lead"] | follower).partner_id)
        self.assertEqual(ticket.escalation_state, "ended")
        self.assertIn("Nobody", ticket.escalation_text)
        found = self.env["dcrm.ticket"].search([("escalation_state", "=", "ended")])
        self.assertEqual(found, ticket)
        # Whoever works on the ticket may take over.
        mine = ticket.with_env(self.env_as("other_agent"))
        self.assertTrue(mine.my_escalation_ids)
        self.assertFalse(mine.can_hand_on)
        with self.assertRaisesRegex(UserError, "nobody above"):
            mine.my_escalation_ids.action_hand_on()
        mine.action_accept_escalation()
        self.assertEqual(ticket.escalation_state, "accepted")
        self.assertNoViolations()

    # -- what they say ---------------------------------------------------------------

    def test_who_accepts_stops_it(self):
        ticket = self.late()
        self.run_at(DUE)
        mine = ticket.with_env(self.env_as("seller"))
        self.assertEqual(len(mine.my_escalation_ids), 1)
        mine.action_accept_escalation()
        self.assertEqual(ticket.escalated_to_id, self.users["seller"])
        self.assertEqual(ticket.escalation_state, "accepted")
        self.assertIn("Taken over", ticket.escalation_text)
        # The to-do stays theirs while it is.
        self.assertEqual(ticket.activity_ids.user_id, self.users["seller"])
        self.run_at("15:00")
        self.assertFalse(self.asked(ticket))
        # Eight working hours later, on Thursday, it climbs on.
        self.run_at("2026-03-05 12:59:00")
        self.assertFalse(self.asked(ticket))
        self.run_at("2026-03-05 13:00:00")
        self.assertEqual(self.asked(ticket), "lead")
        self.assertNoViolations()

    def test_who_accepts_for_good(self):
        self.ladder.hold_hours = 0
        ticket = self.late()
        self.run_at(DUE)
        ticket.with_env(self.env_as("seller")).action_accept_escalation()
        self.run_at("2026-03-20 12:00:00")
        self.assertFalse(self.asked(ticket))

    def test_who_accepts_a_warning_has_until_the_deadline(self):
        ticket = self.late()
        self.run_at("12:00")
        ticket.with_env(self.env_as("agent")).action_accept_escalation()
        self.run_at("12:59")
        self.assertFalse(self.asked(ticket))
        self.run_at("13:00")
        self.assertEqual(self.said(ticket), [("owner", "accepted"), ("seller", "open")])

    def test_who_hands_on_has_the_next_told_at_once(self):
        ticket = self.late()
        self.run_at(DUE)
        ticket.with_env(self.env_as("seller")).action_hand_on_escalation()
        self.assertEqual(self.asked(ticket), "lead")
        self.assertEqual(ticket.activity_ids.user_id, self.users["lead"])
        ticket.with_env(self.env_as("lead")).action_hand_on_escalation()
        self.assertEqual(self.asked(ticket), "boss")
        self.assertNoViolations()

    def test_a_warning_is_handed_on_before_the_deadline(self):
        ticket = self.late()
        self.run_at("12:00")
        ticket.with_env(self.env_as("agent")).action_hand_on_escalation()
        self.assertEqual(self.asked(ticket), "seller")
        self.run_at("12:29")
        self.assertEqual(self.asked(ticket), "seller")
        # Not accepted in time; the next one's turn is at the deadline.
        self.run_at("12:45")
        self.assertFalse(self.asked(ticket))
        self.run_at("13:00")
        self.assertEqual(self.asked(ticket), "lead")

    def test_who_does_the_todo_has_taken_over(self):
        ticket = self.late()
        self.run_at(DUE)
        todo = ticket.activity_ids
        todo.with_env(self.env_as("seller")).action_feedback("On my way")
        self.assertEqual(self.said(ticket), [("seller", "accepted")])
        self.assertTrue(todo.exists().date_done)
        other = self.late()
        self.run_at("17:30")
        self.run_at("2026-03-05 12:10:00")
        [open_] = self.notices(other).filtered(lambda each: each.state == "open")
        # Who does it for somebody else does not take over for them.
        open_.activity_id.with_env(self.env_as("agent")).action_feedback()
        self.assertEqual(open_.state, "open")
        self.assertNoViolations()

    def test_who_may_say_something(self):
        ticket = self.late()
        self.run_at(DUE)
        notice = self.notices(ticket).filtered(lambda each: each.state == "open")
        for role in ("agent", "lead", "nobody", "other_seller", "agent_b", "portal"):
            with self.subTest(role):
                for button in ("action_accept", "action_hand_on"):
                    with self.assertRaises(AccessError):
                        getattr(notice.with_env(self.env_as(role)), button)()
                if role in ("agent", "lead"):
                    mine = ticket.with_env(self.env_as(role))
                    self.assertFalse(mine.my_escalation_ids)
                    with self.assertRaises(UserError):
                        mine.action_accept_escalation()
        self.assertEqual(notice.state, "open")
        # A manager of service may, for them.
        notice.with_env(self.env_as("service_manager")).action_hand_on()
        self.assertEqual(notice.state, "handed_on")
        self.assertEqual(notice.answered_by_id, self.users["service_manager"])
        with self.assertRaisesRegex(UserError, "over already"):
            notice.with_env(self.env_as("seller")).action_accept()

    # -- what is asked of lists ------------------------------------------------------

    def test_searched_and_listed(self):
        mine, other = self.late(), self.late(partner=self.partner())
        self.run_at(DUE)
        tickets = self.env["dcrm.ticket"].search([("id", "in", (mine | other).ids)])
        seller = self.users["seller"]
        for domain, found in (
            ([("escalated_to_id", "=", seller.id)], mine),
            ([("escalated_to_id", "!=", seller.id)], other),
            ([("escalated_to_id", "=", False)], tickets.browse()),
            ([("escalated_to_id.login", "=", seller.login)], mine),
            ([("escalation_state", "=", "open")], mine | other),
            ([("escalation_state", "!=", "open")], tickets.browse()),
            ([("escalation_state", "in", ["accepted", False])], tickets.browse()),
        ):
            with self.subTest(domain):
                self.assertEqual(tickets & tickets.search(domain), found)
        mine.with_env(self.env_as("seller")).action_accept_escalation()
        self.assertEqual(tickets.search([("escalation_state", "=", "accepted")]), mine)

    def test_of_several_deadlines_the_one_due_longest_is_shown(self):
        self.promise.resolution_hours = 6
        ticket = self.late()
        self.run_at("13:45")
        self.run_at("14:00")
        self.assertEqual(self.said(ticket), [("seller", "open"), ("owner", "open")])
        self.assertEqual(ticket.escalated_to_id, self.users["seller"])
        ticket.with_env(self.env_as("seller")).action_accept_escalation()
        # What nobody has accepted goes before what somebody has.
        self.assertEqual(ticket.escalated_to_id, self.users["agent"])
        self.assertEqual(ticket.escalation_state, "open")

    def test_the_list_costs_the_same_for_many(self):
        def cost(tickets):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tickets.read(["escalated_to_id", "escalation_state", "escalation_text"])
            return self.env.cr.sql_log_count - before

        few = self.late() | self.late()
        many = few.concat(*(self.late() for _ in range(10)))
        self.run_at(DUE)
        cost(few)
        self.assertEqual(cost(few), cost(many))
