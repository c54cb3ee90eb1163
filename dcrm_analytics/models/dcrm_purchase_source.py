from decimal import Decimal

from odoo import api, fields, models

from ..queries import (
    purchase_invoice,
    purchase_pos,
    purchase_sale,
    source_mark,
)
from ..queries.purchase import Scope

# Stored fields of modules that need not be installed, by which facts are better.
FEATURES = (
    ("sale.order", "margin"),
    ("sale.order.line", "purchase_price"),
    ("account.move.line", "cogs_origin_id"),
    ("pos.order", "account_move"),
    ("pos.order.line", "sale_order_line_id"),
)


class DcrmPurchaseSource(models.Model):
    """How far one kind of document of one company has been read into the facts."""

    _name = "dcrm.purchase.source"
    _description = "Purchase Source"
    _inherit = ["dcrm.source.mixin"]

    source = fields.Selection(
        [("sale", "Sales order"), ("invoice", "Invoice"), ("pos", "Point of sale")],
        required=True,
        readonly=True,
    )

    @api.model
    def _scope(self, company):
        """Return the rules by which a company's documents are read."""
        company = company.sudo()
        return Scope(
            company_id=company.id,
            basis=company.purchase_basis,
            zone=str(company._customer_zone()),
            currency=company.currency_id.name,
            unit=Decimal(str(company.currency_id.rounding)),
            features=frozenset(
                f"{model}.{field}"
                for model, field in FEATURES
                if model in self.env and field in self.env[model]._fields
            ),
        )

    @api.model
    def _documents(self, scope):
        """Return the kinds of documents that are read: ``{source: Documents}``."""
        kinds = [purchase_sale, purchase_invoice]
        if "pos.order.account_move" in scope.features:
            kinds.append(purchase_pos)
        documents = [kind.documents(scope) for kind in kinds]
        return {document.source: document for document in documents}

    @api.model
    def _claim(self, company):
        """Have whoever works on the company's facts or scores at the same time fail.

        :raise psycopg2.errors.SerializationFailure: another transaction came first
        """
        self._take(company, self._documents(self._scope(company)))
        self.env.cr.execute(source_mark.claim(self._table, company.id))
