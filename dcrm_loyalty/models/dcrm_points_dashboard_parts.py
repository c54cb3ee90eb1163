from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .dcrm_points_dashboard import ACCOUNT, FLOWS, LOT, MOVE

# So many members are named, and months of expiry.
SHOWN = 5
MONTHS = 12


class DcrmPointsDashboard(models.AbstractModel):
    """The parts that points are told by: clubs, tiers, days of expiry, members."""

    _inherit = "dcrm.points.dashboard"

    def _month_name(self, month):
        return format_date(self.env, month, date_format="MMM yy")

    def _section_points_clubs(self, filters):
        return self._parts(filters, "club_id", self.env._("No club"))

    def _section_points_tiers(self, filters):
        return self._parts(filters, "tier_id", self.env._("No tier"))

    def _parts(self, filters, field, none):
        """Return what moved and is outstanding as a matrix, a row a club or tier."""
        moved, until = self._moved(filters), self._until(filters)
        flows, totals, debts = self._part_sums(filters, field)
        if not totals:
            return self.env._("No points have moved in this selection.")
        names, label = self._flow_names(), self.env._("Outstanding")
        owed = self.env._("Owed")
        cells = []
        for part in totals:
            own, row = Domain(field, "=", part.id), str(part.id)
            for flow in FLOWS:
                domain = moved & own & Domain("flow", "=", flow)
                points = flows.get((part, flow), 0.0)
                cells.append((row, flow, self._points(names[flow], points, domain)))
            total = totals[part] or 0.0
            cells.append((row, "end", self._points(label, total, until & own)))
            domain = self._asked(filters) & own & Domain("debt", ">", 0)
            debt = self._figure(
                owed,
                debts.get(part, 0.0),
                "points",
                ACCOUNT,
                domain,
                measure="debt:sum",
            )
            cells.append((row, "debt", debt))
        columns = [*((flow, names[flow]) for flow in FLOWS), ("end", label)]
        columns.append(("debt", owed))
        matrix = {
            "kind": "matrix",
            "dense": True,
            "rows": [
                {"key": str(part.id), "label": part.display_name or none}
                for part in totals
            ],
            "columns": [{"key": key, "label": name} for key, name in columns],
            "cells": [
                {"row": row, "column": column, "figures": [figure]}
                for row, column, figure in cells
            ],
        }
        return [matrix]

    def _part_sums(self, filters, field):
        """Return sums by ``(part, flow)``, totals and debts by part."""
        moves = self.env[MOVE]
        flows = {
            (part, flow): points
            for part, flow, points in moves._read_group(
                self._moved(filters), [field, "flow"], ["points:sum"]
            )
        }
        totals = dict(moves._read_group(self._until(filters), [field], ["points:sum"]))
        debts = dict(
            self.env[ACCOUNT]._read_group(
                self._asked(filters) & Domain("debt", ">", 0), [field], ["debt:sum"]
            )
        )
        return flows, totals, debts

    def _section_points_expiry(self, filters):
        left = self._asked(filters) & Domain("remaining", ">", 0)
        lots = self.env[LOT]
        found = dict(lots._read_group(left, ["expires_on:month"], ["remaining:sum"]))
        if not found:
            return self.env._("There are no points left to be used.")
        company = self.env["res.company"].browse(filters["company_id"])
        month = fields.Date.start_of(company._customer_today(), "month")
        labels, figures = [], []
        for number in range(MONTHS):
            first = month + relativedelta(months=number)
            after = first + relativedelta(months=1)
            domain = left & Domain("expires_on", "<", after)
            if number:
                domain &= Domain("expires_on", ">=", first)
                points = found.get(first, 0.0)
            else:
                # What has expired and is not taken yet is of now.
                points = sum(
                    each for day, each in found.items() if day and day <= first
                )
            labels.append(self._month_name(first))
            figures.append(self._left(labels[-1], points, domain))
        never = left & Domain("expires_on", "=", False)
        later = left & Domain("expires_on", ">=", after)
        rest = sum(each for day, each in found.items() if day and day >= after)
        return [
            self._chart(
                self.env._("Expire in"), "bar", labels, {self.env._("Points"): figures}
            ),
            {
                "kind": "figures",
                "figures": [
                    self._left(self.env._("Expire later"), rest, later),
                    self._left(
                        self.env._("Never expire"), found.get(False, 0.0), never
                    ),
                ],
            },
        ]

    def _left(self, label, value, domain):
        return self._figure(
            label, value, "points", LOT, domain, measure="remaining:sum"
        )

    def _section_points_members(self, filters):
        asked = self._asked(filters)
        blocks = [
            self._members(self.env._("Who has most"), asked, "balance"),
            self._members(self.env._("Who owes most"), asked, "debt"),
        ]
        blocks = [block for block in blocks if block]
        return blocks or self.env._("No member has points in this selection.")

    def _members(self, title, asked, field):
        """Return the members with most of something, None where nobody has any."""
        accounts = self.env[ACCOUNT].search(
            asked & Domain(field, ">", 0), order=f"{field} desc, id", limit=SHOWN
        )
        if not accounts:
            return None
        rows = []
        for account in accounts:
            # Of several clubs a customer may be named twice.
            named = account if len(accounts.club_id) > 1 else account.partner_id
            figure = self._figure(
                named.display_name or account.card_id.code,
                account[field],
                "points",
                ACCOUNT,
                [("id", "=", account.id)],
                measure=f"{field}:sum",
            )
            rows.append({"label": figure["label"], "figures": [figure]})
        return {"kind": "bars", "title": title, "rows": rows}
