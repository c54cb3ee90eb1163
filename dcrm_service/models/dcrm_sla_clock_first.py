from odoo import api, fields, models


class DcrmSlaClock(models.Model):
    """What was reached first: opening a ticket again takes nothing of it back."""

    _inherit = "dcrm.sla.clock"

    reopened = fields.Integer(
        "Opened Again",
        readonly=True,
        help="How often the ticket was opened again after it had been reached",
    )
    first_reached_at = fields.Datetime(
        "First Reached", compute="_compute_first", store=True, precompute=True
    )
    first_deadline = fields.Datetime(
        compute="_compute_first",
        store=True,
        precompute=True,
        help="The deadline when it was reached first",
    )
    first_missed = fields.Boolean(compute="_compute_first", store=True, precompute=True)

    @api.depends("reached_at", "deadline", "missed")
    def _compute_first(self):
        for clock in self:
            first = clock.reached_at and not clock.reopened
            for name, now in (
                ("first_reached_at", "reached_at"),
                ("first_deadline", "deadline"),
                ("first_missed", "missed"),
            ):
                clock[name] = clock[now] if first else clock[name]
