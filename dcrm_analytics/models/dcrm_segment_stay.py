from odoo import fields, models


class DcrmSegmentStay(models.Model):
    """A customer's stay in a segment: when it entered, when it left."""

    _name = "dcrm.segment.stay"
    _description = "Stay in a Segment"
    _order = "entered_on desc, id desc"
    _rec_name = "segment_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    segment_id = fields.Many2one(
        "dcrm.segment", required=True, readonly=True, index=True, ondelete="cascade"
    )
    segment_color = fields.Integer(
        related="segment_id.color", string="Segment Color", aggregator=None
    )
    entered_on = fields.Date(required=True, readonly=True)
    left_on = fields.Date(readonly=True, help="Empty: the customer is still there")
    treated_on = fields.Datetime(
        readonly=True, help="When the activity of the treatment was scheduled"
    )
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null")

    _customer_idx = models.Index("(partner_id, company_id)")
