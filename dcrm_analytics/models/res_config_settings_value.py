from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """By what customers are called A, B or C, on the screen of settings."""

    _inherit = "res.config.settings"

    value_class_basis = fields.Selection(
        related="company_id.value_class_basis", readonly=False
    )
    value_class_share_a = fields.Float(
        related="company_id.value_class_share_a", readonly=False
    )
    value_class_share_b = fields.Float(
        related="company_id.value_class_share_b", readonly=False
    )
    value_class_by_group = fields.Boolean(
        related="company_id.value_class_by_group", readonly=False
    )
