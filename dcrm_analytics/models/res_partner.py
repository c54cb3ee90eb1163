from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..queries import partner_score

SELLER = "dcrm_analytics.group_dcrm_seller"


# Which field of the score each field of the partner shows.
SCORE_FIELDS = {
    "customer_score_id": "id",
    "rfm_currency_id": "currency_id",
    "rfm_last_purchase_date": "last_purchase_date",
    "rfm_recency": "recency",
    "rfm_frequency": "frequency",
    "rfm_monetary": "monetary",
    "rfm_score": "rfm_score",
    "customer_segment_id": "segment_id",
    "customer_segment_color": "segment_color",
    "value_class": "value_class",
    "customer_profit": "profit",
    "customer_lifecycle": "lifecycle",
    "customer_danger_since": "danger_since",
    "customer_relation": "relation",
}


def from_score(field_type, name, **attributes):
    """Return the partner's field ``name``, that shows a field of the score in view.

    It is read with the rights of the reader (``related_sudo=False``), so that the
    record rules of the score hold for reading, searching, sorting and grouping alike.
    """
    return field_type(
        related=f"customer_score_id.{SCORE_FIELDS[name]}",
        related_sudo=False,
        groups=SELLER,
        **attributes,
    )


def number_from_score(field_type, name, zero_without=True, **attributes):
    """Return the partner's number ``name``, that shows a number of the score in view.

    Not a related field: searched for "more than 0", the host's would also find the
    customers that have no score.

    :param zero_without: whether a customer without a score has 0 of it, as of purchases
    """
    source = SCORE_FIELDS[name]

    @api.depends(f"customer_score_id.{source}")
    @api.depends_context("company", "uid")
    def compute(partners):
        for partner in partners:
            partner[name] = partner.customer_score_id[source]

    def search(partners, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        domain = Domain("customer_score_id", "any", Domain(source, operator, value))
        if operator == "in" and any(
            each is False or (zero_without and not each) for each in value
        ):
            domain |= Domain("customer_score_id", "=", False)
        return domain

    return field_type(
        compute=compute,
        search=search,
        compute_sudo=False,
        groups=SELLER,
        **attributes,
    )


class ResPartner(models.Model):
    """Partners show the score that the current company gives them.

    The score lives in a table of its own; here it is one computed many2one that knows
    how to be searched and how to be joined, and plain related fields over it.
    A contact of a company shows its company's score.
    """

    _inherit = "res.partner"

    customer_score_id = fields.Many2one(
        "dcrm.customer.score",
        compute="_compute_customer_score_id",
        search="_search_customer_score_id",
        compute_sudo=False,
        groups=SELLER,
        help="The score of this customer in the current company",
    )
    rfm_currency_id = from_score(
        fields.Many2one, "rfm_currency_id", string="Currency of the Score"
    )
    rfm_last_purchase_date = from_score(
        fields.Date,
        "rfm_last_purchase_date",
        string="Last Purchase",
        help="Day of the last purchase in the current company",
    )
    rfm_recency = number_from_score(
        fields.Integer,
        "rfm_recency",
        zero_without=False,
        string="Days Since Purchase",
        aggregator="avg",
        help="Days since the last purchase in the current company",
    )
    rfm_frequency = number_from_score(
        fields.Integer,
        "rfm_frequency",
        string="Purchases Counted",
        aggregator="avg",
        help="Purchases in the window of the customer's scheme",
    )
    rfm_monetary = number_from_score(
        fields.Monetary,
        "rfm_monetary",
        string="Purchase Value",
        currency_field="rfm_currency_id",
        help="Net sum of the purchases in the window of the customer's scheme",
    )
    rfm_score = from_score(fields.Char, "rfm_score", string="RFM")
    customer_segment_id = from_score(
        fields.Many2one, "customer_segment_id", string="Customer Segment"
    )
    customer_segment_color = from_score(fields.Integer, "customer_segment_color")
    value_class = from_score(fields.Selection, "value_class", string="Value Class")
    customer_profit = number_from_score(
        fields.Monetary,
        "customer_profit",
        string="Profit",
        currency_field="rfm_currency_id",
        help="Revenue less all costs that are known, of all time, in the current "
        "company",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid")
    def _compute_customer_score_id(self):
        scores = self.env["dcrm.customer.score"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
            ]
        )
        score_of = {score.partner_id.id: score for score in scores}
        for partner in self:
            partner.customer_score_id = score_of.get(partner.commercial_partner_id.id)

    def _search_customer_score_id(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if operator == "in":
            wanted = [score_id for score_id in value if score_id]
            domain = self._domain_customers_of(Domain("id", "in", wanted))
            if len(wanted) < len(list(value)):
                domain |= ~self._domain_customers_of(Domain.TRUE)
            return domain
        if operator in ("any", "any!"):
            if not isinstance(value, Domain):
                value = Domain("id", "in", value)
            return self._domain_customers_of(value, bypass_access=operator == "any!")
        return self._domain_customers_of(Domain("display_name", operator, value))

    def _domain_customers_of(self, domain, bypass_access=False):
        """Return the domain of the partners whose score in view is in ``domain``."""
        visible = self._customer_scores_in_view(domain, bypass_access=bypass_access)
        customers = visible.subselect(SQL.identifier(visible.table, "partner_id"))
        return Domain("commercial_partner_id", "in", customers)

    def _customer_scores_in_view(self, domain=Domain.TRUE, bypass_access=False):
        """Return the query of the current company's scores that the user may read."""
        return self.env["dcrm.customer.score"]._search(
            Domain("company_id", "=", self.env.company.id) & domain,
            active_test=False,
            bypass_access=bypass_access,
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        score_field_name = SCORE_FIELDS.get(field_expr)
        if not score_field_name or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        # The superuser sees more than the user: never share a join between the two.
        viewer = "all" if self.env.su else "own"
        score = query.make_alias(alias, f"score_{viewer}_{self.env.company.id}")
        partner_score.join(
            query,
            score,
            self._customer_scores_in_view(),
            self._field_to_sql(alias, "commercial_partner_id", query),
        )
        scores = self.env["dcrm.customer.score"]
        return scores._field_to_sql(score, score_field_name, query)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name in SCORE_FIELDS and not nulls.code:
            # Customers without a score come last, whichever way the list is sorted.
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def action_open_customer_score(self):
        """Return the action that opens the page that explains the score.

        :raises AccessError: where the user sees no score of this customer
        """
        if not self.customer_score_id:
            raise AccessError(
                self.env._(
                    "You see no score of this customer in %s.", self.env.company.name
                )
            )
        return self.customer_score_id.action_open_explanation()

    def action_open_customer_purchases(self):
        """Return the action that lists the purchases of these customers."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_analytics.dcrm_purchase_action"
        )
        customers = self.commercial_partner_id
        return {**action, "domain": [("partner_id", "in", customers.ids)]}
