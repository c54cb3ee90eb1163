from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    interaction_capture = fields.Boolean(
        related="company_id.interaction_capture", readonly=False
    )
    authentication_servers = fields.Char(
        "Mail Servers That Check Senders",
        config_parameter="dcrm_service.authentication_servers",
    )
