from odoo import api, models

from .dcrm_ticket_document import MODELS, ORIGIN


class MailThread(models.AbstractModel):
    """What is begun in a ticket is known to be so.

    Whatever of the host's apps makes the document, the context says where it began.
    That an app is not installed is then nobody's concern.
    """

    _inherit = "mail.thread"

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        ticket_id = self.env.context.get(ORIGIN)
        if ticket_id and self._name in MODELS:
            self.env["dcrm.ticket.document"]._link(ticket_id, documents)
        return documents
