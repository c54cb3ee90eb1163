from odoo import fields, models

from ..models.dcrm_ticket_document import KINDS


class DcrmTicketChoice(models.TransientModel):
    """Of which of several things a document of a ticket is to be."""

    _name = "dcrm.ticket.choice"
    _description = "Choose for a Ticket"

    ticket_id = fields.Many2one("dcrm.ticket", required=True, ondelete="cascade")
    kind = fields.Selection(KINDS, required=True)
    line_ids = fields.One2many("dcrm.ticket.choice.line", "choice_id")

    def _action_open(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_service.dcrm_ticket_choice_action"
        )
        return {**action, "res_id": self.id}
