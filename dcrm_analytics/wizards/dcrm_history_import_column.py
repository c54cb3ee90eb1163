from odoo import fields, models


class DcrmHistoryImportColumn(models.TransientModel):
    """A column of a file of history and what it means."""

    _name = "dcrm.history.import.column"
    _inherit = ["dcrm.import.column.mixin"]
    _description = "Column of a History File"

    import_id = fields.Many2one(
        "dcrm.history.import", required=True, readonly=True, ondelete="cascade"
    )
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
