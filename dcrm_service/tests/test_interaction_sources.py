"""Ratings, chats and forms on the web make one interaction each, where switched on."""

import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestRating(InteractionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.interaction_capture_ratings = True

    def setUp(self):
        super().setUp()
        self.issue = self.ticket(
            self.jan, name="Lid broke", user_id=self.users["agent"].id
        )

    def rate(self, stars, feedback="Well done", ticket=None):
        ticket = (ticket or self.issue).sudo()
        token = ticket._rating_get_access_token()
        ticket.rating_apply(stars, token=token, feedback=feedback)
        return ticket.rating_ids.sorted("id")[-1:]

    def test_rating_of_a_ticket(self):
        self.rate(4)
        talk = self.interactions()
        self.assertEqual(len(talk), 1)
        self.assertEqual(
            (talk.mood, talk.direction, talk.channel, talk.partner_id),
            ("4", "in", "web", self.jan),
        )
        self.assertEqual(
            (talk.ticket_id, talk.user_id), (self.issue, self.users["agent"])
        )
        self.assertIn("Well done", talk.said)
        self.assertIn("Lid broke", talk.subject)
        action = talk.with_env(self.env_as("agent")).action_open_origin()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("dcrm.ticket", self.issue.id)
        )

    def test_rating_asks_nothing(self):
        """The ticket that it is about stays closed."""
        self.issue.stage_id = self.stage_solved
        self.rate(1)
        self.assertEqual(self.issue.stage_id, self.stage_solved)
        self.assertTrue(self.interactions())

    def test_rating_that_was_only_asked_for(self):
        self.issue.sudo()._rating_get_access_token()
        self.assertFalse(self.interactions())

    def test_changed_rating_is_the_same(self):
        rating = self.rate(5)
        self.issue.sudo().rating_apply(1, rating=rating, feedback="It broke again")
        talk = self.interactions()
        self.assertEqual((len(talk), talk.mood), (1, "1"))
        self.assertIn("broke again", talk.said)
        talk.mood = "3"
        rating.feedback = "And again"
        self.assertEqual(talk.mood, "3", "a person said so")
        self.assertIn("And again", talk.said)

    def test_rating_that_was_taken_back(self):
        rating = self.rate(5)
        rating.reset()
        self.assertFalse(self.interactions())
        self.rate(2, "Bad")
        self.assertEqual(self.interactions().mood, "2")

    def test_comment_with_stars_is_one(self):
        """The message that tells a rating is the rating."""
        portal = self.users["portal"]
        portal.partner_id.parent_id = self.bistro
        issue = self.ticket(portal.partner_id)
        issue.with_user(portal).sudo().message_post(
            author_id=portal.partner_id.id,
            body="Fast",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            rating_value=5,
        )
        self.assertEqual(self.interactions().mood, "5")
        self.assertEqual(len(self.interactions()), 1)

    def test_comment_with_stars_where_ratings_are_not_logged(self):
        self.company_a.interaction_capture_ratings = False
        self.test_comment_is_a_message()

    def test_comment_is_a_message(self):
        portal = self.users["portal"]
        portal.partner_id.parent_id = self.bistro
        issue = self.ticket(portal.partner_id)
        issue.with_user(portal).sudo().message_post(
            author_id=portal.partner_id.id,
            body="Fast",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        talk = self.interactions()
        self.assertEqual((len(talk), talk.channel), (1, "portal"))

    def test_each_company_decides(self):
        far = self.ticket(self.jan, self.team_b)
        self.rate(5, ticket=far)
        self.assertFalse(self.interactions())
        self.company_b.interaction_capture_ratings = True
        self.rate(5, ticket=far)
        self.assertEqual(self.interactions().company_id, self.company_b)

    def test_rating_by_one_of_us(self):
        ours = self.ticket(self.users["seller"].partner_id)
        self.rate(5, ticket=ours)
        self.assertFalse(self.interactions())


@tagged("post_install", "-at_install")
class TestWebTicket(InteractionCase):
    """What opens a ticket on the web is an interaction, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.interaction_capture_forms = True

    def test_ticket_from_the_web(self):
        ticket = self.ticket(self.jan, name="Lid broke", channel="web")
        talk = self.interactions()
        self.assertEqual(len(talk), 1)
        self.assertEqual(
            (talk.channel, talk.direction, talk.partner_id, talk.ticket_id),
            ("web", "in", self.jan, ticket),
        )
        action = talk.with_env(self.env_as("agent")).action_open_origin()
        self.assertEqual(action["res_id"], ticket.id)
        ticket.write({"name": "Lid broke twice", "channel": "web"})
        self.assertEqual(self.interactions(), talk)

    def test_stranger_is_nobody_s(self):
        self.ticket(None, channel="web", email_from="stranger@nowhere.example")
        self.assertFalse(self.interactions())
        self.ticket(None, channel="web", email_from="jan@bistro.example")
        self.assertEqual(self.interactions().partner_id, self.jan)

    def test_ticket_made_of_an_interaction(self):
        talk = self.log("agent", channel="web")
        talk.action_create_ticket()
        self.assertEqual(self.interactions(), talk)

    def test_ticket_by_email_or_in_the_portal(self):
        self.receive(self.jan)
        self.assertEqual(len(self.interactions()), 1)
        portal = self.users["portal"]
        portal.partner_id.parent_id = self.hotel
        env = self.env_as("portal")
        env["dcrm.ticket"]._open_in_portal(
            "Pan", "It broke", self.env["dcrm.ticket.kind"]
        )
        talk = self.interactions(self.hotel)
        self.assertEqual((len(talk), talk.channel), (1, "portal"))
        self.assertTrue(talk.ticket_id)

    def test_copied_and_split_ticket(self):
        """They are other tickets; no customer sent them."""
        ticket = self.ticket(self.jan, channel="web")
        ticket.copy()
        self.ticket(self.jan, channel="web", split_from_id=ticket.id)
        self.assertEqual(len(self.interactions()), 1)

    def test_each_company_decides(self):
        self.ticket(self.jan, self.team_b, channel="web")
        self.company_a.interaction_capture_forms = False
        self.ticket(self.jan, channel="web")
        self.assertFalse(self.interactions())


@tagged("post_install", "-at_install")
class TestWebsiteForm(InteractionCase, HttpCase):
    """The host's forms on the web site, where these are installed."""

    def setUp(self):
        super().setUp()
        model = self.env["ir.model"].sudo().search([("model", "=", "crm.lead")])
        if "website_form_access" not in model._fields or not model.website_form_access:
            self.skipTest("No form on the web site makes opportunities.")
        website = self.env["website"].search([], limit=1)
        self.company = website.company_id
        self.company.interaction_capture_forms = True
        self.env.flush_all()

    def send_form(self, **values):
        answer = self.url_open("/website/form/crm.lead", data=values)
        return self.env["crm.lead"].browse(json.loads(answer.text)["id"])

    def test_form(self):
        lead = self.send_form(
            name="Pans for two kitchens",
            contact_name="Jan",
            email_from="jan@bistro.example",
            description="Steel",
        )
        self.assertTrue(lead)
        talk = self.interactions()
        self.assertEqual(len(talk), 1)
        self.assertEqual(
            (talk.subject, talk.channel, talk.direction, talk.partner_id),
            ("Pans for two kitchens", "web", "in", self.jan),
        )
        self.assertEqual(
            (talk.opportunity_id, talk.company_id), (lead.id, self.company)
        )

    def test_stranger(self):
        self.send_form(name="x", email_from="stranger@nowhere.example")
        self.assertFalse(self.interactions())


@tagged("post_install", "-at_install")
class TestOpportunity(InteractionCase):
    """Links to opportunities, where the host's CRM is installed."""

    def setUp(self):
        super().setUp()
        if "crm.lead" not in self.env:
            self.skipTest("No opportunities are kept here.")
        self.lead, self.other = self.env["crm.lead"].create(
            [
                {
                    "name": name,
                    "type": "opportunity",
                    "partner_id": self.jan.id,
                    "company_id": self.company_a.id,
                    "user_id": self.users["agent"].id,
                }
                for name in ("Steel", "Copper")
            ]
        )
        self.users["agent"].group_ids += self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )

    def test_message_and_meeting_on_an_opportunity(self):
        self.long_since()
        self.send("agent", self.lead, [self.jan])
        self.meeting(
            [self.jan],
            res_model_id=self.env["ir.model"]._get_id("crm.lead"),
            res_id=self.lead.id,
        )
        talks = self.interactions()
        self.assertEqual(len(talks), 2)
        self.assertEqual(set(talks.mapped("opportunity_id")), {self.lead.id})

    def test_merged_opportunities(self):
        talk = self.log("agent", opportunity_id=self.other.id)
        self.send("agent", self.other, [self.jan])
        (self.lead | self.other).merge_opportunity()
        self.env.invalidate_all()
        left = (self.lead | self.other).exists()
        self.assertEqual(len(left), 1)
        self.assertEqual(len(self.interactions()), 2)
        self.assertEqual(set(self.interactions().mapped("opportunity_id")), {left.id})
        self.assertTrue(talk.exists())

    def test_opportunity_that_is_gone(self):
        talk = self.log("agent", opportunity_id=self.lead.id)
        self.lead.unlink()
        self.env.invalidate_all()
        names = {"fields": {"display_name": {}}}
        [read] = talk.web_read({"opportunity_model": {}, "opportunity_id": names})
        self.assertFalse(read["opportunity_id"])

    def test_only_what_one_may_read(self):
        seller = self.users["seller"]
        with self.assertRaises(Exception) as refused:
            self.log("seller", opportunity_id=self.lead.id)
        self.assertIn("AccessError", type(refused.exception).__name__)
        self.assertTrue(seller)

    def test_opportunity_of_another_company(self):
        self.lead.write({"user_id": False, "company_id": self.company_b.id})
        with self.assertRaisesRegex(Exception, "of another company"):
            self.interactions().sudo().create(
                {
                    "subject": "x",
                    "partner_id": self.jan.id,
                    "company_id": self.company_a.id,
                    "opportunity_id": self.lead.id,
                }
            )


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
