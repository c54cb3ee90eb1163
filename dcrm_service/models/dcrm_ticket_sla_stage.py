from odoo import models

from ..queries import sla_clock as queries


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
            self.env["dcrm.sla.recount"]._mark(
                queries.mark_stale(
                    queries.in_stages(changed.ids),
                    self.env._("Waiting begins or ends by the stage"),
                    promised=False,
                )
            )
        return outcome
