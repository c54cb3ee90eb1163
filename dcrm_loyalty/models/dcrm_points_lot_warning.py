from odoo import fields, models


class DcrmPointsLot(models.Model):
    """Whether the customer knows that points are about to expire."""

    _inherit = "dcrm.points.lot"

    warned_for = fields.Date(
        readonly=True,
        help="The last day of these points that their customer was told of",
    )
