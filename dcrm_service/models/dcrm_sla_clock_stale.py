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


class DcrmTicket(models.Model):
    _inherit = "dcrm.ticket"

    def _count_anew(self, reason, with_policies):
        """Count the deadlines of open tickets anew; as sudo.

        :param reason: why, in words
        :param with_policies: by what is promised now, and not only what was
        """
        tickets = self.filtered(lambda ticket: not ticket.closed_at)
        if with_policies:
            tickets._set_clocks(reason)
        else:
            running = tickets.clock_ids.filtered(lambda clock: not clock.reached_at)
            running._recount(reason, told=True)
        tickets._hold_clocks()
