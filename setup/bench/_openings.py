"""Ways in which tickets are opened, each beside a bare record with a thread.

A bare record is a price list: of the host's own it has a thread and little else. It
comes about just as the ticket does, by the same gateway or as short a route, and what
is said on it is not kept as an interaction.
"""

import re

from _desk import PASSWORD
from werkzeug.test import Client

from odoo.http import Controller, request, root, route
from odoo.tools import plaintext2html

from odoo.addons.dcrm_service.models import dcrm_ticket_portal
from odoo.addons.dcrm_service.models.inside import INSIDE

BARE = "product.pricelist"
EMAIL = (
    "From: {number}@customer.example\r\nTo: {to}@bench.example\r\nSubject: Leaks\r\n"
    "Message-Id: <{to}-{number}@customer.example>\r\n\r\nIt leaks at the lid.\r\n"
)
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class BareRoute(Controller):
    """What opens a ticket in the portal, of a bare record."""

    @route("/bench/bare", type="http", auth="user", methods=["POST"], website=True)
    def open_bare(self, subject="", text=""):
        partner = request.env.user.partner_id
        record = request.env[BARE].sudo().with_context(dcrm_automatic_email=INSIDE)
        record = record.create(
            {"name": subject, "company_id": request.env.company.id},
        )
        record.message_subscribe(partner.ids)
        record.message_post(
            body=plaintext2html(text),
            author_id=partner.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        return request.redirect(f"/my/tickets/{record.id}")


class Portal:
    """A customer's browser, without the network between."""

    def __init__(self, user):
        self.client = Client(root)
        token = self._token("/web/login")
        self._send("/web/login", login=user.login, password=PASSWORD, csrf_token=token)
        self.token = self._token("/my/tickets/new")

    def open(self, url):
        answer = self._send(
            url, subject="Leaks", text="It leaks.", csrf_token=self.token
        )
        if "/my/tickets/" not in answer.headers.get("Location", ""):
            raise SystemExit(f"{url} opened nothing: {answer.status}.")

    def _token(self, url):
        return TOKEN.search(self._send(url).text)[1]

    def _send(self, url, **values):
        return self.client.open(
            url,
            method="POST" if values else "GET",
            data=values or None,
            environ_overrides={"REMOTE_ADDR": "127.0.0.1"},
        )


class Openings:
    """Opens tickets of a desk and bare records, one or so many at a time."""

    def __init__(self, desk, together):
        self.desk, self.env, self.together = desk, desk.env, together
        self.sent = 0
        self.env["mail.alias"].create(
            {
                "alias_name": "bare",
                "alias_domain_id": desk.company.alias_domain_id.id,
                "alias_model_id": self.env["ir.model"]._get_id(BARE),
                "alias_defaults": repr({"company_id": desk.company.id}),
            }
        )
        self.env.cr.commit()
        # One customer opens them all: the guard against that would end the bench.
        dcrm_ticket_portal.MOST_IN_AN_HOUR = 10**9
        self.portal = Portal(desk.buyer)

    def ways(self):
        """Return ``{way: (opens tickets, opens bare records, how many)}``."""
        return {
            "by e-mail": (lambda: self.email("bench"), self.bare_email, 1),
            "by portal": (
                lambda: self.portal.open("/my/tickets/new"),
                lambda: self.portal.open("/bench/bare"),
                1,
            ),
            "by a call": (lambda: self.tickets(1), lambda: self.bare(1), 1),
            f"{self.together} at once": (
                lambda: self.tickets(self.together),
                lambda: self.bare(self.together),
                self.together,
            ),
        }

    def email(self, to, **context):
        self.sent += 1
        number = self.sent % len(self.desk.customers)
        email = EMAIL.format(number=number, to=to)
        email = email.replace("Message-Id: <", f"Message-Id: <{self.sent}-")
        self.env["mail.thread"].with_context(**context).message_process(None, email)

    def bare_email(self):
        self.email("bare", dcrm_automatic_email=INSIDE)

    def tickets(self, count):
        customers = self.desk.customers
        self.env["dcrm.ticket"].create(
            [
                {
                    "name": f"Bench {number}",
                    "team_id": self.desk.team.id,
                    "partner_id": customers[number % len(customers)].id,
                    "priority": str(number % 4),
                }
                for number in range(count)
            ]
        )
        self.env.flush_all()

    def bare(self, count):
        values = {"company_id": self.desk.company.id}
        names = [{"name": f"Bench {number}", **values} for number in range(count)]
        self.env[BARE].create(names)
        self.env.flush_all()
