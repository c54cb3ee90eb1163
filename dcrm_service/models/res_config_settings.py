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
    authentication_hops = fields.Integer(
        "Received Lines Above",
        config_parameter="dcrm_service.authentication_hops",
        help="How many lines of receipt (Received) your own servers write above what "
        "they found. What stands further down may be the sender's own.",
    )
    interaction_capture_forms = fields.Boolean(
        related="company_id.interaction_capture_forms", readonly=False
    )
    interaction_capture_chats = fields.Boolean(
        related="company_id.interaction_capture_chats", readonly=False
    )
    interaction_capture_ratings = fields.Boolean(
        related="company_id.interaction_capture_ratings", readonly=False
    )
    interaction_activity_type_ids = fields.Many2many(
        related="company_id.interaction_activity_type_ids", readonly=False
    )
