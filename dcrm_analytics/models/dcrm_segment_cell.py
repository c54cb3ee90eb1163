from odoo import fields, models


class DcrmSegmentCell(models.Model):
    """One cell of a scheme's RFM cube and the segment it belongs to."""

    _name = "dcrm.segment.cell"
    _description = "Segment Cell"
    _order = "recency_class desc, frequency_class desc, monetary_class desc"

    scheme_id = fields.Many2one(
        "dcrm.rfm.scheme", required=True, index=True, ondelete="cascade"
    )
    recency_class = fields.Integer(required=True)
    frequency_class = fields.Integer(required=True)
    monetary_class = fields.Integer(required=True)
    segment_id = fields.Many2one(
        "dcrm.segment", required=True, index=True, ondelete="restrict"
    )

    _unique_cell = models.Constraint(
        "UNIQUE (scheme_id, recency_class, frequency_class, monetary_class)",
        "A cell of the RFM cube belongs to exactly one segment.",
    )
