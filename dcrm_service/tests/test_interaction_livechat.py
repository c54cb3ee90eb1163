"""A live chat with a customer makes one interaction, where switched on."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestChat(InteractionCase):
    """A live chat with a customer who is known, where live chats are installed."""

    def setUp(self):
        super().setUp()
        if "im_livechat.channel" not in self.env:
            self.skipTest("No live chats are installed.")
        self.company_a.interaction_capture_chats = True
        self.agent, self.visitor = self.users["agent"], self.users["portal"]
        self.visitor.partner_id.parent_id = self.bistro
        self.chats = self.env["im_livechat.channel"].create(
            {"name": "Shop", "user_ids": [(6, 0, self.agent.ids)]}
        )

    def chat(self, visitor=None):
        """Return a chat that a visitor began and one of us is in."""
        partner = (visitor or self.visitor).partner_id
        return self.env["discuss.channel"].create(
            {
                "name": "Visitor",
                "channel_type": "livechat",
                "livechat_channel_id": self.chats.id,
                "livechat_operator_id": self.agent.partner_id.id,
                "channel_member_ids": [
                    (
                        0,
                        0,
                        {
                            "partner_id": self.agent.partner_id.id,
                            "livechat_member_type": "agent",
                        },
                    ),
                    (
                        0,
                        0,
                        {"partner_id": partner.id, "livechat_member_type": "visitor"},
                    ),
                ],
            }
        )

    def speak(self, chat, user, body="Hello"):
        chat.with_user(user).sudo().message_post(
            author_id=user.partner_id.id,
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def test_one_chat_is_one_interaction(self):
        chat = self.chat()
        self.speak(chat, self.agent)
        self.assertFalse(self.interactions(), "the customer said nothing yet")
        for body in ("Hello", "Is it steel?"):
            self.speak(chat, self.visitor, body)
        talk = self.interactions()
        self.assertEqual(len(talk), 1)
        self.assertEqual(
            (talk.channel, talk.direction, talk.partner_id, talk.user_id),
            ("chat", "in", self.visitor.partner_id, self.agent),
        )
        self.assertEqual(talk.company_id, self.company_a)
        chat.livechat_end_dt = chat.create_date + timedelta(minutes=12)
        self.assertEqual(self.interactions(), talk)
        self.assertEqual(talk.duration, 12)

    def test_chat_that_goes_on(self):
        chat = self.chat()
        self.speak(chat, self.visitor)
        chat.livechat_end_dt = fields.Datetime.now()
        chat.livechat_end_dt = False
        self.speak(chat, self.visitor, "One more")
        chat.livechat_end_dt = chat.create_date + timedelta(minutes=30)
        talk = self.interactions()
        self.assertEqual((len(talk), talk.duration), (1, 30))

    def test_chat_in_which_nobody_spoke(self):
        chat = self.chat()
        self.speak(chat, self.agent)
        chat.livechat_end_dt = fields.Datetime.now()
        self.assertFalse(self.interactions())

    def test_chat_that_was_begun_before_it_is_logged(self):
        self.company_a.interaction_capture_chats = False
        chat = self.chat()
        self.speak(chat, self.visitor)
        self.assertFalse(self.interactions())
        self.company_a.interaction_capture_chats = True
        chat.livechat_end_dt = chat.create_date + timedelta(minutes=5)
        self.assertEqual(self.interactions().duration, 5)

    def test_none_among_ourselves(self):
        chat = self.chat(self.users["other_agent"])
        self.speak(chat, self.users["other_agent"])
        self.assertFalse(self.interactions())

    def test_colleague_who_joined(self):
        chat = self.chat()
        self.speak(chat, self.visitor)
        colleague = self.users["other_agent"]
        chat._add_members(
            partners=colleague.partner_id,
            create_member_params={"livechat_member_type": "agent"},
        )
        chat.livechat_end_dt = fields.Datetime.now()
        self.assertEqual(self.interactions().user_ids, colleague)
