from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    """Deadlines follow the working hours that they count."""

    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.calendar_id._working_time_changed()
        return lines

    def write(self, vals):
        calendars = self.calendar_id
        outcome = super().write(vals)
        (calendars | self.calendar_id)._working_time_changed()
        return outcome

    def unlink(self):
        calendars = self.calendar_id
        outcome = super().unlink()
        calendars._working_time_changed()
        return outcome
