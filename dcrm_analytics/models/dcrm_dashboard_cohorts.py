from odoo import api, fields, models
from odoo.tools import format_date

COHORT = "dcrm.cohort"
# Longer periods have their cohorts by quarter.
DAYS_BY_MONTH = 400
# How a period is written, as the host's format_date takes it.
WRITTEN = {"month": "MMM y", "quarter": "QQQ y"}


class DcrmDashboard(models.AbstractModel):
    """The section of the dashboard that says how long customers stay."""

    _inherit = "dcrm.dashboard"

    @api.model
    def _sections(self):
        return super()._sections() + [
            {
                "key": "cohorts",
                "name": self.env._("Cohorts"),
                "note": self.env._(
                    "Who bought for the first time in the period, and which share of "
                    "them bought again so much later."
                ),
                "models": [COHORT],
                "width": 12,
                "sequence": 80,
            }
        ]

    def _section_cohorts(self, filters):
        last = fields.Date.to_date(filters["date_to"])
        days = (last - fields.Date.to_date(filters["date_from"])).days
        step = "month" if days < DAYS_BY_MONTH else "quarter"
        table = self.env[COHORT].table(filters, step)
        if not table["cohorts"]:
            return self.env._("Nobody bought for the first time in this period.")
        ages = max(len(cohort["cells"]) for cohort in table["cohorts"])
        rows, cells = [], []
        for cohort in table["cohorts"]:
            start = fields.Date.to_date(cohort["start"])
            label = format_date(self.env, start, date_format=WRITTEN[step])
            rows.append(self._cohort_row(cohort, label))
            cells += [
                self._cohort_cell(cohort, cell, label)
                for cell in cohort["cells"]
                if cell["customers"] or not cell["is_open"]
            ]
        after = {
            "month": self.env._("months after the first purchase"),
            "quarter": self.env._("quarters after the first purchase"),
        }
        return [
            {
                "kind": "matrix",
                "dense": True,
                "row_title": self.env._("Customers"),
                "column_title": after[step],
                "rows": rows,
                "columns": [{"key": age, "label": str(age)} for age in range(ages)],
                "cells": cells,
            }
        ]

    def _cohort_row(self, cohort, label):
        return {
            "key": cohort["start"],
            "label": label,
            "figure": self._figure(
                label,
                cohort["size"],
                "number",
                COHORT,
                cohort["domain"],
                measure="partner_id:count_distinct",
            ),
        }

    def _cohort_cell(self, cohort, cell, label):
        name = self.env._("%(cohort)s, %(age)s later", cohort=label, age=cell["age"])
        hint = self.env._("%s customers", cell["customers"])
        if cell["is_open"]:
            hint = self.env._("%s customers so far", cell["customers"])
        return {
            "row": cohort["start"],
            "column": cell["age"],
            "shade": cell["retention"],
            "hint": hint,
            "figures": [
                self._figure(
                    name,
                    cell["retention"],
                    "percent",
                    COHORT,
                    [*cell["domain"], ("bought", "=", True)],
                    base=cohort["domain"],
                    measure="partner_id:count_distinct",
                    hint=hint,
                )
            ],
        }
