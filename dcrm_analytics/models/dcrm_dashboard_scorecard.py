from odoo import api, models

# These have a section of their own.
ELSEWHERE = "lifecycle_"


class DcrmDashboard(models.AbstractModel):
    """The section of the dashboard that says how the period went."""

    _inherit = "dcrm.dashboard"

    @api.model
    def _sections(self):
        return super()._sections() + [
            {
                "key": "scorecard",
                "name": self.env._("Scorecard"),
                "note": self.env._("The period, and how it changed."),
                "models": ["dcrm.purchase", "dcrm.customer.score"],
                "width": 12,
                "sequence": 10,
            }
        ]

    def _section_scorecard(self, filters):
        figures = [
            {**figure, "change_hint": self._change_hint(figure)}
            for figure in self.env["dcrm.scorecard"].figures(filters)
            if not figure["key"].startswith(ELSEWHERE)
        ]
        return [{"kind": "figures", "figures": figures}]

    def _change_hint(self, figure):
        if figure["change"] is None:
            return self.env._("There is nothing to compare it with.")
        return self.env._("Against the period that it is compared with")
