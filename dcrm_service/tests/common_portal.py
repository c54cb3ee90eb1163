"""Customers of two companies in the portal, with a ticket each."""

from odoo import http
from odoo.tests import HttpCase

from .common import ServiceCase

MARK = "private-marker"


class PortalCase(ServiceCase, HttpCase):
    """``ours`` is the ticket of the buyer, ``theirs`` that of a stranger."""

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
