from odoo import fields, models

from .res_partner import from_score


class ResPartner(models.Model):
    """Partners show what the current company's score says of their rhythm."""

    _inherit = "res.partner"

    customer_lifecycle = from_score(
        fields.Selection, "customer_lifecycle", string="Lifecycle"
    )
    customer_danger_since = from_score(
        fields.Date,
        "customer_danger_since",
        string="In Danger Since",
        help="Since when the customer is silent for too many of its usual gaps",
    )
    customer_relation = from_score(
        fields.Selection, "customer_relation", string="Loyal × Profitable"
    )
