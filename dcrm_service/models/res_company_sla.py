from odoo import models

from ..queries import sla_clock as queries


class ResCompany(models.Model):
    """Deadlines of teams without working hours follow the company's."""

    _inherit = "res.company"

    def write(self, vals):
        outcome = super().write(vals)
        if "resource_calendar_id" in vals:
            for company in self:
                self.env["dcrm.sla.clock"]._working_time_changed(
                    queries.mark_stale(
                        queries.on_hours_of_companies(company.ids),
                        self.env._(
                            "Working hours of %(company)s: %(calendar)s",
                            company=company.name,
                            calendar=company.resource_calendar_id.name
                            or self.env._("none"),
                        ),
                    )
                )
        return outcome
