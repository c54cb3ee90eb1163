from odoo import api, fields, models

# What is kept of the first time, and the field that says so of the last.
FIRST = {
    "first_reached_at": "reached_at",
    "first_deadline": "deadline",
    "first_missed": "missed",
}


class DcrmSlaClock(models.Model):
    """What was reached first: opening a ticket again takes nothing of it back.

    But an answer that was none, see ``dcrm.ticket._take_answer_back``.
    """

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
            for name, now in FIRST.items():
                clock[name] = clock[now] if first else clock[name]

    def _forget_first(self):
        """Know of no first time any more: it was not reached."""
        self.write(dict.fromkeys(FIRST, False))
