from odoo import api, fields, models

from .dcrm_batch_mixin import BATCH

# So many are counted anew at once; more by the scheduled action.
AT_ONCE = 100


class DcrmSlaRecount(models.Model):
    """Tickets whose deadlines are still to be counted anew, and why.

    Working hours have changed, policies are applied, a stage waits. Each change adds
    rows and looks at none: nobody who changes something waits for anybody else, and
    what changes while tickets are being counted is counted after that.
    """

    _name = "dcrm.sla.recount"
    _inherit = ["dcrm.export.mixin", "dcrm.batch.mixin"]
    _description = "Deadlines to Be Counted Anew"
    _order = "id"
    _rec_name = "reason"
    _log_access = False

    ticket_id = fields.Many2one(
        "dcrm.ticket", required=True, readonly=True, index=True, ondelete="cascade"
    )
    reason = fields.Char(required=True, readonly=True)
    with_policies = fields.Boolean(
        readonly=True, help="By what is promised now, and not only what was"
    )

    @api.model
    def _mark(self, query):
        """Count tickets anew: few of them now, many by the scheduled action.

        :param SQL query: of ``queries.sla_clock.mark_stale``
        :return: how many are left to the scheduled action
        """
        self.env.flush_all()
        marked = self.sudo().browse(id_ for [id_] in self.env.execute_query(query))
        self.env["dcrm.ticket"].invalidate_model(["recount_ids"])
        self.env["dcrm.sla.clock"].invalidate_model(["summary"])
        if len(marked) > AT_ONCE:
            self.env.ref("dcrm_service.cron_recount_clocks").sudo()._trigger()
            return len(marked)
        marked._count_anew()
        return 0

    def _count_anew(self):
        """Count the tickets anew, each once for all that is known to have changed."""
        marked = self.search([("ticket_id", "in", self.ticket_id.ids)])
        grounds = {
            ticket: (
                ", ".join(dict.fromkeys(rows.mapped("reason"))),
                any(rows.mapped("with_policies")),
            )
            for ticket, rows in marked.grouped("ticket_id").items()
        }
        tickets = marked.ticket_id
        for (reason, anew), same in tickets.grouped(grounds.get).items():
            same._count_anew(reason, anew)
        marked.unlink()

    @api.model
    def _count_all_anew(self):
        """Count anew what is to be, in batches."""

        def take(last):
            return self.search([("id", ">", last)], order="id", limit=BATCH)

        def count(marked):
            marked.exists()._count_anew()

        self._work_off(take, count, self.search_count([]))
