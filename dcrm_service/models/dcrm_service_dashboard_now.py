from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from .dcrm_service_dashboard import TICKET

# Ages of open tickets, in days: from and to which.
AGES = ((0, 1), (1, 3), (3, 7), (7, 30), (30, None))


class DcrmServiceDashboard(models.AbstractModel):
    """The section of the dashboard of service about what is open now."""

    _inherit = "dcrm.service.dashboard"

    def _section_service_now(self, filters):
        left = self._tickets(filters) & Domain("closed_at", "=", False)
        figures = [
            self._tickets_figure(label, left & domain)
            for label, domain in (
                (self.env._("Open"), Domain.TRUE),
                (self.env._("Nobody's"), Domain("user_id", "=", False)),
                (
                    self.env._("Not answered yet"),
                    Domain("first_response_at", "=", False),
                ),
                (self.env._("At risk"), Domain("sla_state", "=", "at_risk")),
                (self.env._("Late"), Domain("is_late", "=", True)),
                (
                    self.env._("Waiting for the customer"),
                    Domain("stage_id.is_waiting", "=", True),
                ),
                (
                    self.env._("Of customers in danger"),
                    Domain("customer_danger_since", "!=", False),
                ),
            )
        ]
        if not figures[0]["value"]:
            return [{"kind": "figures", "figures": figures}]
        return [{"kind": "figures", "figures": figures}, self._backlog(left)]

    def _backlog(self, left):
        """Return what is open as a matrix of stages by ages."""
        now = fields.Datetime.now()
        names = (
            self.env._("less than a day"),
            self.env._("1 to 3 days"),
            self.env._("3 to 7 days"),
            self.env._("7 to 30 days"),
            self.env._("30 days and more"),
        )
        cells, stages = [], self.env["dcrm.ticket.stage"]
        for number, (name, (least, most)) in enumerate(zip(names, AGES, strict=True)):
            aged = left & _opened_before(now, least)
            if most:
                aged &= Domain("opened_at", ">", _text(now - timedelta(most)))
            groups = self.env[TICKET]._read_group(aged, ["stage_id"], ["__count"])
            for stage, count in groups:
                stages |= stage
                figure = self._tickets_figure(
                    name,
                    aged & Domain("stage_id", "=", stage.id),
                    count,
                    name=f"{stage.name}, {name}",
                )
                cells.append(
                    {
                        "row": str(stage.id),
                        "column": number,
                        "figures": [figure],
                        "shade": count,
                    }
                )
        return {
            "kind": "matrix",
            "dense": True,
            "rows": [
                {"key": str(stage.id), "label": stage.name} for stage in stages.sorted()
            ],
            "columns": [
                {"key": number, "label": name} for number, name in enumerate(names)
            ],
            "cells": cells,
        }


def _opened_before(now, days):
    if not days:
        return Domain.TRUE
    return Domain("opened_at", "<=", _text(now - timedelta(days)))


def _text(instant):
    return fields.Datetime.to_string(instant)
