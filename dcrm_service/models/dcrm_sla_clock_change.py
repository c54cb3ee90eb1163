from odoo import fields, models


class DcrmSlaClockChange(models.Model):
    """A deadline that was set anew: what it was, what it became, and why."""

    _name = "dcrm.sla.clock.change"
    _inherit = ["dcrm.export.mixin"]
    _description = "Change of a Deadline"
    _order = "id desc"
    _rec_name = "reason"

    clock_id = fields.Many2one(
        "dcrm.sla.clock", required=True, readonly=True, index=True, ondelete="cascade"
    )
    ticket_id = fields.Many2one(
        related="clock_id.ticket_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="clock_id.company_id", store=True, precompute=True
    )
    target = fields.Selection(related="clock_id.target")
    reason = fields.Char(readonly=True)
    policy_before_id = fields.Many2one(
        "dcrm.sla.policy", readonly=True, ondelete="restrict"
    )
    policy_id = fields.Many2one("dcrm.sla.policy", readonly=True, ondelete="restrict")
    deadline_before = fields.Datetime(readonly=True)
    deadline = fields.Datetime(readonly=True)
