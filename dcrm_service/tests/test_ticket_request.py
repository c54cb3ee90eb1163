"""Tickets that other software opens: by a key, each once."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import ServiceCase


@tagged("post_install", "-at_install")
class TestTicketRequest(ServiceCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.customer = self.partner("Bistro", email="bistro@example.com")
        self.agent = self.env_as("agent")["dcrm.ticket"]
        self.kind = self.env["dcrm.ticket.kind"].search([], limit=1)

    def ask(self, key="call 1", subject="It leaks", tickets=None, **asked):
        asked.setdefault("team", self.team_a.id)
        tickets = self.agent if tickets is None else tickets
        return tickets.open_request(key, subject, **asked)

    def test_opened_once_however_often_it_is_sent(self):
        tag = self.env["dcrm.ticket.tag"].create({"name": "By the API"})
        asked = {
            "text": "Since <b>yesterday</b>",
            "contact": self.customer.id,
            "kind": self.kind.id,
            "product": self.product.id,
            "tags": tag.ids,
            "priority": "2",
            "channel": "call_centre",
        }
        answer = self.ask(**asked)
        ticket = self.env["dcrm.ticket"].browse(answer["ticket_id"])
        self.assertEqual(
            answer,
            {
                "ticket_id": ticket.id,
                "number": ticket.number,
                "customer_id": self.customer.id,
                "team_id": self.team_a.id,
            },
        )
        self.assertEqual(
            (
                ticket.name,
                ticket.partner_id,
                ticket.kind_id,
                ticket.product_id,
                ticket.tag_ids,
                ticket.priority,
                ticket.channel,
                ticket.company_id,
            ),
            (
                "It leaks",
                self.customer,
                self.kind,
                self.product,
                tag,
                "2",
                "call_centre",
                self.company_a,
            ),
        )
        self.assertIn("&lt;b&gt;", ticket.description)
        for _time in range(3):
            self.assertEqual(self.ask(**asked), answer)
        count = ticket.search_count([("commercial_partner_id", "=", self.customer.id)])
        self.assertEqual(count, 1)

    def test_a_key_is_of_one_request(self):
        self.ask(contact=self.customer.id)
        for other in ({"subject": "It cracks"}, {"priority": "1"}, {"text": "And"}):
            with self.subTest(other), self.assertRaisesRegex(UserError, "call 1"):
                self.ask(**{"contact": self.customer.id, **other})
        self.ask("call 2", contact=self.customer.id)

    def test_a_key_of_each_company(self):
        both = self.env_as("agent_ab")["dcrm.ticket"]
        first = self.ask(tickets=both)
        second = self.ask(tickets=both, team=self.team_b.id)
        self.assertNotEqual(first["ticket_id"], second["ticket_id"])
        self.assertEqual(self.ask(tickets=both), first)

    def test_a_failed_request_leaves_its_key(self):
        with self.assertRaises(UserError), self.cr.savepoint():
            self.ask(priority="9")
        self.assertTrue(self.ask(priority="1"))

    def test_known_by_the_address_or_a_stranger(self):
        known = self.ask(email="BISTRO@example.com")
        self.assertEqual(known["customer_id"], self.customer.id)
        stranger = self.ask("call 2", email="who@example.com")
        self.assertFalse(stranger["customer_id"])
        ticket = self.env["dcrm.ticket"].browse(stranger["ticket_id"])
        self.assertEqual(ticket.email_from, "who@example.com")
        self.assertFalse(
            self.env["res.partner"].search([("email", "=", "who@example.com")])
        )

    def test_what_makes_no_sense(self):
        others = self.env["sale.order"].create(
            {"partner_id": self.partner().id, "company_id": self.company_a.id}
        )
        self.users["agent"].group_ids |= self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        for asked in (
            {"key": ""},
            {"key": 5},
            {"key": "x" * 201},
            {"key": "call\0"},
            {"subject": " "},
            {"subject": None},
            {"subject": "x" * 201},
            {"contact": "1"},
            {"contact": 10**8},
            {"contact": True},
            {"tags": 1},
            {"tags": ["a"]},
            {"channel": "telepathy"},
            {"email": "nobody"},
            {"email": 5},
            {"text": 5},
            {"user_id": 2},
            {"company": self.company_b.id},
            {"contact": self.customer.id, "order": others.id},
        ):
            with self.subTest(asked), self.assertRaises(UserError):
                self.ask(**asked)

    def test_only_who_may_open_tickets_and_read_what_is_named(self):
        far = self.partner("Far", company_id=self.company_b.id)
        with self.assertRaises(AccessError):
            self.ask(contact=far.id)
        with self.assertRaises(AccessError):
            self.ask(team=self.team_b.id)
        for role in ("nobody", "portal", "seller", "manager"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.ask(tickets=self.env_as(role)["dcrm.ticket"])
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "company_id": self.company_a.id}
        )
        with self.assertRaises(AccessError):
            self.ask(contact=self.customer.id, order=order.id)

    def test_by_json(self):
        user = self.users["agent"]
        key = (
            self.env["res.users.apikeys"]
            .with_user(user)
            .sudo()
            ._generate("rpc", "tickets", False)
        )

        def post(**body):
            return self.url_open(
                "/json/2/dcrm.ticket/open_request",
                data=json.dumps({"team": self.team_a.id, **body}),
                headers={
                    "Authorization": f"bearer {key}",
                    "Content-Type": "application/json",
                },
            )

        asked = {"key": "json 1", "subject": "By JSON", "contact": self.customer.id}
        first, second = post(**asked), post(**asked)
        self.assertEqual(first.status_code, 200, first.text)
        self.assertEqual(first.json(), second.json())
        self.assertEqual(first.json()["customer_id"], self.customer.id)
        other = post(**{**asked, "subject": "Another"})
        self.assertEqual(other.status_code, 422, other.text)
