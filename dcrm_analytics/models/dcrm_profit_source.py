from odoo import api, fields, models

from ..queries import profit_source


class DcrmProfitSource(models.Model):
    """How far one source of the P&L of one company's customers has been read."""

    _name = "dcrm.profit.source"
    _description = "Source of Customer Profit"
    _order = "company_id, source"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    source = fields.Char(required=True, readonly=True)
    stamp = fields.Char(
        readonly=True,
        help="What the rows were made with: accounts, rates, rounding of the currency",
    )
    built_up_to = fields.Integer(
        readonly=True, help="The first build has read the documents up to this id"
    )
    built = fields.Boolean(readonly=True, help="The first build is complete")
    mark = fields.Datetime(
        readonly=True,
        help="Every change committed by a transaction that began before this instant "
        "has been read",
    )
    next_mark = fields.Datetime(
        readonly=True, help="The mark that the next synchronisation may set"
    )

    _unique_source = models.Constraint("UNIQUE (company_id, source)")

    @api.model
    def _take(self, company, sources, skip_locked=False):
        """Lock a company's sources until the end of the transaction, opening new ones.

        :return: the sources, or ``None`` where they are locked and that is skipped
        """
        self.env.flush_all()
        known = {
            source
            for [source] in self.env.execute_query(profit_source.known(company.id))
        }
        if new := set(sources) - known:
            self.env.cr.execute(profit_source.create(company.id, sorted(new)))
        rows = self.env.execute_query(
            profit_source.lock(company.id, skip_locked=skip_locked)
        )
        if len(rows) < len(known | set(sources)):
            return None
        self.invalidate_model()
        return self.sudo().browse(id_ for [id_, source] in rows if source in sources)

    def _is_outdated(self, stamp):
        """Return whether a source has to be read in full."""
        self.ensure_one()
        return not (self.built and self.mark) or (self.stamp or "") != stamp
