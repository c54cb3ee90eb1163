from odoo import fields, models


class DcrmTicketStage(models.Model):
    """A step that tickets go through; shared, or of some teams only."""

    _name = "dcrm.ticket.stage"
    _description = "Ticket Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True, help="What is done in this stage")
    fold = fields.Boolean("Folded in Kanban")
    is_closed = fields.Boolean(
        "Closes the Ticket", help="Tickets in this stage are done: no deadline runs."
    )
    is_waiting = fields.Boolean(
        "Waiting for the Customer", help="The next word is the customer's."
    )
    team_ids = fields.Many2many(
        "dcrm.ticket.team", string="Teams", help="Empty: shared by all teams"
    )
