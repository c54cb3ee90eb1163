from odoo import models

# What makes a program of tables take a text for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# A model of the host's that has nothing but words of customers.
RATING = "rating.rating"


class Base(models.AbstractModel):
    """What strangers write is no formula in a table that is exported.

    Their words are in or behind every model of this addon: of all of them, and of
    nothing else but ratings.
    """

    _inherit = "base"

    def export_data(self, fields_to_export):
        exported = super().export_data(fields_to_export)
        if self._original_module == "dcrm_service" or self._name == RATING:
            exported["datas"] = [
                [_as_text(value) for value in row] for row in exported.get("datas", ())
            ]
        return exported


def _as_text(value):
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
