from odoo import models

from ..queries import sla_clock as queries


class DcrmTicketTeam(models.Model):
    """Deadlines follow their team to other working hours."""

    _inherit = "dcrm.ticket.team"

    def write(self, vals):
        outcome = super().write(vals)
        if "resource_calendar_id" in vals:
            for team in self:
                self.env["dcrm.sla.clock"]._working_time_changed(
                    queries.mark_stale(
                        queries.of_teams(team.ids),
                        self.env._(
                            "Working hours of %(team)s: %(calendar)s",
                            team=team.name,
                            calendar=team.resource_calendar_id.name
                            or self.env._("the company's"),
                        ),
                    )
                )
        return outcome
