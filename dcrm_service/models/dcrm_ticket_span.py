from odoo import api, fields, models


class DcrmTicket(models.Model):
    """How long a customer waited, by the clock on the wall, for means over tickets."""

    _inherit = "dcrm.ticket"

    hours_to_answer = fields.Float(
        compute="_compute_hours_to_answer",
        store=True,
        precompute=True,
        aggregator="avg",
        help="From when it was opened to the first answer, nights and holidays too",
    )
    hours_to_close = fields.Float(
        compute="_compute_hours_to_close",
        store=True,
        precompute=True,
        aggregator="avg",
        help="From when it was opened to when it was closed first, nights and holidays "
        "too",
    )

    @api.depends("opened_at", "first_response_at")
    def _compute_hours_to_answer(self):
        for ticket in self:
            ticket.hours_to_answer = ticket._hours_until(ticket.first_response_at)

    @api.depends("opened_at", "first_closed_at")
    def _compute_hours_to_close(self):
        for ticket in self:
            ticket.hours_to_close = ticket._hours_until(ticket.first_closed_at)

    def _hours_until(self, instant):
        """Return the hours between the opening and an instant, 0 while there is none.

        Means are asked for among tickets that have the instant.
        """
        if not (instant and self.opened_at):
            return 0.0
        return (instant - self.opened_at).total_seconds() / 3600
