from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    coupons_personal = fields.Boolean(
        related="company_id.coupons_personal", readonly=False
    )
