from odoo import fields, models


class DcrmTicketChecklistItem(models.Model):
    """A step of a checklist."""

    _name = "dcrm.ticket.checklist.item"
    _inherit = ["dcrm.export.mixin"]
    _description = "Item of a Ticket Checklist"
    _order = "checklist_id, sequence, id"

    checklist_id = fields.Many2one(
        "dcrm.ticket.checklist", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="checklist_id.company_id")
    sequence = fields.Integer(default=100)
    name = fields.Char("What Is to Be Done", required=True, translate=True)
    is_required = fields.Boolean(
        "Required", help="Nobody closes the ticket before it is done."
    )
