"""Ratings and forms on the web make one interaction each, where switched on."""

from odoo.tests import tagged

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
        cls.users["public"] = cls.env.ref("base.public_user")
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

    def test_form_of_a_team(self):
        """The ticket and its first words are one; the next words are another.

        Of who is logged in: anybody can type an address.
        """
        self.users["leo"] = self.make_user("leo", "base.group_portal", self.company_a)
        partner = self.users["leo"].partner_id
        self.users["leo"].partner_id = self.leo
        partner.unlink()
        anybody = self.env_as("public")["dcrm.ticket"]
        anybody._open_in_form(self.team_a.sudo(), "Lid", "It broke", self.leo.email)
        self.assertFalse(self.interactions())
        for forms in (True, False):
            self.company_a.interaction_capture_forms = forms
            tickets = self.env_as("leo")["dcrm.ticket"]
            ticket = tickets._open_in_form(
                self.team_a.sudo(), "Lid", "It broke", self.leo.email
            )
            talk = self.interactions().filtered(
                lambda talk, ticket=ticket: talk.ticket_id.id == ticket.id
            )
            with self.subTest(forms=forms):
                self.assertEqual((len(talk), talk.channel), (1, "web"))
                self.assertEqual(talk.partner_id, self.leo)
        ticket.message_post(
            author_id=self.leo.id,
            body="Any news?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(
            self.interactions(self.hotel).mapped("channel"), ["web", "web", "portal"]
        )

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
        first, _second = (
            ticket.message_post(body=body, message_type="comment")
            for body in ("A lid, too", "And a pan")
        )
        split = ticket._split_off(first, {})
        self.assertEqual((split.channel, split.split_from_id), ("web", ticket))
        self.assertEqual(len(self.interactions()), 1)

    def test_each_company_decides(self):
        self.ticket(self.jan, self.team_b, channel="web")
        self.company_a.interaction_capture_forms = False
        self.ticket(self.jan, channel="web")
        self.assertFalse(self.interactions())
