from odoo import models

from ..compute.escalation import OPEN


class MailActivity(models.Model):
    """Who does the to-do that came with a request has taken the request over."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        notices = self.env["dcrm.escalation.notice"].sudo()
        asked = notices.search([("activity_id", "in", self.ids), ("state", "=", OPEN)])
        mine = asked.filtered(lambda notice: notice.user_id == self.env.user)
        # The to-do is done: it is not taken away with what was asked.
        mine.activity_id = False
        mine.with_env(self.env).action_accept()
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
