"""What is another matter becomes a ticket of its own."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestTicketSplit(InteractionCase):
    def setUp(self):
        super().setUp()
        self.asked = self.ticket(self.jan, name="The oven is cold")
        self.oven = self.say(self.jan, "It is cold")
        self.pans = self.say(self.mia, "And we need pans")
        self.sent = self.send("agent", self.asked, partners=self.mia, body="Which?")
        self.file = self.env["ir.attachment"].create(
            {
                "name": "pans.txt",
                "raw": b"big",
                "res_model": "dcrm.ticket",
                "res_id": self.asked.id,
            }
        )
        self.pans.attachment_ids = self.file

    def say(self, author, body):
        return self.asked.message_post(
            body=body,
            author_id=author.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )

    def split(self, messages, role="agent", **values):
        """Split messages off as an agent does, in the dialog; return the new one."""
        env = self.env_as(role)
        wizards = env["dcrm.ticket.split"].with_context(active_id=self.asked.id)
        wizard = wizards.create(values)
        for line in wizard.line_ids:
            line.is_chosen = line.message_id in messages.with_env(env)
        action = wizard.action_split()
        self.env.invalidate_all()
        return self.env["dcrm.ticket"].browse(action["res_id"])

    def test_messages_and_their_files_move(self):
        split = self.split(self.pans | self.sent, name="Pans wanted")
        self.assertEqual(split.name, "Pans wanted")
        self.assertEqual(split.split_from_id, self.asked)
        self.assertEqual(self.asked.split_ids, split)
        self.assertEqual((self.pans | self.sent).mapped("res_id"), [split.id] * 2)
        self.assertEqual(self.oven.res_id, self.asked.id)
        self.assertEqual(self.file.res_id, split.id)
        self.assertEqual(split.team_id, self.team_a)
        self.assertNotEqual(split.number, self.asked.number)
        self.assertNoViolations()

    def test_answers_to_them_come_to_the_new_one(self):
        split = self.split(self.pans | self.sent)
        before = len(split.message_ids)
        self.answer(self.mia, self.sent)
        self.assertEqual(len(split.message_ids), before + 1)

    def test_interactions_go_along(self):
        talk = self.interactions(self.bistro).filtered(
            lambda each: each.res_id == self.pans.id
        )
        self.assertEqual(talk.ticket_id, self.asked)
        split = self.split(self.pans)
        self.assertEqual(talk.ticket_id, split)

    def test_its_times_are_those_of_the_messages(self):
        split = self.split(self.pans)
        self.assertEqual(split.opened_at, max(self.pans.date, self.asked.opened_at))
        self.assertFalse(split.first_response_at)

    def test_an_answer_among_them_is_the_new_ones_answer(self):
        split = self.split(self.pans | self.sent)
        self.assertEqual(split.first_response_at, max(self.sent.date, split.opened_at))

    def test_neither_none_nor_all_nor_anothers(self):
        other = self.ticket(self.jan).message_post(
            body="Elsewhere", message_type="comment"
        )
        mine = self.asked.with_env(self.env_as("agent"))
        all_ = self.oven | self.pans | self.sent
        for messages in (all_.browse(), all_, other, self.pans | other):
            with self.subTest(messages), self.assertRaises(UserError):
                mine._split_off(messages, {})

    def test_who_may_not_change_it_does_not_split_it(self):
        with self.assertRaises(AccessError):
            self.split(self.pans, role="seller_all")
        mine = self.asked.with_env(self.env_as("seller_all"))
        with self.assertRaises(AccessError):
            mine._split_off(self.pans, {})
