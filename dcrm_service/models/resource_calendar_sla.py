from odoo import models

from ..queries import sla_clock as queries
from .inside import INSIDE

# What, beside the hours themselves, says when a calendar is worked.
WORKING_TIME = {
    "tz",
    "schedule_type",
    "flexible_hours",
    "two_weeks_calendar",
    "attendance_ids",
    "attendance_ids_1st_week",
    "attendance_ids_2nd_week",
    "global_leave_ids",
    "leave_ids",
}


class ResourceCalendar(models.Model):
    """Deadlines follow the working hours that they count."""

    _inherit = "resource.calendar"

    def write(self, vals):
        if not vals.keys() & WORKING_TIME:
            return super().write(vals)
        # What changes line by line is one change.
        quiet = self.with_context(dcrm_working_time_quiet=INSIDE)
        outcome = super(ResourceCalendar, quiet).write(vals)
        self._working_time_changed()
        return outcome

    def _working_time_changed(self):
        """Count the open deadlines anew that count these hours."""
        if self.env.context.get("dcrm_working_time_quiet") is INSIDE:
            return
        for calendar in self:
            self.env["dcrm.sla.clock"]._working_time_changed(
                queries.mark_stale(
                    queries.on_calendars(calendar.ids),
                    self.env._("Working hours changed: %s", calendar.name),
                )
            )
