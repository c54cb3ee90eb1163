"""Closing, opening again, and what a customer writes long afterwards."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestTicketClosing(InteractionCase):
    def setUp(self):
        super().setUp()
        self.asked = self.ticket(self.jan, name="The oven is cold", channel="phone")
        self.sent = self.send("agent", self.asked, partners=self.jan)

    def close_before(self, days):
        """Close the ticket so many days ago."""
        self.asked.stage_id = self.stage_solved
        ago = fields.Datetime.now() - timedelta(days=days)
        self.asked.write(
            {
                "opened_at": ago - timedelta(days=1),
                "first_response_at": ago,
                "closed_at": ago,
            }
        )
        self.env.flush_all()

    def spoken(self, *tickets):
        return self.env["mail.message"].search_count(
            [
                ("model", "=", "dcrm.ticket"),
                ("res_id", "in", [ticket.id for ticket in tickets]),
                ("message_type", "=", "email"),
            ]
        )

    # -- first and last --------------------------------------------------------------

    def test_the_first_closing_stays_known(self):
        self.asked.stage_id = self.stage_solved
        first = self.asked.closed_at
        self.assertEqual(self.asked.first_closed_at, first)
        self.assertEqual(self.asked.last_closed_at, first)
        self.asked.action_reopen()
        self.assertFalse(self.asked.closed_at)
        self.assertEqual(self.asked.first_closed_at, first)
        self.assertEqual(self.asked.last_closed_at, first)
        self.assertEqual(self.asked.reopened_count, 1)
        later = fields.Datetime.now() + timedelta(hours=2)
        with freeze_time(later):
            self.asked.stage_id = self.stage_solved
            self.assertEqual(self.asked.first_closed_at, first)
            self.assertGreater(self.asked.last_closed_at, first)
            self.assertEqual(self.asked.last_closed_at, self.asked.closed_at)
            self.answer(self.jan, self.sent)
        self.assertEqual(self.asked.reopened_count, 2)
        self.assertFalse(self.asked.copy().first_closed_at)

    def test_closings_are_what_the_system_says(self):
        mine = self.asked.with_env(self.env_as("agent"))
        for name, value in (
            ("first_closed_at", "2020-01-01 00:00:00"),
            ("last_closed_at", "2020-01-01 00:00:00"),
            ("reopened_count", 0),
            ("continued_in_id", self.asked.id),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                mine.write({name: value})

    # -- an answer to a closed one ---------------------------------------------------

    def test_by_default_an_answer_opens_it_again_however_late(self):
        self.close_before(400)
        self.answer(self.jan, self.sent)
        self.assertFalse(self.asked.closed_at)
        self.assertEqual(self.spoken(self.asked), 1)

    def test_within_the_days_an_answer_opens_it_again(self):
        self.team_a.reopen_within_days = 14
        self.close_before(13)
        self.answer(self.jan, self.sent)
        self.assertFalse(self.asked.closed_at)
        self.assertFalse(self.asked.continued_in_id)

    def test_later_it_opens_a_linked_one_with_the_mail_in_it_once(self):
        self.team_a.reopen_within_days = 14
        self.close_before(15)
        self.asked.kind_id = self.env["dcrm.ticket.kind"].search([], limit=1)
        self.asked.message_subscribe(self.mia.ids)
        self.answer(self.jan, self.sent)
        following = self.asked.continued_in_id
        self.assertTrue(self.asked.closed_at)
        self.assertFalse(following.closed_at)
        self.assertEqual(following.name, self.asked.name)
        self.assertEqual(following.partner_id, self.jan)
        self.assertEqual(following.team_id, self.team_a)
        self.assertEqual(following.kind_id, self.asked.kind_id)
        self.assertEqual(following.channel, "email")
        self.assertIn(self.mia, following.message_partner_ids)
        self.assertEqual(following.continued_from_ids, self.asked)
        self.assertEqual(self.spoken(self.asked), 0)
        self.assertEqual(self.spoken(following), 1)
        [talk] = self.interactions(self.bistro).filtered(
            lambda each: each.direction == "in"
        )
        self.assertEqual(talk.ticket_id, following)
        self.assertNoViolations()

    def test_the_next_one_goes_to_the_linked_one_while_it_lives(self):
        self.team_a.reopen_within_days = 14
        self.close_before(15)
        for _attempt in range(3):
            self.answer(self.jan, self.sent)
        following = self.asked.continued_in_id
        self.assertEqual(self.spoken(following), 3)
        following.stage_id = self.stage_solved
        self.answer(self.jan, self.sent)
        self.assertFalse(following.closed_at)
        self.assertEqual(self.spoken(following), 4)

    def test_the_linked_one_closed_for_long_is_followed_by_another(self):
        self.team_a.reopen_within_days = 14
        self.close_before(40)
        self.answer(self.jan, self.sent)
        second = self.asked.continued_in_id
        self.asked = second
        self.close_before(15)
        self.answer(self.jan, self.sent)
        third = second.continued_in_id
        self.assertTrue(third)
        self.assertEqual(self.spoken(third), 1)

    def test_merged_into_the_old_one_it_goes_on_there(self):
        self.team_a.reopen_within_days = 14
        self.close_before(15)
        self.answer(self.jan, self.sent)
        following, old = self.asked.continued_in_id, self.asked
        following._merge_into(old)
        self.assertFalse(old.closed_at)
        self.close_before(15)
        self.answer(self.jan, self.sent)
        self.assertTrue(old.closed_at)
        self.assertNotIn(old.continued_in_id, old | following)

    def test_what_we_write_ourselves_stays_where_it_is_written(self):
        self.team_a.reopen_within_days = 14
        self.close_before(15)
        note = self.asked.with_env(self.env_as("agent")).message_post(
            body="He called", message_type="comment", subtype_xmlid="mail.mt_note"
        )
        said = self.send("agent", self.asked, partners=self.jan)
        self.assertEqual({note.res_id, said.res_id}, {self.asked.id})
        self.assertFalse(self.asked.continued_in_id)

    def test_what_a_machine_writes_opens_nothing(self):
        self.team_a.reopen_within_days = 14
        self.close_before(15)
        self.answer(self.jan, self.sent, Auto_Submitted="auto-replied")
        self.assertFalse(self.asked.continued_in_id)
        self.assertTrue(self.asked.closed_at)

    def test_who_may_not_read_it_opens_nothing(self):
        self.team_a.reopen_within_days = 14
        self.close_before(15)
        self.users["stranger"] = self.make_user(
            "stranger", "base.group_portal", self.company_a
        )
        tickets = self.env["dcrm.ticket"].search_count([])
        with self.assertRaises(AccessError):
            self.asked.with_env(self.env_as("stranger")).message_post(
                body="Mine!", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        self.assertEqual(self.env["dcrm.ticket"].search_count([]), tickets)

    def test_the_customer_in_the_portal(self):
        self.team_a.reopen_within_days = 14
        self.close_before(15)
        self.users["buyer"] = self.make_user(
            "buyer", "base.group_portal", self.company_a
        )
        self.users["buyer"].partner_id.parent_id = self.bistro
        said = self.asked.with_env(self.env_as("buyer")).message_post(
            body="Again", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(said.res_id, self.asked.continued_in_id.id)
        self.assertEqual(self.asked.continued_in_id.channel, "portal")
