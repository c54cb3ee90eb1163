from odoo import api, fields, models

from ..queries import customer_day


class DcrmCustomerScore(models.Model):
    """How long customers have been customers, which is what loyalty goes by."""

    _inherit = "dcrm.customer.score"

    relationship_days = fields.Integer(
        "Days a Customer",
        compute="_compute_relationship_days",
        search="_search_relationship_days",
        aggregator="avg",
        help="Days from the first to the last purchase",
    )

    @api.depends("first_purchase_date", "last_purchase_date")
    def _compute_relationship_days(self):
        for score in self:
            first, last = score.first_purchase_date, score.last_purchase_date
            score.relationship_days = (last - first).days if first and last else False

    def _search_relationship_days(self, operator, value):
        return self._domain_compared("relationship_days", operator, value)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "relationship_days":
            return customer_day.days_between(
                self._field_to_sql(alias, "first_purchase_date", query),
                self._field_to_sql(alias, "last_purchase_date", query),
            )
        return super()._field_to_sql(alias, field_expr, query)
