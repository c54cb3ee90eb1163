from odoo import api, fields, models


class DcrmTicket(models.Model):
    """How long a ticket took us."""

    _inherit = "dcrm.ticket"

    time_ids = fields.One2many("dcrm.ticket.time", "ticket_id", "Time Spent")
    minutes_spent = fields.Integer(
        compute="_compute_minutes_spent", help="By all of us together"
    )

    @api.depends("time_ids.minutes")
    def _compute_minutes_spent(self):
        for ticket in self:
            ticket.minutes_spent = sum(ticket.time_ids.mapped("minutes"))
