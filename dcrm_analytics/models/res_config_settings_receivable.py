from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What late payment and selling cost, on the screen of settings."""

    _inherit = "res.config.settings"

    late_payment_rate = fields.Float(
        related="company_id.late_payment_rate", readonly=False
    )
    selling_cost_account_ids = fields.Many2many(
        related="company_id.selling_cost_account_ids", readonly=False
    )
