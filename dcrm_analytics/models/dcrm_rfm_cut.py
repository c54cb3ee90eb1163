from odoo import fields, models


class DcrmRfmCut(models.Model):
    """The cut points that scores of a scheme and company were made with, from a day on.

    ``n`` classes have ``n − 1`` cut points a axis; a customer's class is one more than
    the number of cut points that they exceed (for recency: fall short of, in days).
    """

    _name = "dcrm.rfm.cut"
    _description = "RFM Cut Points"
    _order = "date desc, id desc"

    scheme_id = fields.Many2one(
        "dcrm.rfm.scheme", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, readonly=True, help="Used from this day on")
    window_days = fields.Integer(readonly=True)
    basis = fields.Selection(
        [("revenue", "Revenue"), ("margin", "Margin")], readonly=True
    )
    method = fields.Selection(
        [("quantile", "Quantiles"), ("manual", "Set by hand")], readonly=True
    )
    population = fields.Integer(
        readonly=True, help="Customers that the quantiles were taken from"
    )
    recency_cuts = fields.Json(readonly=True, help="Days, descending")
    frequency_cuts = fields.Json(readonly=True, help="Numbers of purchases, ascending")
    monetary_cuts = fields.Json(readonly=True, help="Company currency, ascending")
    value_a = fields.Monetary(
        readonly=True, help="Least monetary value of value class A"
    )
    value_b = fields.Monetary(
        readonly=True, help="Least monetary value of value class B"
    )
