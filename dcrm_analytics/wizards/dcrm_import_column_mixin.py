from odoo import api, fields, models


class DcrmImportColumnMixin(models.AbstractModel):
    """A column of a file that is imported; its ``meaning`` is the model's own."""

    _name = "dcrm.import.column.mixin"
    _description = "Column of a File"

    name = fields.Char("Column", required=True, readonly=True)
    example = fields.Char(readonly=True)

    @api.model
    def _meaning_names(self):
        """Return {meaning: its name for people}."""
        return dict(self._fields["meaning"]._description_selection(self.env))
