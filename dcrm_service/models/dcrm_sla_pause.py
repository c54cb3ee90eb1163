from odoo import fields, models


class DcrmSlaPause(models.Model):
    """Time that counts for no deadline of a ticket, such as while it was closed."""

    _name = "dcrm.sla.pause"
    _description = "Time That Does Not Count"
    _order = "started_at, id"
    _rec_name = "reason"

    ticket_id = fields.Many2one(
        "dcrm.ticket", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True
    )
    started_at = fields.Datetime(required=True, readonly=True)
    ended_at = fields.Datetime(readonly=True, help="Empty: it goes on")
    reason = fields.Selection(
        [("closed", "Closed")], required=True, readonly=True, default="closed"
    )

    _ends_after_it_begins = models.Constraint(
        "CHECK(ended_at >= started_at)", "A pause ends after it begins."
    )
