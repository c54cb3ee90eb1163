from odoo import models


class DcrmTicketStage(models.Model):
    """A stage that begins to be one of waiting holds the clocks of what is in it."""

    _inherit = "dcrm.ticket.stage"

    def write(self, vals):
        changed = self.browse()
        if "is_waiting" in vals:
            changed = self.filtered(
                lambda stage: stage.is_waiting != bool(vals["is_waiting"])
            )
        outcome = super().write(vals)
        if changed:
            tickets = self.env["dcrm.ticket"].sudo().with_context(active_test=False)
            tickets.search(
                [("stage_id", "in", changed.ids), ("closed_at", "=", False)]
            )._hold_clocks()
        return outcome
