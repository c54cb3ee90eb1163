from dataclasses import replace

from odoo import api, fields, models

from ..queries import purchase, purchase_change

# How many documents a batch of the first build reads.
BATCH = 50_000

# Above so many documents that differ it is not worth the while to name them.
MANY = 100_000


class DcrmPurchase(models.Model):
    """One purchase document of one customer: the fact that everything else reads.

    Rows are written by set-based SQL only (``queries.purchase``); nobody edits them.
    """

    _name = "dcrm.purchase"
    _description = "Purchase"
    _order = "date desc, id desc"
    _rec_name = "reference"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        help="The commercial partner at the time of the document",
    )
    contact_id = fields.Many2one(
        "res.partner",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The contact that the document names",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, ondelete="set null"
    )
    date = fields.Date(
        required=True, readonly=True, help="The day in the company's time zone"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        readonly=True,
        help="Untaxed, in the company's currency; credit notes are negative",
    )
    margin = fields.Monetary(
        readonly=True,
        help="At the time of the document, never at today's cost; empty where the "
        "document knows no cost",
    )
    margin_known = fields.Boolean(readonly=True)
    source = fields.Selection(
        [
            ("sale", "Sales order"),
            ("invoice", "Invoice"),
            ("pos", "Point of sale"),
            ("import", "Imported history"),
        ],
        required=True,
        readonly=True,
    )
    reference = fields.Char(readonly=True, index="trigram")
    channel = fields.Char(readonly=True)
    order_id = fields.Many2one(
        "sale.order", "Sales Order", readonly=True, ondelete="cascade"
    )
    move_id = fields.Many2one(
        "account.move", "Invoice", readonly=True, ondelete="cascade"
    )
    # The till's tables exist only where point_of_sale is installed, so no foreign key.
    pos_order_ref = fields.Integer("Till Order", readonly=True)
    import_key = fields.Char(
        readonly=True, help="What makes an imported purchase one and the same"
    )
    line_ids = fields.One2many("dcrm.purchase.line", "purchase_id", readonly=True)

    _unique_order = models.Constraint("UNIQUE (order_id)")
    _unique_move = models.Constraint("UNIQUE (move_id)")
    _unique_pos_order = models.Constraint("UNIQUE (pos_order_ref)")
    _unique_import = models.Constraint("UNIQUE (company_id, import_key)")
    _customer_idx = models.Index("(partner_id, company_id, date)")
    _company_date_idx = models.Index("(company_id, date)")

    def init(self):
        self.env.cr.execute(purchase.leave_room())
        self.env.cr.execute(purchase_change.install())
        self.env.cr.execute(purchase_change.watch(self._table))

    @api.model
    def _sync(self, company, full=False, skip_locked=False):
        """Make a company's purchases equal to its documents; write what differs only.

        Incremental, unless ``full``, the first build is not complete, or what the facts
        hang on has changed (basis, time zone, currency, modules). Whose purchases
        changed is left in the queue of changes.

        :param skip_locked: return ``None`` where another synchronisation of the
            company is under way, instead of waiting for it
        :return: ``{'upserted': int, 'deleted': int, 'full': bool}``
        :raise psycopg2.errors.SerializationFailure: another transaction came first;
            the host tries a request again
        """
        Source = self.env["dcrm.purchase.source"]
        scope = Source._scope(company)
        sources = Source._take(company, Source._documents(scope), skip_locked)
        if sources is None:
            return None
        full = full or sources._is_outdated(scope.stamp)
        counts = {"upserted": 0, "deleted": 0, "full": full}
        self.env.cr.execute(purchase.room())
        for source in sources:
            reach = scope if full else replace(scope, since=source.mark)
            if full and source.built:
                reach = self._narrowed(reach, source.source)
            upserted, deleted = self._read_documents(reach, source.source)
            counts["upserted"] += upserted
            counts["deleted"] += deleted
        if full:
            counts["deleted"] += self._sweep(scope)
        sources._advance(scope.stamp)
        self.env["dcrm.purchase"].invalidate_model()
        return counts

    @api.model
    def _build_step(self, company, limit=BATCH, skip_locked=False):
        """Read the next batch of a company's documents for the first time.

        Each step may be a transaction of its own: the next goes on where it stopped.
        The first only notes from when on changes have to be read again.

        :param skip_locked: as for :meth:`_sync`
        :return: ``(done, remaining)`` numbers of documents
        """
        Source = self.env["dcrm.purchase.source"]
        scope = Source._scope(company)
        documents = Source._documents(scope)
        opening = not Source._known(company.id)
        sources = Source._take(company, documents, skip_locked)
        if sources is None:
            return None
        done = remaining = 0
        for source in sources.filtered(lambda source: not source.built):
            room = 0 if opening else limit - done
            after = source._read_up_to(scope.stamp)
            [[last, size, left]] = self.env.execute_query(
                purchase.batch(company.id, documents[source.source], after, room)
            )
            if size:
                self._read_documents(replace(scope, ids=(after, last)), source.source)
            if room:
                source._progress(scope.stamp, last, not left)
            done += size
            remaining += left
        self.env["dcrm.purchase"].invalidate_model()
        return done, remaining

    def _narrowed(self, scope, kind):
        """Return a scope of just the documents whose facts differ, if they are few."""
        documents = self.env["dcrm.purchase.source"]._documents(scope)[kind]
        rows = self.env.execute_query(purchase.differing(scope, documents))
        if len(rows) > MANY:
            return scope
        return replace(scope, only=[id_ for [id_] in rows])

    def _read_documents(self, scope, kind):
        """Bring the facts of one kind of document up to date; return what was done."""
        if scope.only == []:
            return 0, 0
        documents = self.env["dcrm.purchase.source"]._documents(scope)[kind]
        [counts] = self.env.execute_query(purchase.write(scope, documents))
        return counts

    def _sweep(self, scope):
        """Delete the facts of documents, and of kinds of documents, that are gone."""
        Source = self.env["dcrm.purchase.source"]
        documents = Source._documents(scope)
        deleted = 0
        if gone := Source._known(scope.company_id) - set(documents):
            deleted += self._execute(purchase.sweep(scope.company_id, sorted(gone)))
        for kind in documents.values():
            if not kind.linked:
                deleted += self._execute(purchase.orphans(scope.company_id, kind))
        return deleted

    def _execute(self, query):
        """Execute a statement and return the number of rows that it wrote."""
        self.env.cr.execute(query)
        return self.env.cr.rowcount
