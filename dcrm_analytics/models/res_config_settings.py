from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    purchase_basis = fields.Selection(
        related="company_id.purchase_basis", readonly=False
    )
    customer_scoring = fields.Boolean(
        related="company_id.customer_scoring", readonly=False
    )
