from odoo import api, models


class DcrmSlaClock(models.Model):
    """Deadlines whose working time has changed: hours, a holiday, another calendar."""

    _inherit = "dcrm.sla.clock"

    @api.model
    def _working_time_changed(self, query):
        """Count open deadlines anew: few of them now, many by the scheduled action.

        :param SQL query: of ``queries.sla_clock.mark_stale``
        """
        self.env["dcrm.sla.recount"]._mark(query)

    @api.model
    def _recount_stale_clocks(self):
        """Count anew what is to be. The cron."""
        self.env["dcrm.sla.recount"].sudo()._count_all_anew()
