from odoo import fields, models

from ..queries import score_history


class DcrmCustomerScoreHistory(models.Model):
    """The score of a customer from a day on: the truth of the day, kept as recorded."""

    _name = "dcrm.customer.score.history"
    _description = "Customer Score History"
    _order = "date desc, id desc"
    _rec_name = "rfm_score"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
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
    date = fields.Date(required=True, readonly=True, help="True from this day on")
    first_purchase_date = fields.Date(readonly=True)
    last_purchase_date = fields.Date(readonly=True)
    frequency = fields.Integer(readonly=True, aggregator="avg")
    monetary = fields.Monetary(readonly=True)
    recency_class = fields.Integer(readonly=True, aggregator="avg")
    frequency_class = fields.Integer(readonly=True, aggregator="avg")
    monetary_class = fields.Integer(readonly=True, aggregator="avg")
    rfm_score = fields.Char("RFM", readonly=True)
    segment_id = fields.Many2one("dcrm.segment", readonly=True, ondelete="set null")
    segment_color = fields.Integer(
        related="segment_id.color", string="Segment Color", aggregator=None
    )
    value_class = fields.Selection([("a", "A"), ("b", "B"), ("c", "C")], readonly=True)
    cut_id = fields.Many2one("dcrm.rfm.cut", readonly=True, ondelete="set null")

    _unique_day = models.Constraint("UNIQUE (partner_id, company_id, date)")

    def init(self):
        self.env.cr.execute(score_history.leave_room())

    def action_open_partner(self):
        """Return the action that opens the customer."""
        self.ensure_one()
        return self.partner_id.get_formview_action()
