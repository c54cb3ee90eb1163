from odoo import fields, models


class DcrmTicketKind(models.Model):
    """What a ticket is about: a question, a problem, a complaint, a return."""

    _name = "dcrm.ticket.kind"
    _inherit = ["dcrm.export.mixin"]
    _description = "Kind of Ticket"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    color = fields.Integer()
