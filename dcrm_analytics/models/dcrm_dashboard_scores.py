from odoo import api, models
from odoo.fields import Domain

SCORE = "dcrm.customer.score"


class DcrmDashboard(models.AbstractModel):
    """The sections of the dashboard that say who the customers are."""

    _inherit = "dcrm.dashboard"

    @api.model
    def _sections(self):
        return super()._sections() + [
            {
                "key": "rfm",
                "name": self.env._("Recency and frequency"),
                "note": self.env._(
                    "Customers today, from seldom and long ago to often and lately."
                ),
                "models": [SCORE],
                "width": 7,
                "sequence": 20,
            },
            {
                "key": "segments",
                "name": self.env._("Segments"),
                "note": self.env._("Customers today, and what they have bought for."),
                "models": [SCORE],
                "width": 5,
                "sequence": 25,
            },
        ]

    def _section_rfm(self, filters):
        domain = self._customers(filters)
        grid = self.env[SCORE].rfm_grid(
            domain=list(domain), company_id=filters["company_id"]
        )
        if not grid["cells"]:
            return self._nobody(filters)
        names = {segment["id"]: segment["name"] for segment in grid["segments"]}
        return [
            {
                "kind": "matrix",
                "row_title": self.env._("Frequency"),
                "column_title": self.env._("Recency"),
                "rows": _classes(grid["frequency_classes"])[::-1],
                "columns": _classes(grid["recency_classes"]),
                "cells": [
                    self._rfm_cell(cell, names, domain) for cell in grid["cells"]
                ],
            }
        ]

    def _rfm_cell(self, cell, names, domain):
        recency, frequency = cell["recency_class"], cell["frequency_class"]
        name = self.env._(
            "Recency %(recency)s, frequency %(frequency)s",
            recency=recency,
            frequency=frequency,
        )
        inside = domain & Domain(
            [("recency_class", "=", recency), ("frequency_class", "=", frequency)]
        )
        return {
            "row": frequency,
            "column": recency,
            "hint": ", ".join(names[each] for each in cell["segment_ids"]),
            "shade": max(cell["monetary"], 0),
            "figures": self._customers_and_money(
                name, cell["customers"], cell["monetary"], inside
            ),
        }

    def _section_segments(self, filters):
        domain = self._customers(filters)
        rows = self.env[SCORE]._read_group(
            domain, ["segment_id"], ["__count", "monetary:sum"]
        )
        if not rows:
            return self._nobody(filters)
        rows.sort(key=lambda row: (not row[0], row[0].sequence, row[0].id))
        return [
            {
                "kind": "bars",
                "rows": [
                    self._bar(
                        segment.name or self.env._("No segment"),
                        segment.color,
                        count,
                        money,
                        domain & Domain("segment_id", "=", segment.id),
                    )
                    for segment, count, money in rows
                ],
            }
        ]

    def _bar(self, label, color, count, money, domain):
        figures = self._customers_and_money(label, count, money, domain)
        return {"label": label, "color": color, "figures": figures}

    def _customers_and_money(self, name, count, money, domain):
        """Return the figures of customers: how many, and what they bought for."""
        return [
            self._figure(
                self.env._("Customers"), count, "number", SCORE, domain, name=name
            ),
            self._figure(
                self.env._("Value"),
                money,
                "money",
                SCORE,
                domain,
                name=name,
                measure="monetary:sum",
            ),
        ]

    def _nobody(self, filters):
        """Return why a section of customers is empty."""
        if filters["user_id"] or filters["industry_id"]:
            return self.env._("No customer matches these filters.")
        return self.env._("None of the customers that you see has a score yet.")


def _classes(count):
    return [{"key": number, "label": str(number)} for number in range(1, count + 1)]
