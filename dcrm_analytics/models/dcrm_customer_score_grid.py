import pandas as pd

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..queries import score_history

ANALYST = "dcrm_analytics.group_dcrm_analyst"
GROUPS = ["recency_class", "frequency_class", "segment_id"]


class DcrmCustomerScore(models.Model):
    """The RFM grid: customers and their money, recency by frequency, of any day."""

    _inherit = "dcrm.customer.score"

    @api.model
    def rfm_grid(self, domain=(), as_of=None, company_id=None):
        """Return the customers of one company on the recency × frequency plane.

        A past day shows what was recorded then; only where nothing was recorded yet
        an analyst gets it replayed from the facts.

        :param domain: of fields of the score: as recorded that day where its history
            has them, else as they are now; a replay takes the customers whose present
            score is in it
        :param as_of: a day; today and nothing mean the live scores
        :param company_id: default: the current company
        :return: dict ``state`` (``empty``: nothing is scored yet, ``building``: a
            first refresh is on its way, ``ready``), ``as_of``, ``as_of_kind``
            (``live``, ``recorded``, ``replayed``), ``recorded_from`` (the first day
            with a record), ``company_id``, ``currency_id``, ``recency_classes``,
            ``frequency_classes``, ``customers``, ``monetary``, and ``cells``: dicts
            ``recency_class, frequency_class, customers, monetary, segment_ids``
        :raises AccessError: for who may not read scores, or not of that company
        :raises UserError: for a day to come
        """
        self.browse().check_access("read")
        company = self._company_of_grid(company_id)
        today = company._customer_scoring_today()
        day = fields.Date.to_date(as_of) or today
        if day > max(today, company._customer_today()):
            raise UserError(self.env._("%s is still to come.", day))
        domain = Domain(domain) & Domain("company_id", "=", company.id)
        kind, rows = self._grid_rows(company, domain, day, today)
        schemes = self.env["dcrm.rfm.scheme"].sudo()._of_company(company).values()
        cells = _cells(rows, company.currency_id)
        return {
            "state": self._grid_state(company),
            "as_of": day,
            "as_of_kind": kind,
            "recorded_from": self._recorded_from(company),
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            **{
                f"{axis}_classes": max(
                    *(scheme[f"{axis}_classes"] for scheme in schemes),
                    *(cell[f"{axis}_class"] for cell in cells),
                    0,
                )
                for axis in ("recency", "frequency")
            },
            "customers": sum(cell["customers"] for cell in cells),
            "monetary": company.currency_id.round(
                sum(cell["monetary"] for cell in cells)
            ),
            "cells": cells,
        }

    def _company_of_grid(self, company_id):
        company = self.env["res.company"].browse(company_id) or self.env.company
        if company - self.env.companies:
            raise AccessError(
                self.env._("Scores of a company that you are not working in.")
            )
        return company

    def _grid_state(self, company):
        scores = self.sudo()
        if scores.search_count([("company_id", "=", company.id)], limit=1):
            return "ready"
        under_way = scores.env["dcrm.run"].search_count(
            [
                ("kind", "=", "refresh"),
                ("company_id", "=", company.id),
                ("state", "in", ("waiting", "running")),
            ],
            limit=1,
        )
        return "building" if under_way else "empty"

    def _recorded_from(self, company):
        history = self.env["dcrm.customer.score.history"].sudo()
        return history.search(
            [("company_id", "=", company.id)], order="date", limit=1
        ).date

    @api.model
    def rfm_cell_customers(self, recency_class, frequency_class, **grid):
        """Return the ids of the customers of one cell of :meth:`rfm_grid` of a day.

        :param grid: the arguments of the grid: ``domain``, ``as_of``, ``company_id``
        :raises AccessError: for who may not read scores, or not of that company
        """
        self.browse().check_access("read")
        company = self._company_of_grid(grid.get("company_id"))
        day = fields.Date.to_date(grid.get("as_of"))
        day = day or company._customer_scoring_today()
        domain = Domain(grid.get("domain", ())) & Domain("company_id", "=", company.id)
        if self._is_replayed(company, day):
            frame = self._replayed_on(company, domain, day)
            classes = frame["recency_class"].eq(recency_class) & frame[
                "frequency_class"
            ].eq(frequency_class)
            return frame.loc[classes, "partner_id"].tolist()
        recorded = self.env["dcrm.customer.score.history"].search(
            self._recorded_on(company, domain, day)
            & Domain("recency_class", "=", recency_class)
            & Domain("frequency_class", "=", frequency_class)
        )
        return recorded.partner_id.ids

    def _grid_rows(self, company, domain, day, today):
        """Return the kind of grid and rows ``(R, F, segment, customers, monetary)``."""
        if day == today:
            return "live", self._read_group(domain, GROUPS, ["__count", "monetary:sum"])
        if self._is_replayed(company, day):
            return "replayed", self._replayed_rows(company, domain, day)
        history = self.env["dcrm.customer.score.history"]
        return "recorded", history._read_group(
            self._recorded_on(company, domain, day), GROUPS, ["__count", "monetary:sum"]
        )

    def _is_replayed(self, company, day):
        """Whether nothing was recorded by a day, and the user may have it replayed."""
        recorded_from = self._recorded_from(company)
        if recorded_from and recorded_from <= day:
            return False
        return self.env.su or self.env.user.has_group(ANALYST)

    def _recorded_on(self, company, domain, day):
        """Return the domain of the history's rows that were true on a day.

        What history does not record (the salesperson, the industry, the country) is
        asked of the customer's present score.
        """
        history = self.env["dcrm.customer.score.history"]
        own = Domain("company_id", "=", company.id)

        def of_history(condition):
            if condition.field_expr.partition(".")[0] in history._fields:
                return condition
            customers = self._search(condition & own)
            return Domain("partner_id", "in", customers.subselect("partner_id"))

        latest = Domain.custom(
            to_sql=lambda model, alias, query: score_history.latest(
                alias, company.id, day
            )
        )
        scored = Domain("recency_class", "!=", False)
        return domain.map_conditions(of_history) & scored & latest

    def _replayed_on(self, company, domain, day):
        """Return the frame of the scores of a day of whose present score is in it."""
        frame = self.replay(company, day)
        return frame[frame["partner_id"].isin(self.search(domain).partner_id.ids)]

    def _replayed_rows(self, company, domain, day):
        frame = self._replayed_on(company, domain, day)
        grouped = frame.groupby(GROUPS, as_index=False, dropna=False).agg(
            customers=("partner_id", "size"), monetary=("monetary", "sum")
        )
        segments = self.env["dcrm.segment"]
        return [
            (
                int(row.recency_class),
                int(row.frequency_class),
                segments.browse(
                    int(row.segment_id) if pd.notna(row.segment_id) else ()
                ),
                int(row.customers),
                float(row.monetary),
            )
            for row in grouped.itertuples()
        ]


def _cells(rows, currency):
    """Return the cells of rows ``(R, F, segment, customers, monetary)``."""
    cells = {}
    for recency, frequency, segment, customers, monetary in rows:
        cell = cells.setdefault(
            (recency, frequency),
            {
                "recency_class": recency,
                "frequency_class": frequency,
                "customers": 0,
                "monetary": 0.0,
                "segment_ids": [],
            },
        )
        cell["customers"] += customers
        cell["monetary"] = currency.round(cell["monetary"] + monetary)
        cell["segment_ids"] += segment.ids
    return list(cells.values())
