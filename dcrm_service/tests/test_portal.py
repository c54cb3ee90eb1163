"""Customers in the portal: their own company's tickets, and nothing else."""

import re
from functools import partial

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.dcrm_ticket_portal import PORTAL_READABLE
from .common_portal import MARK, PortalCase


@tagged("post_install", "-at_install")
class TestPortal(PortalCase):
    """Each route, by each role, on an own and on another's ticket."""

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

    def test_links_end_with_the_right(self):
        """Who has left the customer, or whose ticket it is no more, has no old link."""
        colleague = self.users["colleague"].partner_id
        seller = self.partner("Seller", parent_id=self.alba.id)
        changes = {
            "the contact leaves": lambda: self.buyer.write({"parent_id": False}),
            "a follower leaves": lambda: colleague.write({"parent_id": self.bora.id}),
            "the contact is archived": lambda: seller.write({"active": False}),
            "another customer's": lambda: ticket.write({"partner_id": self.bora.id}),
        }
        for case, change in changes.items():
            with self.subTest(case):
                contact = seller if "archived" in case else self.buyer
                ticket = self.ticket(contact, name="Linked")
                kept = self.ticket(self.alba, name="Not theirs")
                ticket.commercial_partner_id = self.alba
                if "follower" in case:
                    ticket.message_subscribe(colleague.ids)
                old, other = ticket.get_portal_url(), kept.get_portal_url()
                self.env.flush_all()
                self.login("public")
                self.assertIn("Linked", self.get(old).text)
                change()
                self.env.flush_all()
                self.assertNotIn("Linked", self.get(old).text)
                self.assertIn("Not theirs", self.get(other).text)
                self.assertIn("Linked", self.get(ticket.get_portal_url()).text)

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
