from decimal import Decimal

from odoo import api, fields, models

from ..queries import (
    purchase_invoice,
    purchase_pos,
    purchase_sale,
    purchase_source,
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
    _order = "company_id, source"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    source = fields.Selection(
        [("sale", "Sales order"), ("invoice", "Invoice"), ("pos", "Point of sale")],
        required=True,
        readonly=True,
    )
    basis = fields.Char(
        readonly=True,
        help="What the facts were built with: purchase basis, time zone, rounding of "
        "the currency, modules",
    )
    built_up_to = fields.Integer(
        readonly=True, help="The first build has read the documents up to this id"
    )
    built = fields.Boolean(readonly=True, help="The first build is complete")
    mark = fields.Datetime(
        readonly=True,
        help="Every change committed by a transaction that began before this instant "
        "is in the facts",
    )
    next_mark = fields.Datetime(
        readonly=True,
        help="The mark that the next synchronisation may set: it was read before that "
        "synchronisation's snapshot, so nothing that commits late is passed over",
    )

    _unique_source = models.Constraint("UNIQUE (company_id, source)")

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
    def _take(self, company, skip_locked=False):
        """Lock a company's sources until the end of the transaction, opening new ones.

        :return: the sources, or ``None`` where they are locked and that is skipped
        """
        self.env.flush_all()
        kinds = set(self._documents(self._scope(company)))
        known = {
            source
            for [source] in self.env.execute_query(purchase_source.known(company.id))
        }
        if new := kinds - known:
            self.env.cr.execute(purchase_source.create(company.id, sorted(new)))
        rows = self.env.execute_query(
            purchase_source.lock(company.id, skip_locked=skip_locked)
        )
        if len(rows) < len(known | kinds):
            return None
        self.invalidate_model()
        return self.sudo().browse(id_ for [id_, source] in rows if source in kinds)

    @api.model
    def _claim(self, company):
        """Have whoever works on the company's facts or scores at the same time fail.

        :raise psycopg2.errors.SerializationFailure: another transaction came first
        """
        self._take(company)
        self.env.cr.execute(purchase_source.claim(company.id))

    def _is_outdated(self, scope):
        """Return whether the sources have to be read in full."""
        return any(
            not source.built or not source.mark or source.basis != scope.stamp
            for source in self
        )
