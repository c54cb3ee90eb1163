from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .dcrm_service_dashboard import KEPT, TICKET

ANSWERED = Domain("first_response_at", "!=", False)
AGAIN = Domain("reopened_count", ">", 0)
BROKEN = Domain("kept", "<", 0.5)


def target(name):
    return Domain("target", "=", name)


class DcrmServiceDashboard(models.AbstractModel):
    """The sections of the dashboard of service about a period, and by parts."""

    _inherit = "dcrm.service.dashboard"

    def _section_service_volume(self, filters):
        before = self._baseline(filters)
        opened, closed = self._opened(filters), self._closed(filters)
        again = closed & AGAIN
        count, done, back = map(self._count, (opened, closed, again))
        figures = [
            self._tickets_figure(
                self.env._("Opened"),
                opened,
                count,
                change=self._change(count, self._count(self._opened(before))),
            ),
            self._tickets_figure(
                self.env._("Closed"),
                closed,
                done,
                change=self._change(done, self._count(self._closed(before))),
                better="more",
            ),
            self._tickets_figure(
                self.env._("Opened and still open"),
                opened & Domain("closed_at", "=", False),
            ),
            self._tickets_figure(self.env._("Opened again"), again, back),
            self._figure(
                self.env._("Share opened again"),
                back / done if done else None,
                "percent",
                TICKET if done else None,
                again,
                measure="__count",
                base=list(closed),
                note=self.env._("of those closed"),
            ),
        ]
        return [{"kind": "figures", "figures": figures}]

    def _section_service_promises(self, filters):
        due, before = self._due(filters), self._due(self._baseline(filters))
        figures = []
        labels = {
            "first_response": self.env._("Answered in time"),
            "next_response": self.env._("Answered again in time"),
            "resolution": self.env._("Solved in time"),
        }
        for name, label in labels.items():
            own = target(name)
            share = self._mean(due & own, "kept", KEPT)
            was = self._mean(before & own, "kept", KEPT)
            change = self._change(share, was)
            figures.append(
                self._kept_figure(label, due & own, share, change=change, better="more")
            )
        figures.append(
            self._figure(
                self.env._("Promises broken"),
                self._count(due & BROKEN, KEPT),
                "number",
                KEPT,
                due & BROKEN,
            )
        )
        return [{"kind": "figures", "figures": figures + self._waits(filters)}]

    def _waits(self, filters):
        """Return how long customers waited for the answer and for the solution."""
        before = self._baseline(filters)
        figures = []
        for label, field, domain, was in (
            (
                self.env._("Wait for the answer"),
                "hours_to_answer",
                self._opened(filters) & ANSWERED,
                self._opened(before) & ANSWERED,
            ),
            (
                self.env._("Wait for the solution"),
                "hours_to_close",
                self._closed(filters),
                self._closed(before),
            ),
        ):
            value = self._mean(domain, field)
            change = self._change(value, self._mean(was, field))
            figures.append(
                self._hours_figure(
                    label,
                    field,
                    domain,
                    value,
                    change=change,
                    better="less",
                    note=self.env._("on average"),
                )
            )
        return figures

    # -- by month --------------------------------------------------------------------

    def _section_service_months(self, filters):
        months = self._months(filters)
        labels = [label for label, *_rest in months]
        asked, tickets = self._asked(filters), self._tickets(filters)
        volume = {
            label: [
                self._tickets_figure(
                    label,
                    tickets & self._within(filters, field, first, last),
                    counts.get(month, 0),
                    name=f"{label}, {named}",
                )
                for named, month, first, last in months
            ]
            for label, field, counts in (
                (self.env._("Opened"), "opened_at", self._by_month(filters, "opened")),
                (
                    self.env._("Closed"),
                    "first_closed_at",
                    self._by_month(filters, "closed"),
                ),
            )
        }
        kept = {}
        targets = (
            ("first_response", self.env._("Answered in time")),
            ("resolution", self.env._("Solved in time")),
        )
        for name, label in targets:
            shares = self._kept_by_month(filters, target(name))
            own = asked & target(name) & Domain("is_decided", "=", True)
            kept[label] = [
                self._kept_figure(
                    label,
                    own & self._within(filters, "due_at", first, last),
                    shares.get(month),
                    name=f"{label}, {named}",
                )
                for named, month, first, last in months
            ]
        return [
            self._chart(self.env._("Tickets"), "bar", labels, volume, "number"),
            self._chart(self.env._("Promises kept"), "line", labels, kept, "percent"),
        ]

    def _by_month(self, filters, what):
        """Return {first day of the month: how many tickets} of the company's months."""
        field = {"opened": "opened_at", "closed": "first_closed_at"}[what]
        domain = getattr(self, f"_{what}")(filters)
        return self._grouped_by_month(filters, TICKET, domain, field, "__count")

    def _kept_by_month(self, filters, domain):
        domain &= self._due(filters)
        return self._grouped_by_month(filters, KEPT, domain, "due_at", "kept:avg")

    def _grouped_by_month(self, filters, model, domain, field, measure):
        records = self.env[model].with_context(tz=str(self._zone(filters)))
        groups = records._read_group(domain, [f"{field}:month"], [measure])
        return {fields.Date.to_date(month): value for month, value in groups}

    def _chart(self, title, kind, labels, series, unit):
        return {
            "kind": "chart",
            "type": kind,
            "title": title,
            "labels": labels,
            "series": [
                {"label": label, "unit": unit, "figures": figures}
                for label, figures in series.items()
            ],
        }

    def _months(self, filters):
        """Return ``(label, month, first day, last day)`` of each month of them."""
        first = fields.Date.to_date(filters["date_from"])
        last = fields.Date.to_date(filters["date_to"])
        found = []
        while first <= last:
            end = min(fields.Date.end_of(first, "month"), last)
            month = fields.Date.start_of(first, "month")
            label = format_date(self.env, month, date_format="MMM yy")
            found.append((label, month, first, end))
            first = end + timedelta(1)
        return found

    # -- by parts --------------------------------------------------------------------

    def _section_service_teams(self, filters):
        return self._parts(filters, "team_id", self.env._("No team"))

    def _section_service_kinds(self, filters):
        return self._parts(filters, "kind_id", self.env._("No kind"))

    def _section_service_values(self, filters):
        return self._parts(filters, "value_class", self.env._("No class"))

    def _columns(self, filters):
        """Return ``(key, label, model, unit, measure, domain)`` of what is told."""
        due = self._due(filters)
        count, hours, share = "number", "hours", "percent"
        opened, closed = self._opened(filters), self._closed(filters)
        left = self._tickets(filters) & Domain("closed_at", "=", False)
        answers, solutions = (
            due & target(name) for name in ("first_response", "resolution")
        )
        return (
            ("opened", self.env._("Opened"), TICKET, count, "__count", opened),
            ("closed", self.env._("Closed"), TICKET, count, "__count", closed),
            ("open", self.env._("Open now"), TICKET, count, "__count", left),
            (
                "wait",
                self.env._("Wait for the answer"),
                TICKET,
                hours,
                "hours_to_answer:avg",
                opened & ANSWERED,
            ),
            (
                "answers",
                self.env._("Answered in time"),
                KEPT,
                share,
                "kept:avg",
                answers,
            ),
            (
                "solutions",
                self.env._("Solved in time"),
                KEPT,
                share,
                "kept:avg",
                solutions,
            ),
            (
                "broken",
                self.env._("Promises broken"),
                KEPT,
                count,
                "__count",
                due & BROKEN,
            ),
            (
                "again",
                self.env._("Opened again"),
                TICKET,
                count,
                "__count",
                closed & AGAIN,
            ),
        )

    def _parts(self, filters, field, none):
        """Return the period's tickets and promises as a matrix, a row a part."""
        columns = self._columns(filters)
        found = {
            key: dict(self.env[model]._read_group(domain, [field], [measure]))
            for key, _label, model, _unit, measure, domain in columns
        }
        parts = self._ordered({part for values in found.values() for part in values})
        if not parts:
            return self.env._("There were no tickets in this selection.")
        names = self._part_names(parts, field, none)
        most = max(found["opened"].values(), default=0)
        cells = []
        for part in parts:
            own = Domain(field, "=", _id_of(part))
            for key, label, model, unit, measure, domain in columns:
                value = found[key].get(part, None if ":" in measure else 0)
                figure = self._figure(
                    label,
                    value,
                    unit,
                    None if value is None else model,
                    domain & own,
                    measure=measure,
                    name=f"{label}, {names[part]}",
                )
                shade = value / most if key == "opened" and most else 0
                cells.append(
                    {
                        "row": str(_id_of(part)),
                        "column": key,
                        "figures": [figure],
                        "shade": shade,
                    }
                )
        return [
            {
                "kind": "matrix",
                "dense": True,
                "rows": [
                    {"key": str(_id_of(part)), "label": names[part]} for part in parts
                ],
                "columns": [{"key": key, "label": label} for key, label, *_ in columns],
                "cells": cells,
            }
        ]

    @staticmethod
    def _ordered(parts):
        """Return parts in the order in which they are shown, what has none last."""
        if any(isinstance(part, str) for part in parts):
            return sorted(parts, key=lambda part: part or "~")
        kept = [part for part in parts if part]
        return [*sorted(kept, key=lambda part: part.sudo().display_name)] + [
            part for part in parts if not part
        ]

    def _part_names(self, parts, field, none):
        if field == "value_class":
            classes = self._classes()
            return {part: classes.get(part, none) for part in parts}
        return {part: part.sudo().display_name or none for part in parts}


def _id_of(part):
    """Return what a domain says of a part: an id, a word, or False for none."""
    return part if isinstance(part, str) or not part else part.id
