from odoo import models

from .dcrm_ticket_sla_customer import BATCH


class DcrmRun(models.Model):
    """The last of a refresh: open tickets follow what is known of their customers."""

    _inherit = "dcrm.run"

    def _refresh_act(self):
        done, remaining = super()._refresh_act()
        if remaining:
            return done, remaining
        followed = self.env["dcrm.ticket"]._follow_customers(self.company_id)
        # Each batch makes its tickets agree: who is left is found by the next.
        return done, int(followed == BATCH)
