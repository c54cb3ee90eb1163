from odoo import fields, models

from ..queries import profit_reconciliation


class DcrmProfitReconciliation(models.Model):
    """Whether the profit of customers adds up to the ledger, and if not why.

    Read from both, nothing is stored: a row a company, day, line of the P&L and part
    of what was posted.
    """

    _name = "dcrm.profit.reconciliation"
    _description = "Customer Profit and Ledger"
    _auto = False
    _order = "date desc, line desc, part"
    _rec_name = "date"
    _depends = {
        "dcrm.customer.profit": ["company_id", "date", "source", "revenue", "goods"],
        "account.move.line": ["balance", "parent_state", "account_id", "partner_id"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(readonly=True, help="The accounting date")
    line = fields.Selection(
        [("revenue", "Revenue"), ("goods", "Cost of Goods")], readonly=True
    )
    part = fields.Selection(
        [
            ("customer", "Entries of customers"),
            ("till", "Till orders, booked by session"),
            ("nobody", "Entries that name nobody"),
            ("vendor", "What vendors billed"),
            ("import", "Imported history, not in these books"),
        ],
        "Of What",
        readonly=True,
    )
    ledger = fields.Monetary(
        readonly=True, help="Posted in the ledger; revenue positive, cost negative"
    )
    customers = fields.Monetary(readonly=True, help="In the P&L of customers")
    difference = fields.Monetary(readonly=True, help="The ledger less the customers")

    @property
    def _table_query(self):
        return profit_reconciliation.table(
            tuple(self.env.companies.ids), sessions="pos.session" in self.env
        )
