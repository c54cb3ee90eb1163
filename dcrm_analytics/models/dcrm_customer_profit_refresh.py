from odoo import api, models

from ..queries import (
    profit,
    profit_change,
    profit_document,
    profit_ledger,
)

# How many documents a batch of the first build reads.
BATCH = 50_000
# Above so many documents that differ it is not worth the while to name them.
MANY = 100_000


class DcrmCustomerProfit(models.Model):
    """Keeping the P&L equal to its sources: by what changed, or compared in full."""

    _inherit = "dcrm.customer.profit"

    @api.model
    def _profit_sources(self, company):
        """Return ``{source: queries.profit.ProfitSource}`` of a company, in order.

        An addon that knows of further costs extends this, and ``source``.
        """
        [[accounts]] = self.env.execute_query(profit_ledger.stamp())
        day = company._customer_scoring_today()
        scope = self.env["dcrm.purchase.source"]._scope(company)
        sources = [
            profit_ledger.ledger(company.id, accounts),
            profit_ledger.late(company.id, day, company.sudo().late_payment_rate),
            profit_document.imported(company.id),
        ]
        if "pos.order.account_move" in scope.features:
            sources.append(profit_document.till(scope))
        return {source.source: source for source in sources}

    @api.model
    def _sync(self, company, full=False, skip_locked=False):
        """Make a company's rows equal to their sources; write what differs only.

        Incremental, unless ``full`` or where a source was never read or what it hangs
        on has changed. Whose rows changed is left in the queue of changes.

        :param skip_locked: return ``None`` where another synchronisation of the
            company is under way, instead of waiting for it
        :return: dict of the counts ``written`` and ``deleted``
        :raise psycopg2.errors.SerializationFailure: another transaction came first
        """
        described = self._profit_sources(company)
        marks = self.env["dcrm.profit.source"]._take(company, described, skip_locked)
        if marks is None:
            return None
        self.env.flush_all()
        counts = {"written": 0, "deleted": 0}
        for mark in marks:
            self.env.cr.execute(profit.room())
            source = described[mark.source]
            for name, count in self._read_source(company, mark, source, full).items():
                counts[name] += count
            mark._advance(source.stamp)
        self.env.cr.execute(profit.sweep(company.id, list(described)))
        counts["deleted"] += self.env.cr.rowcount
        self.env.cr.execute(profit_change.take(company.id))
        self.invalidate_model()
        return counts

    @api.model
    def _build_step(self, company, limit=BATCH, skip_locked=False):
        """Read the next batch of a company's documents for the first time.

        Each step may be a transaction of its own: the next goes on where it stopped.
        The first only notes from when on changes have to be read again.

        :return: ``(done, remaining)`` numbers of documents, ``None`` as :meth:`_sync`
        """
        described = self._profit_sources(company)
        Source = self.env["dcrm.profit.source"]
        opening = not Source._known(company.id)
        marks = Source._take(company, described, skip_locked)
        if marks is None:
            return None
        self.env.flush_all()
        self.env.cr.execute(profit.room())
        done = remaining = 0
        for mark in marks.filtered(lambda mark: not mark.built):
            source = described[mark.source]
            after = mark._read_up_to(source.stamp)
            room = 0 if opening else limit - done
            ids = profit.batch(company.id, source, after, room)
            self.env.cr.execute(profit.gather(ids))
            [[last, size, left]] = self.env.execute_query(
                profit.left(company.id, source, after)
            )
            if size:
                self._write_rows(company, source, profit.GATHERED)
            if room:
                mark._progress(source.stamp, last, not left)
            done += size
            remaining += left
        self.invalidate_model()
        return done, remaining

    @api.model
    def _read_source(self, company, mark, source, full):
        """Bring the rows of one source up to date; return what was done."""
        documents = None
        if mark._is_outdated(source.stamp) or full:
            if mark.built:
                documents = self._gather_differing(company, source)
        else:
            self.env.cr.execute(profit.gather(source.changed(mark.mark)))
            documents = profit.GATHERED
        counts = self._write_rows(company, source, documents)
        if counts["written"] > MANY:
            self.env.cr.execute(profit.gather_statistics())
        return counts

    @api.model
    def _gather_differing(self, company, source):
        """Gather just the documents whose rows differ, if they are few."""
        rows = self.env.execute_query(
            profit.suspects(company.id, source, self._profit_columns())
        )
        if len(rows) > MANY:
            return None
        ids = list({id_ for [id_] in rows})
        self.env.cr.execute(profit.gather(profit.listed(ids)))
        return profit.GATHERED

    @api.model
    def _write_rows(self, company, source, documents):
        [[written, deleted]] = self.env.execute_query(
            profit.write(company.id, source, self._profit_columns(), documents)
        )
        return {"written": written, "deleted": deleted}
