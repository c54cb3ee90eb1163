"""What customers do in the portal: open, answer, close and rate their own tickets."""

from odoo.fields import Domain
from odoo.tests import tagged

from ..models.dcrm_ticket_portal import MOST_IN_AN_HOUR
from .common_portal import PortalCase


@tagged("post_install", "-at_install")
class TestPortalForm(PortalCase):
    # -- closing ---------------------------------------------------------------------

    def test_a_customer_closes_an_own_ticket(self):
        self.login("colleague")
        self.post(f"/my/tickets/{self.ours.id}/close")
        self.env.invalidate_all()
        self.assertTrue(self.ours.is_closed)
        self.assertTrue(self.ours.closed_at)
        self.assertIn("solved", self.ours.message_ids[:2].mapped("body")[-1])

    def test_where_no_stage_closes_it(self):
        """There is no button, and who asks for it all the same is told why not."""
        closing = self.ours._closing_stages()
        self.login("buyer")
        page = f"/my/tickets/{self.ours.id}"
        self.assertIn(f"{page}/close", self.get(page).text)
        closing.team_ids = self.team_b
        self.assertNotIn(f"{page}/close", self.get(page).text)
        self.assertIn("No stage closes", self.post(f"{page}/close").text)
        self.assertFalse(self.ours.is_closed)

    def test_nobody_else_closes_it_and_not_by_a_look(self):
        before = self.digest()
        url = f"/my/tickets/{self.ours.id}/close"
        for role in ("public", "stranger", "portal", "nobody", "agent_b"):
            with self.subTest(role):
                self.login(role)
                self.post(url)
                self.get(url)
        self.login("buyer")
        self.get(url)
        self.url_open(url, data={"csrf_token": "forged"})
        self.post(f"/my/tickets/{self.theirs.id}/close")
        self.post("/my/tickets/999999999/close")
        self.assertEqual(self.digest(), before)

    # -- opening ---------------------------------------------------------------------

    def opened(self, **data):
        """Send the form and return what tickets it made."""
        before = self.env["dcrm.ticket"].search([])
        self.page = self.post("/my/tickets/new", **data)
        self.env.invalidate_all()
        return self.env["dcrm.ticket"].search([]) - before

    def test_a_customer_opens_a_ticket(self):
        kind = self.env["dcrm.ticket.kind"].search([], limit=1)
        self.login("buyer")
        self.assertIn("csrf_token", self.get("/my/tickets/new").text)
        ticket = self.opened(
            subject="  A crack  ",
            text="In the <b>glass</b>",
            kind=str(kind.id),
            files=[("files", ("crack.txt", b"here", "text/plain"))],
        )
        self.assertEqual(len(ticket), 1)
        self.assertEqual(
            (ticket.name, ticket.partner_id, ticket.commercial_partner_id),
            ("A crack", self.buyer, self.alba),
        )
        self.assertEqual(
            (ticket.company_id, ticket.team_id, ticket.kind_id, ticket.channel),
            (self.company_a, self.team_a, kind, "portal"),
        )
        self.assertTrue(ticket.number)
        message = ticket.message_ids.filtered(lambda m: m.message_type == "comment")
        self.assertEqual(message.author_id, self.buyer)
        self.assertIn("&lt;b&gt;glass", message.body)
        self.assertEqual(message.attachment_ids.raw, b"here")
        self.assertIn(self.buyer, ticket.message_partner_ids)
        self.assertFalse(ticket.first_response_at)

    def test_forged_fields_change_nothing(self):
        self.login("buyer")
        stranger = self.users["stranger"].partner_id
        ticket = self.opened(
            subject="A crack",
            text="In the glass",
            kind="999999999",
            partner_id=str(stranger.id),
            commercial_partner_id=str(self.bora.id),
            company_id=str(self.company_b.id),
            team_id=str(self.team_b.id),
            stage_id=str(self.stage_solved.id),
            priority="3",
            user_id=str(self.users["agent"].id),
            number="FORGED",
            opened_at="2000-01-01",
        )
        self.assertEqual(
            (ticket.partner_id, ticket.company_id, ticket.team_id, ticket.priority),
            (self.buyer, self.company_a, self.team_a, "0"),
        )
        self.assertNotEqual(ticket.number, "FORGED")
        self.assertFalse(ticket.kind_id or ticket.closed_at)

    def test_a_form_that_says_too_little_says_so(self):
        self.login("buyer")
        for data in (
            {"subject": "", "text": "Text"},
            {"subject": "   ", "text": "Text"},
            {"subject": "Subject", "text": ""},
            {"subject": "x" * 201, "text": "Text kept"},
            {"subject": "x", "text": "y", "files": [("files", ("f", b""))] * 11},
        ):
            with self.subTest(data):
                self.assertFalse(self.opened(**data))
                self.assertIn("alert-danger", self.page.text)
                self.assertIn(data["text"], self.page.text)

    def test_a_flood_of_one_customer_ends(self):
        self.login("buyer")
        self.env["dcrm.ticket"].create(
            [
                {
                    "name": "Flood",
                    "partner_id": self.users["colleague"].partner_id.id,
                    "company_id": self.company_a.id,
                    "channel": "portal",
                }
            ]
            * MOST_IN_AN_HOUR
        )
        self.assertFalse(self.opened(subject="More", text="Kept words"))
        self.assertIn("wait a little", self.page.text)
        self.assertIn("Kept words", self.page.text)
        self.login("stranger")
        self.assertTrue(self.opened(subject="More", text="Words"))

    def test_what_no_keyboard_writes(self):
        self.login("buyer")
        ticket = self.opened(subject="Lid\x00\r\nBcc: all", text="It\x00 broke")
        self.assertEqual(ticket.name, "Lid Bcc: all")
        self.assertEqual(self.get("/my/tickets?search=L%00id").status_code, 200)
        self.assertIn("Lid Bcc", self.get("/my/tickets?search=L%00id").text)

    def test_who_opens_none(self):
        before = self.digest()
        for role in ("public", "nobody"):
            self.login(role)
            self.assertFalse(self.opened(subject="Mine", text="Text"))
        self.login("buyer")
        self.url_open("/my/tickets/new", data={"subject": "No token", "text": "Text"})
        self.assertEqual(self.digest(), before)

    # -- answering -------------------------------------------------------------------

    def say(self, ticket, **params):
        return self.url_open(
            "/mail/message/post",
            json={
                "params": {
                    "thread_model": "dcrm.ticket",
                    "thread_id": ticket.id,
                    "post_data": {
                        "body": "It is back",
                        "message_type": "comment",
                        "subtype_xmlid": "mail.mt_comment",
                    },
                    **params,
                }
            },
        )

    def test_an_answer_opens_a_closed_ticket_again(self):
        self.ours.stage_id = self.stage_solved
        self.env.flush_all()
        self.login("colleague")
        self.say(self.ours)
        self.env.invalidate_all()
        self.assertFalse(self.ours.is_closed)
        said = self.ours.message_ids.filtered(lambda m: "It is back" in (m.body or ""))
        self.assertEqual(said.author_id, self.users["colleague"].partner_id)

    def test_nobody_answers_in_anothers_ticket(self):
        self.theirs._portal_ensure_token()
        before = self.digest()
        for role in ("public", "buyer", "portal", "nobody"):
            self.login(role)
            for params in ({}, {"token": "forged"}, {"token": ""}):
                with self.subTest(role=role, params=params):
                    self.say(self.theirs, **params)
        self.assertEqual(self.digest(), before)

    # -- how it was ------------------------------------------------------------------

    def test_the_contact_says_how_it_was(self):
        self.team_a.asks_rating = True
        self.ours.user_id = self.users["agent"]
        self.ours.stage_id = self.stage_solved
        rating = self.ours.rating_ids
        self.assertEqual(rating.partner_id, self.buyer)
        self.assertEqual(rating.parent_res_id, self.team_a.id)
        asked = self.env["mail.message"].search(
            Domain("model", "=", "dcrm.ticket")
            & Domain("res_id", "=", self.ours.id)
            & Domain("body", "ilike", f"/rate/{rating.access_token}/5")
        )
        self.assertEqual(asked.notified_partner_ids, self.buyer)
        self.env.flush_all()
        self.login("public")
        self.assertEqual(self.get(f"/rate/{rating.access_token}/5").status_code, 200)
        self.post(f"/rate/{rating.access_token}/submit_feedback", rate=5, feedback="Ok")
        self.env.invalidate_all()
        self.assertEqual((rating.rating, rating.consumed), (5, True))
        self.assertTrue(self.ours.is_closed, "who says how it was asks nothing")
        self.assertEqual(self.team_a.rating_avg, 5)

    def test_nobody_is_asked_twice_or_unasked(self):
        self.ours.stage_id = self.stage_solved
        self.assertFalse(self.ours.rating_ids)
        self.team_a.asks_rating = True
        for _again in range(2):
            self.ours.stage_id = self.stage_progress
            self.ours.stage_id = self.stage_solved
        self.assertEqual(len(self.ours.rating_ids), 1)
        token = self.ours.rating_ids.access_token
        asked = self.ours.message_ids.filtered(lambda m: f"/rate/{token}" in m.body)
        self.assertEqual(len(asked), 1)
        self.users["stranger"].partner_id.email = False
        self.theirs.stage_id = self.stage_solved
        self.assertFalse(self.theirs.rating_ids)
