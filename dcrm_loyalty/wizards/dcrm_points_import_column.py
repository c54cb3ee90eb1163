from odoo import fields, models


class DcrmPointsImportColumn(models.TransientModel):
    """A column of a file of balances and what it means."""

    _name = "dcrm.points.import.column"
    _inherit = ["dcrm.import.column.mixin"]
    _description = "Column of a File of Balances"

    import_id = fields.Many2one(
        "dcrm.points.import", required=True, readonly=True, ondelete="cascade"
    )
    meaning = fields.Selection(
        [
            ("customer", "Customer"),
            ("points", "Points"),
            ("expires_on", "Last Day"),
            ("reference", "Reference"),
        ],
        help="The reference tells rows apart that say the same otherwise.",
    )
