from odoo import models

# What makes a program of tables take a text for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class DcrmTicket(models.Model):
    """What strangers write in a subject is no formula in a table that is exported."""

    _inherit = "dcrm.ticket"

    def export_data(self, fields_to_export):
        exported = super().export_data(fields_to_export)
        exported["datas"] = [
            [_as_text(value) for value in row] for row in exported.get("datas", ())
        ]
        return exported


def _as_text(value):
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
