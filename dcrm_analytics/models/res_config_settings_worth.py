from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The company's rules of worth, on the screen of settings."""

    _inherit = "res.config.settings"

    customer_worth = fields.Boolean(related="company_id.customer_worth", readonly=False)
    danger_after_gaps = fields.Float(
        related="company_id.danger_after_gaps", readonly=False
    )
    danger_min_silence_days = fields.Integer(
        related="company_id.danger_min_silence_days", readonly=False
    )
    danger_min_days = fields.Integer(
        related="company_id.danger_min_days", readonly=False
    )
    lost_after_days = fields.Integer(
        related="company_id.lost_after_days", readonly=False
    )
    danger_activity_type_id = fields.Many2one(
        related="company_id.danger_activity_type_id", readonly=False
    )
    loyal_after_days = fields.Integer(
        related="company_id.loyal_after_days", readonly=False
    )
    loyal_from_share = fields.Float(
        related="company_id.loyal_from_share", readonly=False
    )
    profitable_from = fields.Monetary(
        related="company_id.profitable_from", readonly=False
    )
