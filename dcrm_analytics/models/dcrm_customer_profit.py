from odoo import api, fields, models

from ..queries import profit, profit_change, profit_statement, purchase_change

# The columns of the P&L, in its order: what a customer brings, and what it costs.
COLUMNS = ("revenue", "goods", "late_payment")
# What a row may be linked to, so that it is deleted along with it.
DOCUMENTS = ("move_id", "purchase_id")


class DcrmCustomerProfit(models.Model):
    """The P&L of customers, a row a document and customer. Written by SQL only.

    Costs are negative, so that every column adds up. An addon that knows of a further
    cost adds its column to :meth:`_profit_columns` and where it comes from to
    :meth:`_profit_sources`.
    """

    _name = "dcrm.customer.profit"
    _inherit = ["dcrm.customer.mixin"]
    _description = "Customer Profit"
    _order = "date desc, id desc"

    partner_id = fields.Many2one(
        help="The commercial partner that the document's partner has now"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, readonly=True, help="The accounting date")
    source = fields.Selection(
        [
            ("ledger", "Ledger"),
            ("late_payment", "Late payment"),
            ("pos", "Point of sale"),
            ("import", "Imported history"),
        ],
        required=True,
        readonly=True,
        help="Imported history is not in these books, and the till books its orders by "
        "session: what these bring comes beside the ledger",
    )
    res_id = fields.Integer("Document", required=True, readonly=True, aggregator=None)
    move_id = fields.Many2one(
        "account.move",
        "Journal Entry",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    purchase_id = fields.Many2one(
        "dcrm.purchase",
        "Imported Purchase",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    revenue = fields.Monetary(
        readonly=True, help="Posted to income accounts, in the company's currency"
    )
    goods = fields.Monetary(
        "Cost of Goods",
        readonly=True,
        help="Posted as cost of what was sold; negative",
    )
    margin = fields.Monetary(
        "Gross Margin", readonly=True, help="Revenue less cost of goods"
    )
    late_payment = fields.Monetary(
        "Cost of Late Payment",
        readonly=True,
        help="Interest on what was paid after the due date, or is still open; negative",
    )
    profit = fields.Monetary(
        readonly=True, help="Revenue less everything that is known to have been spent"
    )
    cost_known = fields.Boolean(
        readonly=True,
        help="Whether a cost of goods was posted, or imported, with the document. "
        "Without, it counts as none",
    )

    revenue_of_unknown_cost = fields.Monetary(
        "Revenue of Unknown Cost",
        compute="_compute_revenue_of_unknown_cost",
        aggregator="sum",
        help="What of the revenue is margin in full, since no cost of it is known",
    )

    # A constraint, not an index: the host's partner merge looks at constraints only.
    _unique_document = models.Constraint(
        "UNIQUE (res_id, source, partner_id, company_id)"
    )
    _customer_idx = models.Index("(partner_id, company_id, date)")
    _company_date_idx = models.Index("(company_id, date)")

    def init(self):
        self.env.cr.execute(profit.leave_room())
        self.env.cr.execute(profit_change.install())
        self.env.cr.execute(purchase_change.install())
        self.env.cr.execute(purchase_change.watch(self._table))

    @api.depends("revenue", "cost_known")
    def _compute_revenue_of_unknown_cost(self):
        for row in self:
            row.revenue_of_unknown_cost = 0.0 if row.cost_known else row.revenue

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "revenue_of_unknown_cost":
            return profit_statement.revenue_of_unknown_cost(
                self._field_to_sql(alias, "revenue", query),
                self._field_to_sql(alias, "cost_known", query),
            )
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _profit_columns(self):
        """Return the names of the columns that add up to the profit."""
        return COLUMNS

    @api.model
    def _profit_documents(self):
        """Return the names of the many2ones that link a row to its document."""
        return DOCUMENTS
