"""Several tickets become one, and nothing that comes to any of them is lost."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestTicketMerge(InteractionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.interaction_capture = True
        cls.policy = cls.env["dcrm.sla.policy"].create(
            {
                "name": "All",
                "company_id": cls.company_a.id,
                "first_response_hours": 4,
                "resolution_hours": 16,
            }
        )

    def setUp(self):
        super().setUp()
        self.first = self.ticket(self.jan, name="The oven is cold")
        self.second = self.ticket(self.mia, name="Oven broken")

    def merge(self, tickets, into, role="agent", **values):
        """Merge tickets as an agent does, in the dialog; return what it shows."""
        wizard = (
            self.env_as(role)["dcrm.ticket.merge"]
            .with_context(active_model="dcrm.ticket", active_ids=tickets.ids)
            .create({"into_id": into.id, **values})
        )
        action = wizard.action_merge()
        self.env.invalidate_all()
        return action

    def said(self, ticket):
        """Return the words of a ticket, the earliest first."""
        return [
            message.preview
            for message in ticket.message_ids.sorted("id")
            if message.message_type in ("comment", "email")
        ]

    # -- what goes along ---------------------------------------------------------------

    def test_all_that_is_a_tickets_goes_to_the_one_that_lives(self):
        self.send("agent", self.second, body="We come on Monday")
        note = self.second.message_post(body="Call him", message_type="comment")
        file = self.env["ir.attachment"].create(
            {
                "name": "photo.txt",
                "raw": b"cold",
                "res_model": "dcrm.ticket",
                "res_id": self.second.id,
            }
        )
        self.second.message_subscribe(self.leo.ids)
        activity = self.second.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.users["agent"].id
        )
        talk = self.log(partner=self.mia, ticket_id=self.second.id)
        self.second.write({"priority": "2", "description": "<p>It hums.</p>"})
        action = self.merge(self.first | self.second, self.first)
        self.assertEqual(action["res_id"], self.first.id)
        self.assertEqual(self.said(self.first), ["We come on Monday", "Call him"])
        self.assertEqual(note.res_id, self.first.id)
        self.assertEqual(file.res_id, self.first.id)
        self.assertIn(self.leo, self.first.message_partner_ids)
        self.assertEqual(activity.res_id, self.first.id)
        self.assertEqual(talk.ticket_id, self.first)
        self.assertEqual(self.first.priority, "2")
        self.assertIn("It hums.", self.first.description)
        self.assertIn(self.second.number, self.first.description)
        self.assertNoViolations()

    def test_the_merged_one_is_closed_put_away_and_named(self):
        self.merge(self.first | self.second, self.first)
        self.assertTrue(self.second.is_closed)
        self.assertFalse(self.second.active)
        self.assertEqual(self.second.merged_into_id, self.first)
        self.assertEqual(self.first.merged_ids, self.second)
        self.assertIn("Merged into", self.second.message_ids[:1].preview)
        # Whoever looks for its number finds what goes on.
        tickets = self.env_as("agent")["dcrm.ticket"]
        self.assertEqual(
            tickets.search([("display_name", "ilike", self.second.number)]), self.first
        )
        self.assertNotIn(self.second, tickets.search([]))

    def test_what_is_merged_is_not_changed(self):
        self.merge(self.first | self.second, self.first)
        mine = self.second.with_env(self.env_as("agent"))
        for values in (
            {"name": "Other"},
            {"stage_id": self.stage_new.id},
            {"active": True},
        ):
            with self.subTest(values), self.assertRaises(UserError) as caught:
                mine.write(values)
            self.assertIn(self.first.number, str(caught.exception))
        with self.assertRaises(UserError):
            mine.action_reopen()

    def test_every_field_of_a_merged_one_is_read_only(self):
        arch = self.env["dcrm.ticket"].get_view(view_type="form")["arch"]
        self.assertIn("merged_into_id", arch)
        for field in ("partner_id", "team_id", "description", "name"):
            self.assertRegex(
                arch, rf'<field name="{field}"[^>]*readonly="[^"]*merged_into_id'
            )

    def test_nobody_says_that_a_ticket_is_merged(self):
        for role in ("agent", "service_manager"):
            tickets = self.env_as(role)["dcrm.ticket"]
            with self.subTest(role):
                with self.assertRaises(AccessError):
                    tickets.create({"name": "X", "merged_into_id": self.first.id})
                with self.assertRaises(AccessError):
                    self.second.with_env(tickets.env).merged_into_id = self.first
                forged = tickets.with_context(
                    default_merged_into_id=self.first.id
                ).create({"name": "X"})
                self.assertFalse(forged.merged_into_id)

    def test_deleted_with_all_that_was_merged(self):
        third = self.ticket(self.jan)
        self.merge(third | self.second, self.second)
        self.merge(self.second | self.first, self.first)
        self.first.with_env(self.env_as("service_manager")).unlink()
        self.assertFalse((self.first | self.second | third).exists())

    # -- what is refused ---------------------------------------------------------------

    def test_no_merge_twice_with_oneself_or_in_a_circle(self):
        self.merge(self.first | self.second, self.first)
        third = self.ticket(self.jan)
        for tickets, into in (
            (self.second | third, third),
            (self.first | self.second, self.second),
            (third, third),
        ):
            with self.subTest(tickets), self.assertRaises(UserError):
                self.merge(tickets, into)
        with self.assertRaises(ValidationError):
            self.first.merged_into_id = self.second
            self.env.flush_all()

    def test_companies_stay_apart(self):
        far = self.ticket(self.jan, team=self.team_b)
        with self.assertRaises(UserError):
            self.merge(self.first | far, self.first, role="agent_ab")
        with self.assertRaises(AccessError):
            self.merge(self.first | far, self.first)

    def test_another_customer_only_where_it_is_confirmed(self):
        theirs = self.ticket(self.leo)
        with self.assertRaises(UserError):
            self.merge(self.first | theirs, self.first)
        self.merge(self.first | theirs, self.first, across_customers=True)
        self.assertEqual(theirs.merged_into_id, self.first)
        self.assertEqual(self.first.partner_id, self.jan)

    def test_another_customers_order_stays_where_it_is(self):
        other = self.partner("Elsewhere", is_company=True)
        order = self.order(other, 30)
        theirs = self.ticket(other, order_id=order.id, product_id=self.product.id)
        theirs._merge_into(self.first, across_customers=True)
        self.assertFalse(self.first.order_id)
        self.assertEqual(self.first.product_id, self.product)

    def test_a_stranger_is_a_customer_of_their_own(self):
        one, other = (
            self.ticket(email_from=f"{name}@elsewhere.example") for name in ("a", "b")
        )
        same = self.ticket(email_from="A@elsewhere.example")
        self.merge(one | same, one)
        with self.assertRaises(UserError):
            self.merge(one | other, one)
        self.merge(one | other, one, across_customers=True)
        self.assertIn("b@elsewhere.example", one.email_cc)

    def test_who_may_not_change_them_does_not_merge_them(self):
        for role in ("seller_all", "nobody"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.merge(self.first | self.second, self.first, role=role)
        mine = self.second.with_env(self.env_as("seller_all"))
        with self.assertRaises(AccessError):
            mine._merge_into(self.first)

    # -- what comes afterwards ---------------------------------------------------------

    def test_answers_by_header_reference_and_call_reach_the_living_one(self):
        sent = self.send("agent", self.second, partners=self.mia)
        third = self.ticket(self.jan, name="Once more")
        self.merge(self.first | self.second, self.first)
        self.merge(self.first | third, third)
        before = len(self.said(third))
        self.answer(self.mia, sent)
        self.second.message_post(
            body="By a call",
            author_id=self.mia.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(len(self.said(third)), before + 2)
        self.assertEqual(third, self.second._living())
        self.assertEqual(third, (self.first | self.second | third)._living())
        self.assertFalse(self.said(self.second))
        self.assertFalse(self.second.active)

    def test_an_answer_to_the_merged_one_opens_the_living_one_again(self):
        sent = self.send("agent", self.second, partners=self.mia)
        self.merge(self.first | self.second, self.first)
        self.first.stage_id = self.stage_solved
        self.answer(self.mia, sent)
        self.assertFalse(self.first.closed_at)
        self.assertTrue(self.second.closed_at)
        self.assertNoViolations()

    def test_closed_for_long_the_living_one_counts_and_not_the_merged(self):
        """What is merged is closed, and no answer to it is a new request for that."""
        sent = self.send("agent", self.second, partners=self.mia)
        self.team_a.reopen_within_days = 14
        self.merge(self.first | self.second, self.first)
        ago = fields.Datetime.now() - timedelta(days=30)
        self.second.write({"opened_at": ago, "closed_at": ago})
        self.answer(self.mia, sent)
        self.second.message_post(
            body="By a call",
            author_id=self.mia.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(self.said(self.first)[-1], "By a call")
        self.assertEqual(len(self.said(self.first)), 3)
        self.assertFalse(self.second.continued_in_id)
        self.assertFalse(self.first.continued_in_id)

    def test_what_came_while_it_was_merged_is_handed_on(self):
        self.merge(self.first | self.second, self.first)
        self.first.stage_id = self.stage_waiting
        stray = self.env["mail.message"].create(
            {
                "model": "dcrm.ticket",
                "res_id": self.second.id,
                "body": "One more thing",
                "author_id": self.mia.id,
                "message_type": "email",
                "subtype_id": self.env.ref("mail.mt_comment").id,
            }
        )
        self.run_cron("cron_bring_strays")
        self.assertEqual(stray.res_id, self.first.id)
        self.assertEqual(self.first.stage_id, self.stage_progress)
        self.run_cron("cron_bring_strays")
        self.assertEqual(self.said(self.first), ["One more thing"])

    # -- its times ---------------------------------------------------------------------

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

    def test_nobody_is_asked_how_the_merged_one_was(self):
        self.team_a.asks_rating = True
        self.merge(self.first | self.second, self.first)
        self.assertFalse(self.second.rating_ids)
        self.first.stage_id = self.stage_solved
        self.assertTrue(self.first.rating_ids)

    def test_a_rating_that_was_asked_for_is_of_the_living_one(self):
        self.team_a.asks_rating = True
        self.second.stage_id = self.stage_solved
        rating = self.second.rating_ids
        self.merge(self.first | self.second, self.first)
        self.assertEqual(rating.res_id, self.first.id)

    def test_what_was_said_of_how_it_was_is_of_the_living_one(self):
        token = self.second._rating_get_access_token(self.mia)
        self.second.rating_apply(3, token=token, feedback="Slow")
        self.merge(self.first | self.second, self.first)
        self.assertEqual(self.first.rating_ids.feedback, "Slow")
        self.assertEqual(self.first._portal_rating(self.mia).rating, 3)

    def test_what_is_to_be_done_goes_along(self):
        """Each item of a list once, done where it was done in any of them."""
        lists = self.env["dcrm.ticket.checklist"].create(
            {
                "name": "Ovens",
                "company_id": self.company_a.id,
                "item_ids": [
                    Command.create({"name": name, "is_required": True})
                    for name in ("Ask", "Look", "Mend")
                ],
            }
        )
        ask, look, mend = lists.item_ids
        (self.first | self.second)._add_checklists(lists)
        self.first.check_ids.filtered(lambda check: check.item_id == mend).unlink()
        (self.first | self.second).check_ids.filtered(
            lambda check: (
                (check.ticket_id, check.item_id)
                in {(self.first, ask), (self.second, look)}
            )
        ).is_done = True
        second = self.second.with_env(self.env_as("agent"))
        second.env["dcrm.ticket.check"].create(
            {"ticket_id": second.id, "name": "By hand"}
        )
        self.merge(self.first | self.second, self.first)
        self.assertEqual(
            {check.name: check.is_done for check in self.first.check_ids},
            {"Ask": True, "Look": True, "Mend": False, "By hand": False},
        )
        with self.assertRaisesRegex(UserError, "Mend"):
            self.first.with_env(self.env_as("agent")).action_close()

    def test_the_dialog_proposes_what_has_waited_longest(self):
        self.first.stage_id = self.stage_solved
        third = self.ticket(self.jan)
        wizard = (
            self.env_as("agent")["dcrm.ticket.merge"]
            .with_context(
                active_model="dcrm.ticket", active_ids=(self.first | third).ids
            )
            .create({})
        )
        self.assertEqual(wizard.into_id, third)
        self.assertEqual(wizard.same_customer_ids, self.second)
        wizard.action_add_same_customer()
        self.assertEqual(wizard.ticket_ids, self.first | self.second | third)
