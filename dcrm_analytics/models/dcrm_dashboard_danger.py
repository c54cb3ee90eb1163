from odoo import api, models

SCORE = "dcrm.customer.score"
# How silent customers are, as the host numbers its colours.
TONES = {"steady": 10, "overdue": 3, "danger": 1, "lost": 0}


class DcrmDashboard(models.AbstractModel):
    """The section of the dashboard that says who of what value is being lost."""

    _inherit = "dcrm.dashboard"

    @api.model
    def _sections(self):
        return super()._sections() + [
            {
                "key": "danger",
                "name": self.env._("Danger by value"),
                "note": self.env._(
                    "How silent customers are today by their own rhythm, and what "
                    "they are worth."
                ),
                "models": [SCORE],
                "width": 7,
                "sequence": 40,
            }
        ]

    def _section_danger(self, filters):
        found = self.env[SCORE].danger_by_value(filters)
        if not found["cells"]:
            return self._nobody(filters)
        names = {
            each["key"]: each["label"] for each in found["rows"] + found["columns"]
        }
        return [
            {
                "kind": "matrix",
                "column_title": self.env._("Value class"),
                "rows": [
                    {**row, "color": TONES.get(row["key"], 0)} for row in found["rows"]
                ],
                "columns": found["columns"],
                "cells": [self._danger_cell(cell, names) for cell in found["cells"]],
            }
        ]

    def _danger_cell(self, cell, names):
        name = self.env._(
            "%(silence)s, class %(value_class)s",
            silence=names[cell["row"]],
            value_class=names.get(cell["column"], ""),
        )
        return {
            "row": cell["row"],
            "column": cell["column"],
            "hint": name,
            "shade": max(cell["amount"], 0),
            "figures": self._customers_and_money(
                name, cell["customers"], cell["amount"], cell["domain"]
            ),
        }
