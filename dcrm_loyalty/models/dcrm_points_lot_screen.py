from odoo import fields, models


class DcrmPointsLot(models.Model):
    """What the screens of lots show: whose they are, and what brought them."""

    _inherit = "dcrm.points.lot"

    tier_id = fields.Many2one(
        related="account_id.tier_id",
        string="Tier Now",
        help="The tier on which the customer stands now",
    )
    user_id = fields.Many2one(related="account_id.user_id", string="Salesperson")
    kind = fields.Selection(related="move_id.kind")
    day = fields.Date(related="move_id.day", string="Since")
    why = fields.Char(related="move_id.why")
