import logging

from odoo import models

from ..compute import incoming_email

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    """What machines write opens no ticket again, and no e-mail is lost for its form."""

    _inherit = "mail.thread"

    def _message_route_process(self, message, message_dict, routes):
        """Let automatic e-mails make no noise in tickets.

        One that answers by itself makes no ticket: nobody asked anything. On a ticket
        every automatic one is a note, that opens nothing and notifies nobody.
        """
        if incoming_email.is_automatic(message):
            message_dict, routes = self._quiet_tickets(message, message_dict, routes)
        return super()._message_route_process(message, message_dict, routes)

    def _quiet_tickets(self, message, message_dict, routes):
        routes = list(routes or ())
        asked = [route for route in routes if route[0] == "dcrm.ticket" and route[1]]
        if asked:
            # A parent would have its author notified of the note.
            message_dict = {**message_dict, "is_internal": True, "parent_id": False}
        if incoming_email.is_automatic_reply(message):
            kept = [route for route in routes if route[0] != "dcrm.ticket" or route[1]]
            if len(kept) < len(routes):
                _logger.info(
                    "No ticket of the automatic answer %s by %s",
                    message_dict["message_id"],
                    message_dict.get("email_from"),
                )
            routes = kept
        return message_dict, routes

    def _message_parse_extract_payload(
        self, message, message_dict, save_original=False
    ):
        incoming_email.mend_charsets(message)
        payload = super()._message_parse_extract_payload(
            message, message_dict, save_original=save_original
        )
        body = payload["body"]
        return {**payload, "body": type(body)(incoming_email.storable(body))}
