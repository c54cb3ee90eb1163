import logging
from datetime import timedelta

from odoo import api, models
from odoo.tools import email_normalize

from ..compute import incoming_email

# How often who sends too much is told so.
TOLD = timedelta(hours=2)
MACHINE = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    """Which ticket an e-mail goes to: the one that it answers, once, and quietly."""

    _inherit = "mail.thread"

    # -- where it goes ---------------------------------------------------------------

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """Find the ticket that an e-mail belongs to, by its headers or its subject.

        What is merged is answered in the ticket that goes on. Whoever is not who they
        say comes into no ticket of others, and is nobody that we know.
        """
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        if not any(map(_is_of_ticket, routes or ())):
            return routes
        doubt = self._sender_doubt(message, message_dict.get("email_from"))
        if doubt:
            # Nobody is answered because of whom a doubtful sender names.
            message_dict.update(author_id=False, sender_doubt=doubt, cc="")
        return [
            self._ticket_route(route, message_dict, doubt)
            if _is_of_ticket(route)
            else route
            for route in routes
        ]

    @api.model
    def _ticket_route(self, route, message_dict, doubt):
        model, ticket_id, values, user_id, alias = route
        ticket = self.env["dcrm.ticket"].sudo().browse(ticket_id or ())
        if doubt:
            user_id = self.env.uid
        if ticket and doubt in ("failed", "ours"):
            values, ticket = {"team_id": ticket.team_id.id}, ticket.browse()
            message_dict.pop("parent_id", None)
        elif ticket:
            ticket = ticket._living()
        elif not doubt:
            ticket = self._ticket_named(values, message_dict)
        return model, ticket.id or 0, values, user_id, alias

    @api.model
    def _ticket_named(self, values, message_dict):
        """Return the ticket whose number an e-mail has in its subject, where there is
        one that its sender takes part in."""
        numbers = incoming_email.numbers_in(message_dict.get("subject"))
        tickets = self.env["dcrm.ticket"].sudo().with_context(active_test=False)
        if not numbers:
            return tickets
        team = self.env["dcrm.ticket.team"].sudo()
        company = team.browse((values or {}).get("team_id")).company_id
        named = tickets.search(
            [
                ("number", "in", numbers),
                ("company_id", "=", (company or self.env.company).id),
            ]
        ).sorted(lambda ticket: numbers.index(ticket.number))
        address = email_normalize(message_dict.get("email_from"))
        for ticket in named:
            if living := ticket._living().filtered(
                lambda living: living._has_among_its_people(address)
            ):
                return living
        return tickets.browse()

    def _message_parse_post_process(self, message, message_dict, routes):
        values = super()._message_parse_post_process(message, message_dict, routes)
        if message_dict.get("sender_doubt"):
            values["author_id"] = False
        return values

    # -- once, and quietly -----------------------------------------------------------

    def _message_route_process(self, message, message_dict, routes):
        """Let e-mails to tickets be processed once, and automatic ones quietly.

        An answer that a machine gives by itself makes no ticket: nobody asked anything.
        It is a note on the team. On a ticket what a machine sends is a note, that opens
        nothing and notifies no customer.
        """
        routes = list(routes or ())
        if not any(map(_is_of_ticket, routes)):
            return super()._message_route_process(message, message_dict, routes)
        message_dict = self._ticket_message(message, message_dict, routes)
        unasked = incoming_email.is_automatic_reply(message)
        kept, teams = [], self.env["dcrm.ticket.team"]
        for route in routes:
            if self._is_there_already(route, message_dict):
                _logger.info(
                    "E-mail %s by %s is there already",
                    message_dict["message_id"],
                    message_dict.get("email_from"),
                )
                continue
            if _is_of_ticket(route) and not route[1]:
                teams |= self._team_of(route)
                route = self._route_aside(route) if unasked else route
            kept.append(route)
        message_id = message_dict["message_id"]
        thread_id = super()._message_route_process(message, message_dict, kept)
        claims = self.env["dcrm.ticket.email"].sudo()
        for ticket in claims._tickets_made(message_id, teams):
            ticket._acknowledge(message)
        return thread_id

    @api.model
    def _ticket_message(self, message, message_dict, routes):
        """Return what an e-mail to tickets is posted as."""
        folded = self.env["dcrm.ticket"]._fold_quoted(message_dict.get("body") or "")
        message_dict = {**message_dict, "body": folded}
        answered = any(_is_of_ticket(route) and route[1] for route in routes)
        if incoming_email.is_automatic_reply(message) or (
            answered and self._is_for_us_alone(message, message_dict)
        ):
            # A parent would have its author notified of the note.
            message_dict.update(is_internal=True, parent_id=False)
        return message_dict

    @api.model
    def _is_for_us_alone(self, message, message_dict):
        """Return whether an answer is no word between the customer and us.

        What a machine sends is none, and what only says to be from one of us. A
        customer's own system may well send answers as it sends mailings.
        """
        if incoming_email.is_by_machine(message):
            return True
        if message_dict.get("sender_doubt") == "unproven":
            return True
        address = email_normalize(message_dict.get("email_from"))
        return incoming_email.is_automatic(message) and self._is_ours(address)

    @api.model
    def _route_aside(self, route):
        """Return the way to the team's own notes, for what nobody asked."""
        team = self._team_of(route)
        _model, _ticket_id, _values, user_id, alias = route
        return (team._name, team.id, {}, user_id, alias) if team else route

    @api.model
    def _is_there_already(self, route, message_dict):
        """Return whether an e-mail has gone to the ticket or team of a route before."""
        if not _is_of_ticket(route):
            return False
        ticket = self.env["dcrm.ticket"].browse(route[1] or ())
        return not self.env["dcrm.ticket.email"]._claim(
            message_dict["message_id"], self._team_of(route), ticket
        )

    @api.model
    def _team_of(self, route):
        return self.env["dcrm.ticket.team"].browse((route[2] or {}).get("team_id"))

    # -- no storms -------------------------------------------------------------------

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        if any(map(_is_of_ticket, routes or ())):
            self = self.with_context(dcrm_told_once=True)
        return super()._detect_loop_sender(message, message_dict, routes)

    @api.model
    def _routing_create_bounce_email(self, email_from, body_html, message, **values):
        """Tell who sends too much so once in a while, and no machine at all."""
        if self.env.context.get("dcrm_told_once"):
            address = email_normalize(email_from) or ""
            if not incoming_email.may_be_answered(message, address):
                return None
            if not self.env["dcrm.automatic.email"]._claim("too much", address, TOLD):
                return None
            values.setdefault("headers", repr(MACHINE))
        return super()._routing_create_bounce_email(
            email_from, body_html, message, **values
        )


def _is_of_ticket(route):
    return bool(route) and route[0] == "dcrm.ticket"
