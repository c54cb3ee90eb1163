from odoo import fields, models

SELLER = "dcrm_analytics.group_dcrm_seller"


class ResPartner(models.Model):
    """Where a customer was and is, for conditions on it."""

    _inherit = "res.partner"

    segment_stay_ids = fields.One2many(
        "dcrm.segment.stay",
        "partner_id",
        "Stays in Segments",
        readonly=True,
        groups=SELLER,
    )
    customer_grid_segment_id = fields.Many2one(
        related="customer_score_id.grid_segment_id",
        related_sudo=False,
        string="Segment by the Grid",
        groups=SELLER,
        help="The segment of the customer's cell in the grid, whatever rules say",
    )
