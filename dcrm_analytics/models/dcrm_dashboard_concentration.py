from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

PROFIT = "dcrm.customer.profit"
TOP = 10


class DcrmDashboard(models.AbstractModel):
    """The section of the dashboard that says on how few customers business hangs."""

    _inherit = "dcrm.dashboard"

    @api.model
    def _sections(self):
        return super()._sections() + [
            {
                "key": "concentration",
                "name": self.env._("Concentration"),
                "note": self.env._("On how few customers the period's business hangs."),
                "models": [PROFIT],
                "width": 12,
                "sequence": 45,
            }
        ]

    def _section_concentration(self, filters):
        found = self.env[PROFIT].concentration(filters)
        if not found["curve"]:
            return self.env._("Nothing was earned in this period.")
        domain = self.env[PROFIT]._domain_of_filters(
            self.env["res.company"].browse(filters["company_id"]), filters
        )
        return [
            {
                "kind": "figures",
                "figures": self._concentration_figures(found, domain),
            },
            self._curve(found["curve"]),
            self._over_time(found["over_time"], domain),
        ]

    def _concentration_figures(self, found, domain):
        greatest, money = self._greatest(found, domain)
        return [
            self._figure(
                self.env._("The ten greatest"),
                money,
                "money",
                PROFIT,
                greatest,
                measure=f"{found['basis']}:sum",
            ),
            self._figure(
                self.env._("Their share"),
                found["top10_share"],
                "percent",
                PROFIT,
                greatest,
            ),
            self._figure(
                self.env._("Groups") if found["by_group"] else self.env._("Customers"),
                found["customers"],
                "number",
                PROFIT,
                domain,
                measure=None if found["by_group"] else "partner_id:count_distinct",
            ),
            self._figure(
                self.env._("Gini coefficient"),
                found["gini"],
                "factor",
                PROFIT,
                domain,
                hint=self.env._("0: all alike; 1: one customer brings everything"),
            ),
        ]

    def _greatest(self, found, domain):
        """Return the domain of the greatest customers, or groups, and their sum."""
        worth = f"{found['basis']}:sum"
        rows = self.env[PROFIT]._read_group(
            domain,
            ["partner_id"],
            [worth],
            order=f"{worth} desc, partner_id",
            limit=None if found["by_group"] else TOP,
        )
        if found["by_group"]:
            rows = self._of_greatest_groups(rows)
        ids = [partner.id for partner, _value in rows]
        money = sum(value for _partner, value in rows)
        return domain & Domain("partner_id", "in", ids), money

    def _of_greatest_groups(self, rows):
        """Return the rows of the customers that belong to the greatest groups."""
        scores = self.env["dcrm.customer.score"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("partner_id", "in", [partner.id for partner, _value in rows]),
            ]
        )
        group_of = {score.partner_id: score.group_id for score in scores}
        groups = {}
        for partner, value in rows:
            group = group_of.get(partner) or partner
            groups.setdefault(group, []).append((partner, value))
        greatest = sorted(
            groups.values(), key=lambda own: -sum(value for _partner, value in own)
        )
        return [row for own in greatest[:TOP] for row in own]

    def _curve(self, curve):
        share = self.env._("%s %% of customers")
        return {
            "kind": "chart",
            "type": "line",
            "title": self.env._("Share of the business that the greatest bring"),
            "labels": [share % round(100 * customers) for customers, _value in curve],
            "series": [
                {
                    "label": self.env._("Share of the business"),
                    "unit": "percent",
                    "fill": True,
                    "figures": [
                        {"value": value, "unit": "percent"}
                        for _customers, value in curve
                    ],
                },
                {
                    "label": self.env._("If all were alike"),
                    "unit": "percent",
                    "dashed": True,
                    "figures": [
                        {"value": customers, "unit": "percent"}
                        for customers, _value in curve
                    ],
                },
            ],
        }

    def _over_time(self, quarters, domain):
        days = [fields.Date.to_date(quarter["period"]) for quarter in quarters]
        labels = [format_date(self.env, day, date_format="QQQ y") for day in days]
        names = {
            "top10_share": (self.env._("Share of the ten greatest"), "percent"),
            "gini": (self.env._("Gini coefficient"), "factor"),
        }
        return {
            "kind": "chart",
            "type": "line",
            "title": self.env._("By quarter"),
            "labels": labels,
            "series": [
                {
                    "label": label,
                    "unit": unit,
                    "figures": [
                        self._figure(
                            name,
                            quarter[key],
                            unit,
                            PROFIT,
                            domain & _quarter(day),
                        )
                        for quarter, day, name in zip(
                            quarters, days, labels, strict=True
                        )
                    ],
                }
                for key, (label, unit) in names.items()
            ],
        }


def _quarter(day):
    """Return the domain of the dates of the quarter that begins on a day."""
    after = fields.Date.add(day, months=3)
    return Domain([("date", ">=", day), ("date", "<", after)])
