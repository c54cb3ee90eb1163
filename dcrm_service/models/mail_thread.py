from odoo import api, models

from ..compute import incoming_email
from .inside import INSIDE

# What is written there is not written between a customer and us.
NOT_WITH_CUSTOMERS = ("discuss.", "hr.", "mail.", "survey.")


class MailThread(models.AbstractModel):
    """What is written between a customer and us is an interaction.

    Captured where the host has decided whom a message goes to; mass mailings and
    automatic messages are not contact.
    """

    _inherit = "mail.thread"

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        interactions = self.env["dcrm.interaction"]
        # A ticket says by its channel that it comes from the web.
        if interactions._is_form(self._name) and self._name != "dcrm.ticket":
            interactions._capture_forms(documents)
        return documents

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        scheduled = self._is_notification_scheduled(kwargs.get("scheduled_date"))
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        if (
            len(self) == 1
            and not scheduled
            and self.env.context.get("dcrm_automatic_email") is not INSIDE
            # Nobody knows whose word it is.
            and not message.sudo().sender_doubt
            and self._is_customer_thread()
            and self.env["res.company"]._interaction_capture()
        ):
            self.env["dcrm.interaction"]._capture_message(self, message, recipients)
        return recipients

    def _is_customer_thread(self):
        """Return whether messages on this document may be with customers at all."""
        return not self._name.startswith(NOT_WITH_CUSTOMERS)

    def _message_route_process(self, message, message_dict, routes):
        """Remember which incoming e-mails no person wrote."""
        if incoming_email.is_automatic(message):
            self = self.with_context(dcrm_automatic_email=INSIDE)
        return super()._message_route_process(message, message_dict, routes)
