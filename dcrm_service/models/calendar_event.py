from odoo import api, models

# What of a meeting its interactions are made from.
FOLLOWED = {
    "active",
    "allday",
    "attendee_ids",
    "duration",
    "name",
    "partner_ids",
    "privacy",
    "start",
    "start_date",
    "stop",
    "stop_date",
    "user_id",
}


class CalendarEvent(models.Model):
    """A meeting with a customer is an interaction, once it has taken place."""

    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        # Those to come are captured when they are over.
        self.env["dcrm.interaction"]._capture_meetings(events)
        return events

    def write(self, vals):
        # The host takes values out of what it is given.
        followed = FOLLOWED & vals.keys()
        result = super().write(vals)
        if followed:
            interactions = self.env["dcrm.interaction"]
            events = self.exists()
            interactions._follow_meetings(events, renamed="name" in followed)
            interactions._capture_meetings(events)
        return result

    def unlink(self):
        interactions = self.env["dcrm.interaction"]._of_origins(self._name, self.ids)
        result = super().unlink()
        interactions.exists()._forget()
        return result
