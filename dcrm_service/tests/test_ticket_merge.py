"""Several tickets become one, and nothing that comes to any of them is lost."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_merge import MergeCase


@tagged("post_install", "-at_install")
class TestTicketMerge(MergeCase):
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

    # -- what else is its own ----------------------------------------------------------

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
