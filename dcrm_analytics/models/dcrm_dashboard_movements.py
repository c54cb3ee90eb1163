from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

SCORE = "dcrm.customer.score"
STAY = "dcrm.segment.stay"
LIFECYCLE = "dcrm.customer.lifecycle"
# The colours of the states, as the host numbers them.
COLORS = {"acquired": 4, "retained": 10, "extended": 7, "lost": 1, "won_back": 3}


class DcrmDashboard(models.AbstractModel):
    """The sections of the dashboard that say how customers move."""

    _inherit = "dcrm.dashboard"

    @api.model
    def _sections(self):
        return super()._sections() + [
            {
                "key": "flows",
                "name": self.env._("Movements between segments"),
                "note": self.env._(
                    "From the segment on the first day of the period to that on its "
                    "last."
                ),
                "models": [STAY],
                "width": 7,
                "sequence": 30,
            },
            {
                "key": "lifecycle",
                "name": self.env._("Lifecycle"),
                "note": self.env._("Where customers are today, and who moved there."),
                "models": [SCORE, LIFECYCLE],
                "width": 5,
                "sequence": 35,
            },
        ]

    # -- segments ----------------------------------------------------------------------

    def _section_flows(self, filters):
        earliest = self.env[STAY].search(
            [("company_id", "=", filters["company_id"])], order="entered_on", limit=1
        )
        known_from = fields.Date.to_string(earliest.entered_on or False)
        if not known_from or known_from > filters["date_to"]:
            return self.env._("No customer had a segment yet in this period.")
        # Before the first score nobody had a segment: that is no movement.
        filters = {**filters, "date_from": max(filters["date_from"], known_from)}
        flows = self.env[STAY].flows(filters)
        if not flows:
            return self.env._("No customer matches these filters.")
        titles = {
            end: format_date(self.env, filters[day])
            for end, day in (("from_title", "date_from"), ("to_title", "date_to"))
        }
        return [{"kind": "flow", "flows": list(map(self._flow, flows)), **titles}]

    def _flow(self, flow):
        nobody = self.env._("no segment")
        name = self.env._(
            "%(before)s → %(after)s",
            before=flow["from"]["name"] or nobody,
            after=flow["to"]["name"] or nobody,
        )
        figure = self._figure(
            name, flow["customers"], "number", flow["model"], flow["domain"]
        )
        return {
            **{key: flow[key] for key in ("from", "to", "customers")},
            "figure": figure,
        }

    # -- the lifecycle -----------------------------------------------------------------

    def _section_lifecycle(self, filters):
        domain = self._customers(filters) & Domain("lifecycle", "!=", False)
        found = {
            state: sums
            for state, *sums in self.env[SCORE]._read_group(
                domain, ["lifecycle"], ["__count", "monetary:sum"]
            )
        }
        if not found:
            return self.env._("No customer has bought anything yet.")
        names = dict(
            self.env[SCORE]._fields["lifecycle"]._description_selection(self.env)
        )
        blocks = [
            {
                "kind": "bars",
                "rows": [
                    self._bar(
                        label,
                        COLORS[state],
                        *found[state],
                        domain & Domain("lifecycle", "=", state),
                    )
                    for state, label in names.items()
                    if state in found
                ],
            }
        ]
        if flows := self.env[LIFECYCLE].flows(filters):
            blocks.append(
                {
                    "kind": "bars",
                    "title": self.env._("Moved in the period"),
                    "rows": [self._move(flow, names) for flow in flows],
                }
            )
        return blocks

    def _move(self, flow, names):
        label = self.env._(
            "%(before)s → %(after)s",
            before=names.get(flow["from"]) or self.env._("New"),
            after=names[flow["to"]],
        )
        return {
            "label": label,
            "color": COLORS[flow["to"]],
            "figures": [
                self._figure(
                    label,
                    flow["customers"],
                    "number",
                    LIFECYCLE,
                    flow["domain"],
                    measure="partner_id:count_distinct",
                )
            ],
        }
