from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

ACCOUNT = "dcrm.points.account"
LOT = "dcrm.points.lot"
MOVE = "dcrm.points.move"

# What adds up to how the points of members changed in a period.
FLOWS = ("issued", "used", "expired", "reversed", "adjusted")
# Points that expire within so many days are soon to be used.
SOON = (30, 90)


class DcrmPointsDashboard(models.AbstractModel):
    """The dashboard of points: what was issued, used, expired and taken back.

    Built as the manager's dashboard is, of whose sections it has none. Every figure is
    a sum over moves, accounts or lots, and opens exactly those.

    Its filters have ``club_id`` and ``tier_id``, too, and options for them: ``clubs``,
    and ``tiers`` with their ``club_id``. Its state is ``empty`` where nobody has an
    account yet.
    """

    _name = "dcrm.points.dashboard"
    _inherit = "dcrm.dashboard"
    _description = "Dashboard of Points"

    @api.model
    def _sections(self):
        names = (
            (
                "points_flow",
                self.env._("What moved"),
                self.env._(
                    "How what members had at the beginning of the period became what "
                    "they had at its end."
                ),
                [MOVE],
                12,
            ),
            (
                "points_now",
                self.env._("Now"),
                self.env._("What members have today, whatever the period."),
                [ACCOUNT, LOT],
                12,
            ),
            (
                "points_months",
                self.env._("By month"),
                self.env._("What moved in each month, and what was outstanding then."),
                [MOVE],
                12,
            ),
            (
                "points_clubs",
                self.env._("By club"),
                self.env._("What moved in the period, and what is outstanding."),
                [MOVE, ACCOUNT],
                12,
            ),
            (
                "points_tiers",
                self.env._("By tier"),
                self.env._("By the tier on which the member stands now."),
                [MOVE, ACCOUNT],
                12,
            ),
            (
                "points_expiry",
                self.env._("When they expire"),
                self.env._("The points that are left, by the month of their last day."),
                [LOT],
                6,
            ),
            (
                "points_members",
                self.env._("Members"),
                self.env._("Who has most, and who owes."),
                [ACCOUNT],
                6,
            ),
        )
        return self._in_order(names)

    def _state(self, company):
        some = self.env[ACCOUNT].search_count([("company_id", "=", company.id)], 1)
        return "ready" if some else "empty"

    def _run_under_way(self, company):
        """Return no run: nothing here waits for scores."""
        return self.env["dcrm.run"]

    def _filters(self, filters):
        complete = super()._filters(filters)
        asked = self.env["dcrm.customer.score"]._id_asked
        filters = filters or {}
        return {
            **complete,
            "club_id": asked(filters.get("club_id")),
            "tier_id": asked(filters.get("tier_id")),
        }

    def _options(self, company):
        """Return whose customers, of which clubs and tiers, there are to choose."""
        own = [("company_id", "=", company.id)]
        accounts = self.env[ACCOUNT]
        clubs = [club for [club] in accounts._read_group(own, ["club_id"])]
        tiers = self.env["dcrm.club.tier"].search(
            [("club_id", "in", [club.id for club in clubs])]
        )
        return {
            "users": self._chosen(accounts, own, "user_id"),
            "industries": [],
            "clubs": [{"id": club.id, "name": club.name} for club in clubs],
            "tiers": [
                {"id": tier.id, "name": tier.name, "club_id": tier.club_id.id}
                for tier in tiers
            ],
        }

    # -- what is asked of the ledger -------------------------------------------------

    def _asked(self, filters):
        """Return the domain of the moves, accounts or lots that filters are about."""
        domain = Domain("company_id", "=", filters["company_id"])
        for name in ("club_id", "tier_id", "user_id"):
            if filters[name]:
                domain &= Domain(name, "=", filters[name])
        return domain

    def _until(self, filters):
        """Return the domain of the moves that make what is outstanding at the end."""
        return self._asked(filters) & Domain("day", "<=", filters["date_to"])

    def _moved(self, filters):
        """Return the domain of the moves of the period."""
        return self._until(filters) & Domain("day", ">=", filters["date_from"])

    def _flow_names(self):
        return dict(self.env[MOVE]._fields["flow"]._description_selection(self.env))

    def _sum(self, domain):
        [[points]] = self.env[MOVE]._read_group(domain, [], ["points:sum"])
        return points or 0.0

    def _points(self, label, value, domain, **more):
        """Return a figure of moves, whose points are its value.

        They open in groups: a list adds up its groups, and of single rows its page.
        """
        more = {"context": {"group_by": ["day:month"]}, **more}
        return self._figure(
            label, value, "points", MOVE, domain, measure="points:sum", **more
        )

    # -- sections --------------------------------------------------------------------

    def _section_points_flow(self, filters):
        moved = self._moved(filters)
        before = self._asked(filters) & Domain("day", "<", filters["date_from"])
        flows = self._by_flow(moved)
        was = self._by_flow(self._moved(self._baseline(filters)))
        had = self._sum(before)
        names = self._flow_names()
        figures = [
            self._points(
                names[flow],
                flows.get(flow, 0.0),
                moved & Domain("flow", "=", flow),
                change=self._change(flows.get(flow, 0.0), was.get(flow)),
            )
            for flow in FLOWS
        ]
        label = self.env._("Outstanding at the end")
        end = self._until(filters)
        return [
            {
                "kind": "figures",
                "figures": [
                    self._points(self.env._("At the beginning"), had, before),
                    *figures,
                    self._points(label, had + sum(flows.values()), end),
                ],
            }
        ]

    def _by_flow(self, domain):
        groups = self.env[MOVE]._read_group(domain, ["flow"], ["points:sum"])
        return {flow: points or 0.0 for flow, points in groups}

    @staticmethod
    def _change(value, before):
        return (abs(value) - abs(before)) / abs(before) if before else None

    def _section_points_now(self, filters):
        asked = self._asked(filters)
        company = self.env["res.company"].browse(filters["company_id"])
        today = company._customer_today()
        figures = [
            self._of_accounts(label, asked & Domain(field, operator, 0), measure)
            for label, field, operator, measure in (
                (self.env._("Outstanding"), "balance", "!=", "balance:sum"),
                (self.env._("Members with points"), "balance", ">", "__count"),
                (self.env._("Pending"), "pending", ">", "pending:sum"),
                (self.env._("Owed"), "debt", ">", "debt:sum"),
            )
        ]
        for days in SOON:
            domain = asked & Domain("remaining", ">", 0)
            domain &= Domain("expires_on", "<=", today + timedelta(days))
            [[left]] = self.env[LOT]._read_group(domain, [], ["remaining:sum"])
            label = self.env._("Expire within %s days", days)
            figures.append(
                self._figure(
                    label, left or 0.0, "points", LOT, domain, measure="remaining:sum"
                )
            )
        return [{"kind": "figures", "figures": figures}]

    def _of_accounts(self, label, domain, measure):
        [[value]] = self.env[ACCOUNT]._read_group(domain, [], [measure])
        unit = "number" if measure == "__count" else "points"
        more = {"measure": measure, "context": {"group_by": ["club_id"]}}
        return self._figure(label, value or 0, unit, ACCOUNT, domain, **more)

    def _section_points_months(self, filters):
        months = self._months(filters)
        asked, names = self._asked(filters), self._flow_names()
        found = {
            (month, flow): points
            for month, flow, points in self.env[MOVE]._read_group(
                self._moved(filters), ["day:month", "flow"], ["points:sum"]
            )
        }
        outstanding = self._sum(asked & Domain("day", "<", filters["date_from"]))
        series = {flow: [] for flow in FLOWS}
        balances = []
        for label, month, first, last in months:
            for flow in FLOWS:
                points = found.get((month, flow), 0.0)
                outstanding += points
                domain = asked & Domain("flow", "=", flow)
                domain &= Domain("day", ">=", first) & Domain("day", "<=", last)
                name = f"{names[flow]}, {label}"
                series[flow].append(
                    self._points(names[flow], points, domain, name=name)
                )
            balances.append(
                self._points(label, outstanding, asked & Domain("day", "<=", last))
            )
        labels = [label for label, *_rest in months]
        return [
            self._chart(
                self.env._("What moved"),
                "bar",
                labels,
                {names[flow]: figures for flow, figures in series.items()},
            ),
            self._chart(
                self.env._("Outstanding at the end of the month"),
                "line",
                labels,
                {self.env._("Outstanding"): balances},
            ),
        ]

    @api.model
    def _chart(self, title, kind, labels, series):
        """Return a chart; ``series``: figures by label."""
        return {
            "kind": "chart",
            "type": kind,
            "title": title,
            "labels": labels,
            "series": [
                {
                    "label": label,
                    "unit": "points",
                    "figures": figures,
                    "fill": kind == "line",
                }
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
            found.append((self._month_name(month), month, first, end))
            first = end + timedelta(1)
        return found
