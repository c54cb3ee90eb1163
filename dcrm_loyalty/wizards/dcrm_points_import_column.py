from odoo import api, fields, models


class DcrmPointsImportColumn(models.TransientModel):
    """A column of a file of balances and what it means."""

    _name = "dcrm.points.import.column"
    _description = "Column of a File of Balances"

    import_id = fields.Many2one(
        "dcrm.points.import", required=True, readonly=True, ondelete="cascade"
    )
    name = fields.Char("Column", required=True, readonly=True)
    example = fields.Char(readonly=True)
    meaning = fields.Selection(
        [
            ("customer", "Customer"),
            ("points", "Points"),
            ("expires_on", "Last Day"),
            ("reference", "Reference"),
        ],
        help="The reference tells rows apart that say the same otherwise.",
    )

    @api.model
    def _meaning_names(self):
        """Return {meaning: its name for people}."""
        return dict(self._fields["meaning"]._description_selection(self.env))
