from odoo import fields, models


class DcrmCustomerScore(models.Model):
    """What one company knows of one customer, in figures. Written by SQL only."""

    _name = "dcrm.customer.score"
    _description = "Customer Score"
    _order = "monetary desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        related="partner_id.user_id", string="Salesperson", related_sudo=False
    )
    industry_id = fields.Many2one(
        related="partner_id.industry_id", string="Industry", related_sudo=False
    )
    country_id = fields.Many2one(
        related="partner_id.country_id", string="Country", related_sudo=False
    )
    first_purchase_date = fields.Date(readonly=True)
    last_purchase_date = fields.Date(readonly=True)
    recency = fields.Integer(
        compute="_compute_recency",
        search="_search_recency",
        aggregator="avg",
        help="Days since the last purchase",
    )
    frequency = fields.Integer(
        readonly=True, aggregator="avg", help="Purchases in the window"
    )
    monetary = fields.Monetary(
        readonly=True, help="Net sum of the purchases in the window"
    )
    margin_unknown = fields.Integer(
        readonly=True, help="Purchases in the window without a known margin"
    )
    recency_class = fields.Integer(readonly=True, aggregator="avg")
    frequency_class = fields.Integer(readonly=True, aggregator="avg")
    monetary_class = fields.Integer(readonly=True, aggregator="avg")
    rfm_score = fields.Char("RFM", readonly=True, index=True)
    segment_id = fields.Many2one(
        "dcrm.segment", readonly=True, index=True, ondelete="set null"
    )
    segment_color = fields.Integer(
        related="segment_id.color", string="Segment Color", aggregator=None
    )
    value_class = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C")], readonly=True
    )
    cut_id = fields.Many2one(
        "dcrm.rfm.cut", "Cut Points", readonly=True, index=True, ondelete="set null"
    )
    scheme_id = fields.Many2one(related="cut_id.scheme_id")
    scored_on = fields.Date(readonly=True, help="The day this score was last renewed")

    # A constraint, not an index: the host's partner merge looks at constraints only.
    _unique_customer = models.Constraint("UNIQUE (partner_id, company_id)")
