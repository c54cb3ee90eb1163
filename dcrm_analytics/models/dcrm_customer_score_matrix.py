from odoo import api, models
from odoo.fields import Domain

from ..queries import customer_matrix as queries

# The class that each matrix has across; up and down is frequency.
COLUMNS = {"lost": "recency", "invest": "monetary"}
MONEY = ("monetary", "revenue", "margin", "spent", "profit")
FIGURES = ("customers", "monetary", "in_danger", "revenue", "margin", "spent", "profit")


class DcrmCustomerScore(models.Model):
    """Matrices of customers with named cells: who is being lost, in whom to invest."""

    _inherit = "dcrm.customer.score"

    @api.model
    @api.readonly
    def lost_matrix(self, filters=None, domain=()):
        """Return customers by frequency and recency, in cells named by how far they
        are lost; see :meth:`invest_matrix` for arguments and result.
        """
        return self._matrix("lost", filters, domain)

    @api.model
    @api.readonly
    def invest_matrix(self, filters=None, domain=()):
        """Return customers by frequency and value, what they bring and what they cost.

        :param dict filters: ``company_id`` (default: the current company), ``user_id``
            (the customer's salesperson), ``industry_id``; ``date_from`` and ``date_to``
            are of what they brought and cost, the customers are those of today
        :param domain: of fields of the score
        :return: dict ``matrix``, ``model``, ``company_id``, ``currency_id``, ``state``
            (as of the RFM grid), ``row`` and ``column`` (dicts ``field``, ``classes``,
            ``cuts``, empty where customers are classed by several schemes), ``cells``
            (dicts ``row``, ``column``, ``cell_id``, ``domain`` and figures) and
            ``names`` (the named cells: dicts ``id, name, color, meaning, treatment,
            domain`` and figures). Figures: ``customers, monetary, in_danger, revenue,
            margin, spent`` (on them beyond the goods, positive) and ``profit``
        :raises AccessError: for who may not read scores, or not of that company
        """
        return self._matrix("invest", filters, domain)

    @api.model
    def _matrix(self, matrix, filters, domain):
        self.browse().check_access("read")
        filters = self._checked_filters(filters)
        company = self._company_of_grid(filters.get("company_id"))
        domain = self._domain_asked(domain) & Domain("company_id", "=", company.id)
        for name in ("user_id", "industry_id"):
            if filters.get(name):
                domain &= Domain(name, "=", filters[name])
        axes = {"row": "frequency", "column": COLUMNS[matrix]}
        fields = {axis: f"{name}_class" for axis, name in axes.items()}
        rows = self.env.execute_query(
            self._matrix_query(company, filters, domain, fields)
        )
        sizes = self._matrix_axes(company, axes, rows)
        named = self.env["dcrm.matrix.cell"]._of_classes(
            matrix, *(size["classes"] for size in sizes.values())
        )
        currency = company.currency_id
        cells = [
            self._matrix_cell(row, named[row[:2]], domain, fields, currency)
            for row in rows
        ]
        return {
            "matrix": matrix,
            "model": self._name,
            "company_id": company.id,
            "currency_id": currency.id,
            "state": self._grid_state(company),
            "scoring": company.sudo().customer_scoring,
            **sizes,
            "cells": cells,
            "names": _named_totals(named, cells, domain, fields, currency),
        }

    @api.model
    def _matrix_query(self, company, filters, domain, fields):
        """Return the SQL of the matrix, of what the user may read of both tables."""
        scores = self._search(domain & Domain(fields["row"], "!=", False))
        names = ("partner_id", *fields.values(), "monetary", "danger_since")
        scores = scores.select(
            *queries.named(
                [self._field_to_sql(scores.table, name, scores) for name in names],
                ["partner_id", "row", "column", "monetary", "danger_since"],
            )
        )
        Profit = self.env["dcrm.customer.profit"]
        own = Domain("company_id", "=", company.id)
        if filters.get("date_from"):
            own &= Domain("date", ">=", filters["date_from"])
        if filters.get("date_to"):
            own &= Domain("date", "<=", filters["date_to"])
        profits = Profit._search(own)
        names = ["partner_id", "revenue", "margin", "profit"]
        profits = profits.select(
            *(Profit._field_to_sql(profits.table, name, profits) for name in names)
        )
        return queries.cells(scores, profits)

    @api.model
    def _matrix_axes(self, company, axes, rows):
        """Return what is known of both axes, as dicts ``field, classes, cuts``."""
        cuts = self._cuts_in_force(company)
        schemes = self.env["dcrm.rfm.scheme"].sudo()._of_company(company).values()
        sizes = {}
        for number, (axis, name) in enumerate(axes.items()):
            counts = [len(cut[f"{name}_cuts"] or []) + 1 for cut in cuts]
            counts = counts or [scheme[f"{name}_classes"] for scheme in schemes]
            sizes[axis] = {
                "field": f"{name}_class",
                "classes": max(counts + [row[number] for row in rows]),
                "cuts": cuts[0][f"{name}_cuts"] if len(cuts) == 1 and rows else [],
            }
        return sizes

    @api.model
    def _matrix_cell(self, row, named, domain, fields, currency):
        """Return a cell from a row of ``queries.customer_matrix.cells``."""
        place = dict(zip(("row", "column"), row[:2], strict=True))
        figures = dict(zip(FIGURES, row[2:], strict=True))
        inside = Domain.AND(
            Domain(fields[axis], "=", number) for axis, number in place.items()
        )
        return {
            **place,
            **figures,
            **{name: currency.round(float(figures[name])) for name in MONEY},
            "cell_id": named.id,
            "domain": list(domain & inside),
        }


def _named_totals(named, cells, domain, fields, currency):
    """Return the named cells of a matrix, the best first, with their figures."""
    places = {}
    for place, cell in sorted(named.items(), reverse=True):
        places.setdefault(cell, []).append(place)
    totals = []
    for cell, of_cell in places.items():
        if not cell:
            continue
        inside = [each for each in cells if each["cell_id"] == cell.id]
        rows, columns = (sorted(set(numbers)) for numbers in zip(*of_cell, strict=True))
        figures = {name: sum(each[name] for each in inside) for name in FIGURES}
        totals.append(
            {
                "id": cell.id,
                "name": cell.name,
                "color": cell.color,
                "meaning": cell.meaning or "",
                "treatment": cell.treatment or "",
                **figures,
                **{name: currency.round(figures[name]) for name in MONEY},
                "domain": list(
                    domain
                    & Domain(fields["row"], "in", rows)
                    & Domain(fields["column"], "in", columns)
                ),
            }
        )
    return totals
