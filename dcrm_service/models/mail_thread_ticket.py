import logging
from email.message import EmailMessage

from odoo import models

from ..compute import incoming_email

# The database holds no text with it.
ZERO = "\x00"

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    """What machines write opens no ticket again, and no e-mail is lost for its form."""

    _inherit = "mail.thread"

    def _message_route_process(self, message, message_dict, routes):
        """Let e-mails to tickets be processed once, and automatic ones quietly.

        An answer that a machine gives by itself makes no ticket: nobody asked anything.
        On a ticket every automatic e-mail is a note, that opens nothing and notifies
        nobody.
        """
        routes = list(routes or ())
        if incoming_email.is_automatic(message):
            if any(_is_of_ticket(route) and route[1] for route in routes):
                # A parent would have its author notified of the note.
                quiet = {"is_internal": True, "parent_id": False}
                message_dict = {**message_dict, **quiet}
        unasked = incoming_email.is_automatic_reply(message)
        kept = []
        for route in routes:
            new = _is_of_ticket(route) and not route[1]
            if new and (unasked or not self._claim_ticket(message_dict, route)):
                _logger.info(
                    "No ticket of e-mail %s by %s: %s",
                    message_dict["message_id"],
                    message_dict.get("email_from"),
                    "an automatic answer" if unasked else "there is one already",
                )
            else:
                kept.append(route)
        return super()._message_route_process(message, message_dict, kept)

    def _claim_ticket(self, message_dict, route):
        """Return whether this is the first time that a route makes a ticket of it."""
        defaults = route[2] or {}
        return self.env["dcrm.ticket.email"]._claim(
            message_dict["message_id"], defaults.get("team_id")
        )

    def message_parse(self, message, save_original=False):
        """Read what the host can not: charsets that nobody knows, and zero bytes."""
        if isinstance(message, EmailMessage):
            incoming_email.mend(message)
        parsed = super().message_parse(message, save_original=save_original)
        for key, value in parsed.items():
            if isinstance(value, str):
                parsed[key] = value.replace(ZERO, "")
        for position, attachment in enumerate(parsed.get("attachments") or ()):
            name = (attachment.fname or "").replace(ZERO, "")
            parsed["attachments"][position] = attachment._replace(fname=name)
        return parsed


def _is_of_ticket(route):
    return route[0] == "dcrm.ticket"
