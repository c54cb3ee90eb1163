from odoo import api, models
from odoo.fields import Domain

RECEIVABLE = "dcrm.receivable"
COLLECTION = "dcrm.collection"
SHOWN = 5


class DcrmDashboard(models.AbstractModel):
    """The section of the dashboard that says what customers owe and have paid."""

    _inherit = "dcrm.dashboard"

    @api.model
    def _sections(self):
        return super()._sections() + [
            {
                "key": "receivables",
                "name": self.env._("Receivables"),
                "note": self.env._(
                    "What is owed at the end of the period, by how long it is overdue."
                ),
                "models": [RECEIVABLE, COLLECTION],
                "width": 12,
                "sequence": 70,
            }
        ]

    def _section_receivables(self, filters):
        ageing = self.env[RECEIVABLE].ageing(filters)
        collected = self._collected(filters)
        if not ageing["total"]["items"] and not collected:
            return self.env._(
                "No customer owes anything, and nothing was collected in this period: "
                "what is posted on receivable accounts shows here."
            )
        blocks = [
            {"kind": "figures", "figures": self._owed(ageing)},
            {
                "kind": "chart",
                "type": "bar",
                "title": self.env._("Open, by days after the due date"),
                "labels": [bucket["label"] for bucket in ageing["buckets"]],
                "series": [
                    {
                        "label": self.env._("Open"),
                        "unit": "money",
                        "figures": [self._open(each) for each in ageing["buckets"]],
                    }
                ],
            },
        ]
        if customers := ageing["concentration"]["customers"]:
            blocks.append(
                {
                    "kind": "bars",
                    "title": self.env._("Who owes most"),
                    "rows": [self._debtor(each) for each in customers[:SHOWN]],
                }
            )
        return blocks + collected

    def _debtor(self, each):
        share = self._open({**each, "label": self.env._("Share")})
        share.update(value=each["share"], unit="percent", measure=None)
        return {"label": each["label"], "figures": [self._open(each), share]}

    def _owed(self, ageing):
        parts = ("total", "overdue", "due_today", "due_week", "over_limit")
        return [
            self._open(ageing[part])
            for part in parts
            if part in ("total", "overdue") or ageing[part]["items"]
        ]

    def _open(self, figure):
        return self._figure(
            figure["label"],
            figure["amount"],
            "money",
            RECEIVABLE,
            figure["domain"],
            name=figure["name"],
            measure="residual:sum",
            context=figure["context"],
            hint=self.env._(
                "%(items)s items of %(customers)s customers",
                items=figure["items"],
                customers=figure["customers"],
            ),
        )

    def _collected(self, filters):
        """Return the blocks of what was collected in the period, and how late."""
        _company, domain = self.env[RECEIVABLE]._filtered(filters)
        domain &= Domain(
            [
                ("kind", "=", "payment"),
                ("date", ">=", filters["date_from"]),
                ("date", "<=", filters["date_to"]),
            ]
        )
        collections = self.env[COLLECTION]
        [[amount, late]] = collections._read_group(
            domain, [], ["amount:sum", "days_late:avg"]
        )
        if not amount:
            return []
        methods = collections._read_group(
            domain, ["payment_method_line_id"], ["amount:sum"], order="amount:sum desc"
        )
        return [
            {
                "kind": "figures",
                "figures": [
                    self._figure(
                        self.env._("Collected"),
                        amount,
                        "money",
                        COLLECTION,
                        domain,
                        measure="amount:sum",
                    ),
                    self._figure(
                        self.env._("Paid after the due date"),
                        late,
                        "days",
                        COLLECTION,
                        domain,
                        measure="days_late:avg",
                        hint=self.env._("On average, by amount; negative: before it"),
                    ),
                    *(
                        self._figure(
                            method.sudo().name or self.env._("Other"),
                            value,
                            "money",
                            COLLECTION,
                            domain & Domain("payment_method_line_id", "=", method.id),
                            measure="amount:sum",
                        )
                        for method, value in methods
                    ),
                ],
            }
        ]
