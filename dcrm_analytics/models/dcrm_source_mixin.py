from odoo import api, fields, models

from ..queries import source_mark


class DcrmSourceMixin(models.AbstractModel):
    """How far one source of one company's facts has been read.

    The model has a field ``source`` that names it. Rows are written by the statements
    of ``queries.source_mark`` only.
    """

    _name = "dcrm.source.mixin"
    _description = "Source of Facts"
    _order = "company_id, source"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    stamp = fields.Char(
        readonly=True,
        help="What the facts were made with, as settings, rounding of the currency, "
        "modules",
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
    def _known(self, company_id):
        """Return the names of the sources that a company ever opened."""
        rows = self.env.execute_query(source_mark.known(self._table, company_id))
        return {name for [name] in rows}

    @api.model
    def _take(self, company, names, skip_locked=False):
        """Lock a company's sources until the end of the transaction, opening new ones.

        :param names: of the sources that there are now
        :return: these sources, or ``None`` where they are locked and that is skipped
        """
        self.env.flush_all()
        names = set(names)
        known = self._known(company.id)
        if new := names - known:
            self.env.cr.execute(
                source_mark.create(self._table, company.id, sorted(new))
            )
        rows = self.env.execute_query(
            source_mark.lock(self._table, company.id, skip_locked=skip_locked)
        )
        if len(rows) < len(known | names):
            return None
        self.invalidate_model()
        return self.sudo().browse(id_ for [id_, name] in rows if name in names)

    def _is_outdated(self, stamp):
        """Return whether the sources have to be read in full."""
        return any(
            not (row.built and row.mark) or (row.stamp or "") != stamp for row in self
        )

    def _read_up_to(self, stamp):
        """Return the id up to which the first build has read, made with a stamp."""
        self.ensure_one()
        return self.built_up_to if (self.stamp or "") == stamp else 0

    def _advance(self, stamp):
        """Note that all up to the mark is read, and which mark may be the next."""
        self.env.cr.execute(source_mark.advance(self._table, self.ids, stamp))
        self.invalidate_recordset()

    def _progress(self, stamp, last, built):
        """Note what the first build has read: up to an id, or all of it."""
        self.ensure_one()
        self.env.cr.execute(
            source_mark.progress(self._table, self.id, stamp, last, built)
        )
        self.invalidate_recordset()
