from odoo import models

# What makes a program of tables take a text for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class DcrmExportMixin(models.AbstractModel):
    """What strangers write is no formula in a table that is exported.

    Their words are in or behind every model of this addon, and in ratings.
    """

    _name = "dcrm.export.mixin"
    _description = "Texts Without Formulas in Tables"

    def export_data(self, fields_to_export):
        return without_formulas(super().export_data(fields_to_export))


def without_formulas(exported):
    """Return what :meth:`export_data` gives, its texts marked as such."""
    rows = exported.get("datas", ())
    return {**exported, "datas": [[_as_text(value) for value in row] for row in rows]}


def _as_text(value):
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
