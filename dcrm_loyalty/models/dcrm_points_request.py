from odoo import fields, models


class DcrmPointsRequest(models.Model):
    """A request to move points.

    Written by ``dcrm.points.account.post_request`` and by imports alone.
    """

    _name = "dcrm.points.request"
    _inherit = "dcrm.request.mixin"
    _description = "Request for Points"

    company_id = fields.Many2one(ondelete="restrict")
    move_id = fields.Many2one("dcrm.points.move", readonly=True, ondelete="restrict")

    _unique_key = models.Constraint(
        "UNIQUE(company_id, key)", "The key is that of another request."
    )
