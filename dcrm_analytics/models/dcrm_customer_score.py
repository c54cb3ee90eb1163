from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..queries import customer_day
from ..queries import score as queries

# Fewer days since are a later date.
EARLIER = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
# What customers who never bought anything have none of.
DAYS = ("recency", "first_purchase_date", "last_purchase_date")


class DcrmCustomerScore(models.Model):
    """What one company knows of one customer, in figures. Written by SQL only."""

    _name = "dcrm.customer.score"
    _inherit = ["dcrm.customer.mixin"]
    _description = "Customer Score"
    _order = "monetary desc, id"

    company_id = fields.Many2one(index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    first_purchase_date = fields.Date(readonly=True)
    last_purchase_date = fields.Date(readonly=True)
    recency = fields.Integer(
        compute="_compute_recency",
        search="_search_recency",
        aggregator="avg",
        help="Days since the last purchase",
    )
    frequency = fields.Integer(readonly=True, help="Purchases in the window")
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
    value_class = fields.Selection([("a", "A"), ("b", "B"), ("c", "C")], readonly=True)
    scheme_id = fields.Many2one("dcrm.rfm.scheme", readonly=True, ondelete="set null")
    cut_id = fields.Many2one(
        "dcrm.rfm.cut",
        "Cut Points",
        compute="_compute_cut_id",
        groups="dcrm_analytics.group_dcrm_seller_all",
        help="The cut points that the classes follow now. They move each day, most "
        "scores don't: so a score names its scheme and finds them there.",
    )
    scored_on = fields.Date(readonly=True, help="The day this score last changed")

    # A constraint, not an index: the host's partner merge looks at constraints only.
    _unique_customer = models.Constraint("UNIQUE (partner_id, company_id)")

    def init(self):
        self.env.cr.execute(queries.leave_room())

    @api.depends("scheme_id", "company_id")
    def _compute_cut_id(self):
        cuts = self.env["dcrm.rfm.cut"].search(
            [
                ("scheme_id", "in", self.scheme_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("current", "=", True),
            ]
        )
        found = {(cut.scheme_id, cut.company_id): cut for cut in cuts}
        for score in self:
            score.cut_id = found.get((score.scheme_id, score.company_id))

    # -- days since the last purchase, never stored and so never stale -----------------

    @api.depends("last_purchase_date", "company_id")
    def _compute_recency(self):
        for company, scores in self.grouped("company_id").items():
            today = company._customer_scoring_today() if company else None
            for score in scores:
                last = score.last_purchase_date
                score.recency = (today - last).days if last and today else False

    def _search_recency(self, operator, value):
        if operator in ("in", "not in"):
            # To Python 0 is False: here it is today, and nothing is never.
            never = any(days is False for days in value)
            domain = Domain.OR(
                Domain("company_id", "in", company_ids)
                & Domain(
                    "last_purchase_date",
                    "in",
                    [day - timedelta(days) for days in value if days is not False],
                )
                for day, company_ids in self._today_of_companies().items()
            )
            if never:
                domain |= Domain("last_purchase_date", "=", False)
            return ~domain if operator == "not in" else domain
        if operator not in EARLIER:
            return NotImplemented
        return Domain.OR(
            Domain("company_id", "in", company_ids)
            & Domain("last_purchase_date", EARLIER[operator], day - timedelta(value))
            for day, company_ids in self._today_of_companies().items()
        )

    @api.model
    def _domain_compared(self, name, operator, value):
        """Return what a search of a figure asks that the database works out.

        :param name: of a field that :meth:`_field_to_sql` knows
        :return: the domain, ``NotImplemented`` for what is no comparison
        """
        if operator not in customer_day.OPERATORS:
            return NotImplemented
        return Domain.custom(
            to_sql=lambda model, alias, query: customer_day.compared(
                model._field_to_sql(alias, name, query), operator, value
            )
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "recency":
            return customer_day.days_since(
                self._field_to_sql(alias, "company_id", query),
                self._field_to_sql(alias, "last_purchase_date", query),
                self._today_of_companies(),
            )
        return super()._field_to_sql(alias, field_expr, query)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name in DAYS and not nulls.code:
            # Who never bought comes last, whichever way the list is sorted.
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    @api.model
    def _today_of_companies(self):
        """Return ``{day: ids of the companies that live on it}``, of all companies."""
        everyone = Domain("active", "in", [True, False])
        companies = self.env["res.company"].sudo()
        # All that their day hangs on at once: screens ask for it several times.
        companies = companies.search_fetch(
            everyone, ["customer_scoring_today", "partner_id"]
        )
        days = companies.grouped(lambda company: company._customer_scoring_today())
        return {day: companies.ids for day, companies in days.items()}
