from odoo.http import Controller, request, route
from odoo.tools import email_normalize

from ..compute import incoming_email

LENGTHS = {"name": 100, "email": 200, "subject": 200, "text": 20_000}


class TicketForm(Controller):
    """The page in which who has no login opens a ticket of a team.

    Off until a team has it. What machines fill in is thanked for and left; who sends
    too many is asked to wait.
    """

    @route(
        "/tickets/new/<int:team_id>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
        sitemap=False,
    )
    def ticket_form(self, team_id, **post):
        team = request.env["dcrm.ticket.team"].sudo().browse(team_id).exists()
        if not team.has_form or not team.active:
            raise request.not_found()
        if request.httprequest.method == "GET":
            return self._render_form(team, self._own_values())
        values = {
            name: str(post.get(name) or "").replace(incoming_email.ZERO, "").strip()
            for name in (*LENGTHS, "kind")
        }
        # A field that people do not see, and machines fill in.
        if post.get("website"):
            return self._render_thanks(team)
        values["subject"] = " ".join(values["subject"].split())
        if errors := self._errors(values):
            return self._render_form(team, values, errors)
        email = email_normalize(values["email"])
        address = request.httprequest.remote_addr
        senders = request.env["dcrm.ticket.sender"].sudo()
        if not senders._count_form(team, email, address):
            return self._render_form(team, values, too_many=True)
        ticket = request.env["dcrm.ticket"]._open_in_form(
            team,
            values["subject"],
            values["text"],
            email,
            " ".join(values["name"].split()),
            self._kinds().filtered(lambda kind: str(kind.id) == values["kind"]),
        )
        return self._render_thanks(team, ticket)

    def _errors(self, values):
        """Return ``{field: what is wrong with it, in words}``."""
        errors = {}
        if not email_normalize(values["email"]):
            errors["email"] = request.env._(
                "Give one e-mail address, such as you@example.com: we answer there."
            )
        if not values["subject"]:
            errors["subject"] = request.env._("Say in a few words what it is about.")
        if not values["text"]:
            errors["text"] = request.env._("Say what we can do for you.")
        for name, length in LENGTHS.items():
            if len(values[name]) > length:
                errors[name] = request.env._("%s characters at most.", length)
        return errors

    def _own_values(self):
        """Return what is known of who is logged in."""
        user = request.env.user
        if user._is_public():
            return {}
        return {"name": user.name, "email": user.email or ""}

    def _kinds(self):
        # There are few, and they are the same for all.
        return request.env["dcrm.ticket.kind"].sudo().search([])  # pylint: disable=no-search-all

    def _render_form(self, team, values, errors=None, too_many=False):
        return request.render(
            "dcrm_service.ticket_form",
            {
                "team": team,
                "kinds": self._kinds(),
                "values": values,
                "errors": errors or {},
                "too_many": too_many,
                "lengths": LENGTHS,
                "no_breadcrumbs": True,
            },
            status=429 if too_many else 400 if errors else 200,
        )

    def _render_thanks(self, team, ticket=None):
        return request.render(
            "dcrm_service.ticket_form_thanks",
            {"team": team, "number": ticket and ticket.number, "no_breadcrumbs": True},
        )
