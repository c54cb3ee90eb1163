from odoo import api, fields, models

# So many are counted anew at once; the others by the cron, in batches.
AT_ONCE = 200


class DcrmSlaClock(models.Model):
    """Deadlines whose working time has changed: hours, a holiday, another calendar."""

    _inherit = "dcrm.sla.clock"

    stale_reason = fields.Char(readonly=True, help="Why it is still to be counted anew")

    _stale_idx = models.Index("(id) WHERE stale_reason IS NOT NULL")

    @api.model
    def _working_time_changed(self, query):
        """Count open clocks anew: few of them now, many by the cron.

        :param SQL query: of ``queries.sla_clock.mark_stale``
        """
        self.env.flush_all()
        self.env.cr.execute(query)
        count = self.env.cr.rowcount
        if not count:
            return
        self.invalidate_model(["stale_reason"])
        if count > AT_ONCE:
            self.env.ref("dcrm_service.cron_recount_clocks").sudo()._trigger()
        else:
            self.sudo()._stale(AT_ONCE)._recount_stale()

    @api.model
    def _stale(self, limit=None):
        return self.search([("stale_reason", "!=", False)], limit=limit)

    def _recount_stale(self):
        """Count these clocks anew, each for its reason."""
        for reason, clocks in self.grouped("stale_reason").items():
            clocks.filtered(lambda clock: not clock.reached_at)._recount(
                reason, told=True
            )
        self.stale_reason = False

    @api.model
    def _recount_stale_clocks(self, limit=500):
        """Count anew what is to be, in batches. The cron."""
        left = self.search_count([("stale_reason", "!=", False)])
        self.env["ir.cron"]._commit_progress(remaining=left)
        while clocks := self._stale(limit).try_lock_for_update():
            clocks._recount_stale()
            if not self.env["ir.cron"]._commit_progress(len(clocks)):
                break
