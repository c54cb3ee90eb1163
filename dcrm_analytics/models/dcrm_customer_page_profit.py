from odoo import models


class DcrmCustomerPage(models.Model):
    """What the customer brings and costs, year by year, from the posted books."""

    _inherit = "dcrm.customer.page"

    def _page_facts(self):
        return {**super()._page_facts(), "profit": self._profit_by_year()}

    def _profit_by_year(self):
        """Return ``{year: {column: amount}}``, with ``profit`` and ``cost_known``."""
        facts = self.env["dcrm.customer.profit"]
        if not self._may_read(facts._name):
            return {}
        names = [*facts._profit_columns(), "profit"]
        groups = facts._read_group(
            self._domain_here(),
            ["date:year"],
            [*(f"{name}:sum" for name in names), "cost_known:bool_and"],
        )
        return {
            year.year: dict(zip([*names, "cost_known"], amounts, strict=True))
            for year, *amounts in groups
        }

    def _worth_figures(self, facts):
        figures = super()._worth_figures(facts)
        years = facts["profit"].values()
        if not years:
            return figures
        profit = sum(year["profit"] for year in years)
        revenue = sum(year["revenue"] for year in years)
        note = self._unknown_costs(years)
        if revenue > 0 and not note:
            note = self.env._("%s of revenue", self._percent(profit / revenue))
        figure = self._figure(
            self.env._("Profit"),
            self._whole_money(profit),
            note=note,
            tone="danger" if profit < 0 else None,
            action=self._action_profit(),
        )
        return [*figures[:1], figure, *figures[1:]]

    def _action_profit(self):
        return self._list(
            self.env._("Profit"),
            "dcrm.customer.profit",
            self._domain_here(),
        )

    def _page_sections(self, facts):
        sections = super()._page_sections(facts)
        return self._insert_after(sections, "segment", self._section_profit(facts))

    def _section_profit(self, facts):
        """Return the P&L of this year, the one before, and of all time."""
        years = facts["profit"]
        if not years:
            return None
        this = facts["today"].year
        periods = [
            (str(this), [years.get(this)]),
            (str(this - 1), [years.get(this - 1)]),
            (self.env._("All time"), list(years.values())),
        ]
        return self._section(
            "profit",
            self.env._("Profit and loss"),
            "fa-balance-scale",
            [self._profit_table(periods)],
            note=self._unknown_costs(years.values()),
        )

    def _unknown_costs(self, years):
        """Return a warning where the profit may be less than it seems, else None."""
        if all(year["cost_known"] for year in years):
            return None
        return self.env._("not all costs are known")

    def _profit_table(self, periods):
        """Return the block ``table`` of periods ``(name, [{column: amount} or None])``.

        Dicts ``label, cells, total`` of rows, ``text, tone`` of cells. What no period
        has any of has no row.
        """
        facts = self.env["dcrm.customer.profit"]
        names = list(facts._profit_columns())
        names.insert(names.index("goods") + 1, "margin")
        rows = []
        for name in [*names, "profit"]:
            amounts = [self._sum_of(name, years) for _period, years in periods]
            total = name in ("margin", "profit")
            if total or any(amounts):
                label = facts._fields[name]._description_string(self.env)
                cells = [self._cell(amount, total) for amount in amounts]
                rows.append({"label": label, "cells": cells, "total": total})
        return {
            "type": "table",
            "title": self.env.company.currency_id.name,
            "columns": [period for period, _years in periods],
            "rows": rows,
        }

    def _sum_of(self, name, years):
        parts = ("revenue", "goods") if name == "margin" else (name,)
        return sum(year[part] for year in filter(None, years) for part in parts)

    def _cell(self, amount, total):
        digits = self.env.company.currency_id.decimal_places
        tone = "danger" if total and amount < 0 else None
        return {"text": self._number(amount, digits), "tone": tone}
