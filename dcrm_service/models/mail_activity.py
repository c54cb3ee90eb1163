from odoo import models

# What of an activity interactions and promises follow.
FOLLOWED = ("active", "feedback")


class MailActivity(models.Model):
    """An activity that is done with a customer is an interaction, where chosen.

    Done is what was archived; an activity that was cancelled is deleted.
    """

    _inherit = "mail.activity"

    def write(self, vals):
        if not vals.keys() & set(FOLLOWED):
            return super().write(vals)
        before = {
            activity.id: {name: activity[name] for name in FOLLOWED}
            for activity in self
        }
        outcome = super().write(vals)
        changed = self.filtered(
            lambda activity: activity.active != before[activity.id]["active"]
        )
        if changed:
            self.env["dcrm.interaction.promise"]._follow_activities(changed)
        self.env["dcrm.interaction"]._follow_activities(self, before)
        return outcome
