from odoo import api, fields, models
from odoo.fields import Domain

from ..queries import collection as queries


class DcrmCollection(models.Model):
    """What settled a receivable: one match of the host's ledger.

    Payments are what was collected; credit notes, write-offs and exchange differences
    settle as well, and are told apart by their kind. What was paid but not allocated
    settled nothing yet: it is among the receivables, negative.
    """

    _name = "dcrm.collection"
    _description = "Collection"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "reference"
    _depends = {
        "account.account": ["account_type"],
        "account.journal": ["type"],
        "account.move": ["invoice_user_id", "move_type", "origin_payment_id"],
        "account.move.line": [
            "account_id",
            "company_id",
            "date",
            "date_maturity",
            "journal_id",
            "move_id",
            "move_name",
            "partner_id",
        ],
        "account.partial.reconcile": [
            "amount",
            "credit_move_id",
            "debit_move_id",
            "exchange_move_id",
            "max_date",
        ],
        "account.payment": ["payment_method_line_id"],
        "res.partner": ["commercial_partner_id", "industry_id", "user_id"],
    }

    kind = fields.Selection(
        [
            ("payment", "Payment"),
            ("credit_note", "Credit note"),
            ("exchange", "Exchange difference"),
            ("entry", "Write-off or other entry"),
        ],
        readonly=True,
    )
    date = fields.Date(readonly=True, help="Of a payment: the day it came in")
    settled_on = fields.Date(
        readonly=True, help="The later of the days of the payment and of the invoice"
    )
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    journal_id = fields.Many2one("account.journal", readonly=True)
    payment_method_line_id = fields.Many2one(
        "account.payment.method.line",
        "Payment Method",
        readonly=True,
        help="Empty: booked straight from a bank statement, or no payment",
    )
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        readonly=True,
        help="Of the invoice, otherwise of the customer",
    )
    industry_id = fields.Many2one("res.partner.industry", readonly=True)
    move_id = fields.Many2one("account.move", "Journal Entry", readonly=True)
    reference = fields.Char("Settled By", readonly=True)
    settled_move_id = fields.Many2one("account.move", "Settled Entry", readonly=True)
    settled_reference = fields.Char("Document", readonly=True)
    date_maturity = fields.Date("Due Date", readonly=True)
    amount = fields.Monetary(
        readonly=True, help="In the company's currency; what was paid back is negative"
    )
    days_late = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="From the due date to the payment, negative: before it was due; together "
        "they are averaged by amount",
    )
    money_days = fields.Float(
        "Amount × Days Late", readonly=True, help="What the average is made of"
    )

    @property
    def _table_query(self):
        [[accounts, money]] = self.env.execute_query(queries.ledger())
        return queries.matches(accounts, money)

    @api.model
    def _search(self, domain, *args, **kwargs):
        """What came in since a day was settled since, which is found without a join."""
        domain = Domain(domain).map_conditions(self._settled_since)
        return super()._search(domain, *args, **kwargs)

    @staticmethod
    def _settled_since(condition):
        if condition.field_expr == "date" and condition.operator in (">", ">="):
            return condition & Domain("settled_on", condition.operator, condition.value)
        return condition

    def _read_group_select(self, aggregate_spec, query):
        """The average of days is by amount: a large payment counts for more."""
        if aggregate_spec != "days_late:avg":
            return super()._read_group_select(aggregate_spec, query)
        names = ("money_days", "amount", "days_late")
        return queries.mean_days(
            *(self._field_to_sql(self._table, name, query) for name in names)
        )

    def action_open_document(self):
        """Return the action that opens the entry that was settled.

        The customer, for who may not read entries.
        """
        self.ensure_one()
        settled = self.settled_move_id
        seen = settled if settled.has_access("read") else self.partner_id
        return seen.get_formview_action()
