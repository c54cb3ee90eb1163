from odoo import api, fields, models


class DcrmTicket(models.Model):
    """Which deadlines the ticket's form shows: of the next answers only the last."""

    _inherit = "dcrm.ticket"

    shown_clock_ids = fields.One2many(
        "dcrm.sla.clock", compute="_compute_shown_clock_ids"
    )

    @api.depends("clock_ids.target", "clock_ids.reached_at")
    def _compute_shown_clock_ids(self):
        for ticket in self:
            answers = ticket.clock_ids.filtered(
                lambda clock: clock.target == "next_response"
            )
            ticket.shown_clock_ids = ticket.clock_ids - answers.sorted("id")[:-1]
