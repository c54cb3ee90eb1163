from odoo import api, fields, models
from odoo.fields import Domain

from ..queries import receivable as queries

KINDS = [
    ("invoice", "Invoice"),
    ("credit_note", "Credit note"),
    ("payment", "Payment"),
    ("entry", "Other entry"),
]
BUCKETS = [
    ("not_due", "Not due"),
    ("d30", "1–30 days"),
    ("d60", "31–60 days"),
    ("d90", "61–90 days"),
    ("d180", "91–180 days"),
    ("over180", "Over 180 days"),
]


class DcrmReceivable(models.Model):
    """What a customer owes: an open line on a receivable account.

    Read from the host's ledger, nothing is stored. Without more, it is what is open
    now; with a day as ``as_of`` in the context it is what was open at its end, which
    equals the ledger's balance of that day. Payments and credits that were not
    allocated are negative. Each installment of a payment term is an item.

    A day before a match was undone shows the item open: the host forgets a match when
    it undoes it. The customer is the line's partner's commercial partner at present.
    """

    _name = "dcrm.receivable"
    _description = "Receivable"
    _auto = False
    _order = "date_maturity, id"
    _rec_name = "reference"
    _depends = {
        "account.account": ["account_type"],
        "account.move": [
            "invoice_user_id",
            "move_type",
            "origin_payment_id",
            "partner_id",
            "state",
            "statement_line_id",
        ],
        "account.move.line": [
            "account_id",
            "amount_residual",
            "amount_residual_currency",
            "balance",
            "company_id",
            "currency_id",
            "date",
            "date_maturity",
            "move_id",
            "move_name",
            "parent_state",
            "partner_id",
            "reconciled",
        ],
        "account.partial.reconcile": ["max_date", "amount"],
        "res.partner": [
            "commercial_partner_id",
            "credit_limit",
            "industry_id",
            "user_id",
        ],
    }

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    contact_id = fields.Many2one(
        "res.partner", readonly=True, help="The contact that the document names"
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    document_currency_id = fields.Many2one("res.currency", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        readonly=True,
        help="Of the invoice, otherwise of the customer",
    )
    industry_id = fields.Many2one("res.partner.industry", readonly=True)
    move_id = fields.Many2one("account.move", "Journal Entry", readonly=True)
    reference = fields.Char("Document", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    date = fields.Date(readonly=True)
    date_maturity = fields.Date(
        "Due Date",
        readonly=True,
        help="Where the document has none, it is due on its own day",
    )
    amount = fields.Monetary(readonly=True, help="What the document came to")
    residual = fields.Monetary(
        "Open Amount",
        readonly=True,
        help="What is left of it; payments and credits to allocate are negative",
    )
    residual_currency = fields.Monetary(
        "Open in Currency", currency_field="document_currency_id", readonly=True
    )
    days_overdue = fields.Integer(
        readonly=True, aggregator="avg", help="Negative: days until it is due"
    )
    bucket = fields.Selection(BUCKETS, "Age", readonly=True)
    due_today = fields.Boolean(readonly=True)
    due_week = fields.Boolean(
        "Due This Week", readonly=True, help="Today or within the six days after"
    )
    unallocated = fields.Boolean(
        readonly=True, help="A payment or a credit, to be allocated to what is owed"
    )
    money_days = fields.Float(
        "Overdue Amount × Days",
        readonly=True,
        help="Of what is overdue: how much, times how many days",
    )
    as_of = fields.Date(
        compute="_compute_as_of",
        search="_search_as_of",
        help="The day at whose end it is open: type any day into the search",
    )
    over_limit = fields.Boolean(
        compute="_compute_over_limit",
        search="_search_over_limit",
        help="The customer owes more than its credit limit, where the company uses "
        "credit limits",
    )

    @property
    def _table_query(self):
        return self._items()

    @api.model
    def _items(self):
        """Return the SQL of the items as of the context's day."""
        today = self.env["dcrm.customer.score"]._today_of_companies()
        if not (day := self._as_of()):
            return queries.items(today)
        accounts = [row[0] for row in self.env.execute_query(queries.accounts())]
        return queries.items(today, day, accounts)

    @api.model
    def _as_of(self):
        asked = self.env.context.get("as_of")
        return self.env["dcrm.customer.score"]._day_asked(asked)

    @api.depends_context("as_of")
    def _compute_as_of(self):
        day = self._as_of()
        for company, items in self.grouped("company_id").items():
            items.as_of = day or company._customer_scoring_today()

    def _search_as_of(self, operator, value):
        # The day chooses what the items are; it is no property by which they differ.
        return Domain.TRUE

    # -- by age, not by the name of it -------------------------------------------------

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name == "bucket":
            age = queries.rank(self._field_to_sql(alias, field_name, query))
            return queries.ordered(age, direction, nulls)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _read_group_orderby(self, order, groupby_terms, query):
        terms = dict(groupby_terms)
        if "bucket" in terms:
            terms["bucket"] = queries.rank(terms["bucket"])
        ordered = super()._read_group_orderby(order, terms, query)
        # The host may change what is grouped by, to order by it.
        groupby_terms.update(
            {name: term for name, term in terms.items() if name != "bucket"}
        )
        return ordered

    # -- the credit limit --------------------------------------------------------------

    @api.depends("partner_id", "company_id")
    @api.depends_context("as_of")
    def _compute_over_limit(self):
        over = set()
        if self.partner_id and (limits := self._limits()):
            over.update(
                self.env.execute_query(
                    queries.over_limit(self._table_sql, limits, self.partner_id.ids)
                )
            )
        for item in self:
            item.over_limit = (item.company_id.id, item.partner_id.id) in over

    @api.model
    def _search_over_limit(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = {bool(each) for each in value}
        if len(wanted) != 1:
            return Domain(bool(wanted))
        domain = Domain.FALSE
        if limits := self._limits():
            over = queries.over_limit(self._table_sql, limits)
            domain = Domain.custom(
                to_sql=lambda _model, alias, _query: queries.is_over_limit(alias, over)
            )
        return domain if wanted == {True} else ~domain

    @api.model
    def _limits(self):
        """Return ``{company id: general limit}`` of the companies that use limits."""
        uses = Domain("account_use_credit_limit", "=", True)
        companies = self.env["res.company"].sudo().search(uses)
        field = self.env["res.partner"]._fields["credit_limit"]
        return {
            company.id: field.get_company_dependent_fallback(
                self.env["res.partner"].with_company(company)
            )
            or 0.0
            for company in companies
        }

    def action_open_document(self):
        """Return the action that opens the entry that the item is a line of.

        The customer, for who may not read entries.
        """
        self.ensure_one()
        seen = self.move_id if self.move_id.has_access("read") else self.partner_id
        return seen.with_context(as_of=False).get_formview_action()
