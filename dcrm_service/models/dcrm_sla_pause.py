from odoo import api, fields, models

from ..queries import sla_pause as queries
from .dcrm_batch_mixin import BATCH


class DcrmSlaPause(models.Model):
    """Time that counts for no deadline of a ticket.

    While it was closed before it was opened again, and while it waits for the customer.
    A pause that went on although the customer had answered is corrected, and shows it.
    """

    _name = "dcrm.sla.pause"
    _inherit = ["dcrm.export.mixin", "dcrm.batch.mixin"]
    _description = "Time That Does Not Count"
    _order = "started_at, id"
    _rec_name = "reason"

    ticket_id = fields.Many2one(
        "dcrm.ticket", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True
    )
    started_at = fields.Datetime(required=True, readonly=True)
    ended_at = fields.Datetime(readonly=True, help="Empty: it goes on")
    reason = fields.Selection(
        [("closed", "Closed"), ("waiting", "Waiting for the Customer")],
        required=True,
        readonly=True,
        default="closed",
    )
    corrected_at = fields.Datetime(
        "Corrected",
        readonly=True,
        copy=False,
        help="When it was found that the customer had answered before it ended",
    )
    ended_before = fields.Datetime(
        readonly=True,
        copy=False,
        help="When it ended until it was corrected. Time from its end to then counts.",
    )
    hours_back = fields.Float(
        "Counted Back",
        compute="_compute_hours_back",
        help="Hours that count again since it was corrected, worked or not",
    )

    _ends_after_it_begins = models.Constraint(
        "CHECK(ended_at >= started_at)", "A pause ends after it begins."
    )
    _one_goes_on = models.UniqueIndex(
        "(ticket_id) WHERE ended_at IS NULL", "A ticket waits for one thing at a time."
    )

    _audited_idx = models.Index("(ended_at) WHERE reason = 'waiting'")

    @api.depends("ended_at", "ended_before")
    def _compute_hours_back(self):
        for pause in self:
            back = pause.ended_before and pause.ended_before - pause.ended_at
            pause.hours_back = back.total_seconds() / 3600 if back else 0.0

    def _end(self, at):
        """End pauses at an instant, never before they began."""
        for pause in self:
            pause.ended_at = max(pause.started_at, at)

    def _correct(self, at):
        """End pauses at the instant at which the customer had answered."""
        now = fields.Datetime.now()
        for pause in self:
            before = pause.ended_at or now
            if before > max(at, pause.started_at):
                pause.write({"corrected_at": now, "ended_before": before})
            pause._end(at)

    # -- the audit of pauses -----------------------------------------------------------

    @api.model
    def _audited(self):
        """Return what the queries of answered pauses ask first: a subtype, and now."""
        comment = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        return comment, fields.Datetime.now()

    @api.model
    def _audit_pauses(self):
        """Count time back that was paused after the customer had answered. The cron.

        A pause that is found ends where the customer answered; where we answered that
        before it ended, another one goes on from there.
        """
        self.env.flush_all()
        found = self.env.execute_query(queries.answered(*self._audited()))
        answers = {row[0]: row[1:] for row in found}

        def take(last):
            ids = [id_ for id_ in answers if id_ > last]
            return self.browse(ids[:BATCH]).exists()

        def count_back(pauses):
            pauses._count_back(answers)

        self._work_off(take, count_back, len(answers))

    def _count_back(self, answers):
        """Correct pauses, and set the deadlines that they had moved.

        :param answers: ``{id: (when the customer answered, when we did or None)}``
        """
        for pause in self:
            said_at, answered_at = answers[pause.id]
            if not pause.ended_at and not answered_at:
                pause.ticket_id._customer_spoke(said_at)
                continue
            before = pause.ended_at
            pause._correct(said_at)
            if answered_at:
                pause.ended_before = answered_at
                pause.flush_recordset()
                pause.copy({"started_at": answered_at, "ended_at": before})
        self.ticket_id.clock_ids._recount(
            self.env._("The customer had answered: time paused since then counts"),
            told=True,
        )
