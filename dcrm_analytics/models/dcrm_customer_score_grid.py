import pandas as pd

from odoo import api, models
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
            first refresh is on its way, ``ready``), ``scoring`` (whether the company
            scores daily), ``as_of``, ``as_of_kind``
            (``live``, ``recorded``, ``replayed``; ``unrecorded``: nothing was recorded
            by then, and the user may not replay), ``recorded_from`` (the first day with
            a record), ``company_id``, ``currency_id``, ``recency_classes``,
            ``frequency_classes``, ``recency_cuts`` and ``frequency_cuts`` (the cut
            points of that day; empty where customers were classed by several schemes),
            ``customers``, ``monetary``, ``cells``: dicts ``recency_class,
            frequency_class, customers, monetary, segment_ids``, and ``segments``: dicts
            ``id, name, color, customers, monetary``, in the order of segments
        :raises AccessError: for who may not read scores, or not of that company
        :raises UserError: for a day to come
        """
        self.browse().check_access("read")
        company = self._company_of_grid(company_id)
        today = company._customer_scoring_today()
        day = self._day_asked(as_of) or today
        if day > max(today, company._customer_today()):
            raise UserError(self.env._("%s is still to come.", day))
        domain = self._domain_asked(domain) & Domain("company_id", "=", company.id)
        kind, rows, cuts = self._grid_rows(company, domain, day, today)
        cells = _cells(rows, company.currency_id)
        return {
            "state": self._grid_state(company),
            "scoring": company.sudo().customer_scoring,
            "as_of": day,
            "as_of_kind": kind,
            "recorded_from": self._recorded_from(company),
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            **self._grid_axes(company, cells, cuts),
            "customers": sum(cell["customers"] for cell in cells),
            "monetary": company.currency_id.round(
                sum(cell["monetary"] for cell in cells)
            ),
            "cells": cells,
            "segments": _segments(rows, company.currency_id),
        }

    @api.model
    def rfm_cell_customers(self, recency_class, frequency_class, **grid):
        """Return the ids of the customers of one cell of :meth:`rfm_grid` of a day.

        :param grid: the arguments of the grid: ``domain``, ``as_of``, ``company_id``
        :raises AccessError: for who may not read scores, or not of that company
        :raises ValueError: for what is no class
        """
        for number in (recency_class, frequency_class):
            if not isinstance(number, int) or isinstance(number, bool):
                raise ValueError(f"classes are numbers, not {number!r}")
        return self._grid_customers(
            {"recency_class": recency_class, "frequency_class": frequency_class}, **grid
        )

    @api.model
    def rfm_segment_customers(self, segment_id, **grid):
        """Return the ids of the customers of one segment of :meth:`rfm_grid` of a day.

        :param grid, raises: as :meth:`rfm_cell_customers`
        """
        segment_id = self._id_asked(segment_id) or False
        return self._grid_customers({"segment_id": segment_id}, **grid)

    def _grid_customers(self, wanted, domain=(), as_of=None, company_id=None):
        self.browse().check_access("read")
        company = self._company_of_grid(company_id)
        day = self._day_asked(as_of) or company._customer_scoring_today()
        domain = self._domain_asked(domain) & Domain("company_id", "=", company.id)
        if not self._is_recorded(company, day) and self._may_replay():
            frame = self._replayed_on(company, domain, day)
            for name, value in wanted.items():
                frame = frame[frame[name].eq(value).fillna(False)]
            return frame["partner_id"].tolist()
        recorded = self.env["dcrm.customer.score.history"].search(
            self._recorded_on(company, domain, day)
            & Domain.AND(Domain(name, "=", value) for name, value in wanted.items())
        )
        return recorded.partner_id.ids

    def _company_of_grid(self, company_id):
        company_id = self._id_asked(company_id)
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

    def _grid_axes(self, company, cells, cuts):
        """Return the number of classes of both axes, and where each class begins.

        :param cuts: the cut points that the cells' customers were classed with: rows or
            dicts, one a scheme
        """
        # Before the first scoring there are no cut points, but schemes.
        schemes = self.env["dcrm.rfm.scheme"].sudo()._of_company(company).values()
        axes = {}
        for axis in ("recency", "frequency"):
            counts = [len(cut[f"{axis}_cuts"] or []) + 1 for cut in cuts]
            counts = counts or [scheme[f"{axis}_classes"] for scheme in schemes]
            axes[f"{axis}_classes"] = max(
                counts + [cell[f"{axis}_class"] for cell in cells]
            )
            alike = len(cuts) == 1 and cells
            axes[f"{axis}_cuts"] = cuts[0][f"{axis}_cuts"] if alike else []
        return axes

    def _grid_rows(self, company, domain, day, today):
        """Return the kind of grid, its rows ``(R, F, segment, customers, monetary)``,
        and a list of the cut points that they come from.
        """
        if day == today:
            rows = self._read_group(domain, GROUPS, ["__count", "monetary:sum"])
            return "live", rows, self._cuts_in_force(company)
        if not self._is_recorded(company, day):
            if not self._may_replay():
                return "unrecorded", [], []
            frame = self._replayed_on(company, domain, day)
            return "replayed", self._replayed_rows(frame), frame.attrs["cuts"]
        rows = self.env["dcrm.customer.score.history"]._read_group(
            self._recorded_on(company, domain, day), GROUPS, ["__count", "monetary:sum"]
        )
        return "recorded", rows, self._cuts_in_force(company, day)

    def _cuts_in_force(self, company, day=None):
        """Return a list of the cut points that scores are or, on a day, were made with.

        Schemes in use are renewed together: of one that ended, they stay behind.
        """
        cuts = self.env["dcrm.rfm.cut"].sudo()
        if day is None:
            return list(cuts._current(company).values())
        known = Domain("company_id", "=", company.id) & Domain("date", "<=", day)
        latest = Domain.OR(
            Domain("scheme_id", "=", scheme.id) & Domain("date", "=", last)
            for scheme, last in cuts._read_group(known, ["scheme_id"], ["date:max"])
        )
        renewed = cuts.search(known & latest).grouped(
            lambda cut: min(cut.renewed_on or cut.date, day)
        )
        return list(renewed[max(renewed)]) if renewed else []

    def _is_recorded(self, company, day):
        """Whether anything was recorded by a day."""
        recorded_from = self._recorded_from(company)
        return bool(recorded_from) and recorded_from <= day

    def _may_replay(self):
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

    def _replayed_rows(self, frame):
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


def _segments(rows, currency):
    """Return the segments of such rows, with their customers and money."""
    totals = {}
    for _recency, _frequency, segment, customers, monetary in rows:
        if not segment:
            continue
        total = totals.setdefault(segment, {"customers": 0, "monetary": 0.0})
        total["customers"] += customers
        total["monetary"] = currency.round(total["monetary"] + monetary)
    ordered = sorted(totals, key=lambda segment: (segment.sequence, segment.id))
    return [
        {
            "id": segment.id,
            "name": segment.name,
            "color": segment.color,
            **totals[segment],
        }
        for segment in ordered
    ]
