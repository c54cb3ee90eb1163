from odoo import api, fields, models


class DcrmHistoryImportColumn(models.TransientModel):
    """A column of a file of history and what it means."""

    _name = "dcrm.history.import.column"
    _description = "Column of a History File"

    import_id = fields.Many2one(
        "dcrm.history.import", required=True, readonly=True, ondelete="cascade"
    )
    name = fields.Char("Column", required=True, readonly=True)
    example = fields.Char(readonly=True)
    meaning = fields.Selection(
        [
            ("customer", "Customer"),
            ("date", "Date"),
            ("amount", "Amount (untaxed)"),
            ("unit_price", "Unit price"),
            ("reference", "Document"),
            ("product", "Product"),
            ("quantity", "Quantity"),
            ("margin", "Margin"),
            ("currency", "Currency"),
            ("channel", "Channel"),
        ],
        help="Where there is no amount, it is the quantity times the unit price.",
    )

    @api.model
    def _meaning_names(self):
        """Return {meaning: its name for people}."""
        return dict(self._fields["meaning"]._description_selection(self.env))
