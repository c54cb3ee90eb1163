from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    interaction_capture = fields.Boolean(
        related="company_id.interaction_capture", readonly=False
    )
