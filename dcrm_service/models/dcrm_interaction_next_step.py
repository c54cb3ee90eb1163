from odoo import api, models


class DcrmInteraction(models.Model):
    """The next step of an interaction is one activity on the customer."""

    _inherit = "dcrm.interaction"

    def _plan_next_step(self):
        """Make, change or take back the activity of each interaction's next step.

        A step that is done stays done: another one makes an activity of its own.
        """
        for interaction in self:
            activity = interaction._open_activity()
            if not interaction.next_step:
                activity.unlink()
            elif activity:
                interaction._keep_in_step(activity)
            else:
                interaction._schedule_next_step()

    def _hand_over_next_step(self):
        """Give activities that are not done yet to who the interaction is of now."""
        for interaction in self:
            activity = interaction._open_activity()
            if activity and interaction.user_id:
                activity.user_id = interaction.user_id

    def _open_activity(self):
        """Return the activity, empty where it was done or deleted.

        Who may edit the interaction decides on its step, whosever it is.
        """
        return self.sudo().activity_id.exists().filtered("active")

    def _keep_in_step(self, activity):
        wanted = {
            "summary": self.next_step,
            "date_deadline": self.next_step_date,
            "user_id": self.user_id,
        }
        for name, value in wanted.items():
            if value and activity[name] != value:
                activity[name] = value

    def _schedule_next_step(self):
        activity = self._schedule(self.next_step, self.next_step_date, self.user_id)
        self.sudo().write(
            {"activity_id": activity.id, "next_step_date": activity.date_deadline}
        )

    def _schedule(self, summary, day, user):
        """Return a new activity on the customer.

        :param day: until when; empty: as the type of activity says
        :param user: whose it is; empty: the current user's
        """
        self.ensure_one()
        user = user or self.env.user
        kind = self._next_step_type().with_context(tz=user.tz)
        return (
            self.env["mail.activity"]
            .sudo()
            .create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "res_id": self.commercial_partner_id.id,
                    "activity_type_id": kind.id,
                    "summary": summary,
                    "date_deadline": day or kind._get_date_deadline(),
                    "user_id": user.id,
                }
            )
        )

    @api.model
    def _next_step_type(self):
        """Return the type of the activity: a to-do, whatever became of that type."""
        types = self.env["mail.activity"]
        return self.env.ref(
            "mail.mail_activity_data_todo", raise_if_not_found=False
        ) or types._default_activity_type_for_model("res.partner")
