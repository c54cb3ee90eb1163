from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The company's rules, on the screen of settings."""

    _inherit = "res.config.settings"

    purchase_basis = fields.Selection(
        related="company_id.purchase_basis", readonly=False
    )
    customer_scoring = fields.Boolean(
        related="company_id.customer_scoring", readonly=False
    )

    # -- by what customers are called A, B or C ----------------------------------------

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

    # -- danger, lifecycle, loyalty ----------------------------------------------------

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

    # -- what late payment and selling cost --------------------------------------------

    late_payment_rate = fields.Float(
        related="company_id.late_payment_rate", readonly=False
    )
    selling_cost_account_ids = fields.Many2many(
        related="company_id.selling_cost_account_ids", readonly=False
    )
