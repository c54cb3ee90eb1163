"""Customers in the portal: their own company's tickets, and nothing else."""

import re
from functools import partial

from odoo import http
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import HttpCase, tagged

from ..models.dcrm_ticket_portal import PORTAL_READABLE
from .common import ServiceCase

MARK = "private-marker"


@tagged("post_install", "-at_install")
class TestPortal(ServiceCase, HttpCase):
    """Each route, by each role, on an own and on another's ticket."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["dcrm.ticket.team"].search(
            [("company_id", "=", cls.company_a.id), ("id", "!=", cls.team_a.id)]
        ).active = False
        cls.alba, cls.bora = cls.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("Alba", "Bora")]
        )
        for role, customer in (
            ("buyer", cls.alba),
            ("colleague", cls.alba),
            ("stranger", cls.bora),
        ):
            user = cls.make_user(role, "base.group_portal", cls.company_a)
            user.partner_id.write(
                {"parent_id": customer.id, "email": f"{role}@example.com"}
            )
            cls.users[role] = user

    def setUp(self):
        super().setUp()
        self.buyer = self.users["buyer"].partner_id
        self.ours = self.ticket(self.buyer, name="The lid does not close")
        self.theirs = self.ticket(
            self.users["stranger"].partner_id, name=f"Theirs {MARK}"
        )
        self.env.flush_all()

    # -- helpers ---------------------------------------------------------------------

    def login(self, role):
        if role == "public":
            self.authenticate(None, None)
        else:
            self.authenticate(self.users[role].login, self.users[role].login)

    def get(self, url):
        return self.url_open(url, allow_redirects=True)

    def post(self, url, files=None, **data):
        data.setdefault("csrf_token", http.Request.csrf_token(self))
        return self.url_open(url, data=data, files=files)

    def rpc(self, method, *args, **kwargs):
        answer = self.url_open(
            "/web/dataset/call_kw",
            json={
                "params": {
                    "model": "dcrm.ticket",
                    "method": method,
                    "args": args,
                    "kwargs": kwargs,
                }
            },
        ).json()
        return answer.get("result", answer.get("error"))

    def digest(self):
        """Return all that a customer could have changed of the tickets there are."""
        self.env.invalidate_all()
        tickets = self.env["dcrm.ticket"].search([], order="id")
        return tickets.read(["name", "stage_id", "write_date", "priority"]), [
            (ticket.id, len(ticket.message_ids), ticket.message_follower_ids.ids)
            for ticket in tickets
        ]

    # -- reading ---------------------------------------------------------------------

    def test_home_leads_to_the_tickets(self):
        self.login("buyer")
        self.assertIn('href="/my/tickets"', self.get("/my").text)

    def test_list_shows_the_tickets_of_the_company(self):
        for role in ("buyer", "colleague"):
            self.login(role)
            for url in ("/my/tickets", "/my/tickets?filterby=open&sortby=subject"):
                page = self.get(url)
                self.assertEqual(page.status_code, 200)
                self.assertIn("The lid does not close", page.text)
                self.assertNotIn(MARK, page.text)
        self.login("stranger")
        self.assertNotIn("The lid does not close", self.get("/my/tickets").text)

    def test_list_is_searched_and_filtered(self):
        self.ticket(self.alba, name="An invoice twice", stage_id=self.stage_solved.id)
        self.env.flush_all()
        self.login("buyer")
        cases = {
            "search=lid&search_in=name": (True, False),
            "search=nothing+like+it": (False, False),
            f"search={self.ours.number}&search_in=number": (True, False),
            "filterby=open": (True, False),
            "filterby=closed": (False, True),
            "filterby=mine": (True, False),
            "filterby=forged&sortby=forged&search=lid&search_in=forged": (True, False),
            "page=999999": (True, True),
        }
        for query, expected in cases.items():
            with self.subTest(query):
                page = self.get(f"/my/tickets?{query}")
                self.assertEqual(page.status_code, 200)
                found = tuple(
                    name in page.text for name in (self.ours.name, "An invoice twice")
                )
                self.assertEqual(found, expected)

    def test_pages_hold_what_the_pager_says(self):
        self.env["dcrm.ticket"].create(
            [
                {
                    "name": f"Number {n}",
                    "partner_id": self.alba.id,
                    "team_id": self.team_a.id,
                    "company_id": self.company_a.id,
                }
                for n in range(100)
            ]
        )
        self.env.flush_all()
        self.login("buyer")
        seen = set()
        for page in (1, 2):
            text = self.get(f"/my/tickets/page/{page}?sortby=subject").text
            seen |= set(re.findall(r"/my/tickets/(\d+)", text))
        # A page of the host's size each, without a ticket that is on both.
        self.assertGreater(len(seen), 80)

    def test_who_sees_which_ticket(self):
        sees = {
            "public": (),
            "buyer": ("ours",),
            "colleague": ("ours",),
            "stranger": ("theirs",),
            "portal": (),
            "nobody": (),
            "agent": ("ours", "theirs"),
            "service_manager": ("ours", "theirs"),
            "agent_b": (),
        }
        for role, expected in sees.items():
            self.login(role)
            for name in ("ours", "theirs"):
                with self.subTest(role=role, ticket=name):
                    ticket = getattr(self, name)
                    page = self.get(f"/my/tickets/{ticket.id}")
                    self.assertEqual(ticket.name in page.text, name in expected)
            self.assertNotIn("Theirs", self.get("/my/tickets/999999999").text)

    def test_the_link_in_an_email_leads_to_the_page(self):
        view = partial("/mail/view?model=dcrm.ticket&res_id={}".format)
        self.login("colleague")
        page = self.get(view(self.ours.id))
        self.assertIn(f"/my/tickets/{self.ours.id}", page.url)
        self.assertIn(self.ours.name, page.text)
        self.assertNotIn(self.theirs.name, self.get(view(self.theirs.id)).text)

    def test_a_link_with_the_token_shows_one_ticket(self):
        token = self.ours._portal_ensure_token()
        other = self.theirs._portal_ensure_token()
        self.env.flush_all()
        self.login("public")
        page = partial("/my/tickets/{}?access_token={}".format)
        self.assertIn(self.ours.name, self.get(page(self.ours.id, token)).text)
        self.assertNotIn(
            "/close", self.get(page(self.ours.id, token)).text, "no right to close"
        )
        for wrong in ("", "0", other, token[:-1]):
            with self.subTest(wrong):
                text = self.get(page(self.ours.id, wrong)).text
                self.assertNotIn(self.ours.name, text)

    # -- what is kept from them ------------------------------------------------------

    def test_only_what_is_theirs_to_know_is_read(self):
        level = self.env["dcrm.service.level"].create({"name": MARK})
        self.ours.write({"service_level_id": level.id, "priority": "3"})
        self.ours.message_post(body=MARK, subtype_xmlid="mail.mt_note")
        self.env.flush_all()
        ticket = self.ours.with_env(self.env_as("buyer"))
        for name in ticket._fields:
            with self.subTest(name):
                if name in PORTAL_READABLE:
                    value = ticket.read([name])
                else:
                    with self.assertRaises(AccessError):
                        ticket.read([name])
                    continue
                self.assertNotIn(MARK, str(value))
        self.assertLessEqual(set(ticket.fields_get()), PORTAL_READABLE)
        with self.assertRaises(AccessError):
            ticket.search([("service_level_id", "=", level.id)])
        with self.assertRaises(AccessError):
            ticket._read_group([], ["priority"], ["__count"])
        self.login("buyer")
        self.assertNotIn(MARK, self.get(f"/my/tickets/{self.ours.id}").text)

    def test_notes_stay_with_us(self):
        for body, subtype in (("Internal", "mt_note"), ("An answer", "mt_comment")):
            self.ours.message_post(
                body=body, message_type="comment", subtype_xmlid=f"mail.{subtype}"
            )
        self.env.flush_all()
        self.login("buyer")
        answer = self.url_open(
            "/mail/chatter_fetch",
            json={"params": {"thread_model": "dcrm.ticket", "thread_id": self.ours.id}},
        ).text
        self.assertIn("An answer", answer)
        self.assertNotIn("Internal", answer)
        answer = self.url_open(
            "/mail/chatter_fetch",
            json={
                "params": {"thread_model": "dcrm.ticket", "thread_id": self.theirs.id}
            },
        ).text
        self.assertNotIn("Theirs", answer)

    def test_nothing_is_written_by_calls(self):
        before = self.digest()
        self.login("buyer")
        for ticket in (self.ours, self.theirs):
            calls = [
                ("write", [ticket.id], {"name": "Forged"}),
                ("write", [ticket.id], {"stage_id": self.stage_solved.id}),
                ("unlink", [ticket.id]),
                ("copy", [ticket.id]),
                ("message_subscribe", [ticket.id], [self.bora.id]),
                ("action_archive", [ticket.id]),
            ]
            for call in calls:
                with self.subTest(call=call):
                    self.assertIn("debug", self.rpc(*call).get("data", ()))
        created = self.rpc("create", {"name": "Forged", "partner_id": self.buyer.id})
        self.assertIn("debug", created["data"])
        self.assertEqual(self.digest(), before)

    # -- closing ---------------------------------------------------------------------

    def test_a_customer_closes_an_own_ticket(self):
        self.login("colleague")
        self.post(f"/my/tickets/{self.ours.id}/close")
        self.env.invalidate_all()
        self.assertTrue(self.ours.is_closed)
        self.assertTrue(self.ours.closed_at)
        self.assertIn("solved", self.ours.message_ids[:2].mapped("body")[-1])

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
        self.users["stranger"].partner_id.email = False
        self.theirs.stage_id = self.stage_solved
        self.assertFalse(self.theirs.rating_ids)
