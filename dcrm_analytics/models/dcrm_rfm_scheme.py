from odoo import fields, models


class DcrmRfmScheme(models.Model):
    """How customers are classed: window, basis, classes, cut points, segment grid.

    The scheme of a customer is the first that exists of: its company's for its
    industry, the shared one for its industry, its company's, the shared one.
    """

    _name = "dcrm.rfm.scheme"
    _description = "RFM Scheme"
    _order = "company_id, industry_id, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", ondelete="cascade", help="Empty: shared by all companies"
    )
    industry_id = fields.Many2one(
        "res.partner.industry",
        ondelete="cascade",
        help="Only for customers of this industry; empty: for all others",
    )
    window_days = fields.Integer(
        "Window", help="Only purchases of this many days count; 0: of all time"
    )
    basis = fields.Selection(
        [("revenue", "Revenue"), ("margin", "Margin")],
        default="revenue",
        required=True,
        help="What monetary value adds up",
    )
    method = fields.Selection(
        [("quantile", "Quantiles"), ("manual", "Set by hand")],
        default="quantile",
        required=True,
    )
    recency_classes = fields.Integer(default=5, required=True)
    frequency_classes = fields.Integer(default=5, required=True)
    monetary_classes = fields.Integer(default=5, required=True)
    recency_cuts = fields.Char(
        help="Days since the last purchase, from the worst class to the best, such as "
        "365; 180; 90; 30: whoever bought less long ago than the first leaves class 1"
    )
    frequency_cuts = fields.Char(
        help="Numbers of purchases, ascending, such as 1; 3; 6; 12: whoever has more "
        "than the first leaves class 1"
    )
    monetary_cuts = fields.Char(help="Amounts in company currency, ascending")
    cell_ids = fields.One2many("dcrm.segment.cell", "scheme_id", "Segment Grid")
    cut_ids = fields.One2many("dcrm.rfm.cut", "scheme_id", "Cut Points Used")
