from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..compute.escalation import ACCEPTED, HANDED_ON, OBSOLETE, OPEN
from .dcrm_batch_mixin import BATCH
from .dcrm_escalation_step import ROLES

STATES = [
    ("open", "Waiting"),
    ("accepted", "Accepted"),
    ("handed_on", "Handed On"),
    ("expired", "Not Accepted in Time"),
    ("skipped", "Passed Over"),
    ("obsolete", "Obsolete"),
]
REASONS = [
    ("nobody", "nobody is named"),
    ("archived", "is not with us any more"),
    ("company", "is of another company"),
    ("absent", "is absent"),
    ("no_access", "may not read the ticket"),
    ("told", "was told already"),
]
MANAGER = "dcrm_service.group_service_manager"


class DcrmEscalationNotice(models.Model):
    """That somebody was told of a deadline, as a rung of a ladder, and what they said.

    One a deadline and step, unless it has become obsolete: the deadline was moved, its
    ticket closed, or somebody else's turn. A rung with nobody there has one, too, and
    so has the end of a ladder at which nobody has taken over.
    """

    _name = "dcrm.escalation.notice"
    _inherit = ["dcrm.export.mixin", "dcrm.batch.mixin"]
    _description = "Escalation"
    _order = "id desc"
    _rec_name = "ticket_id"

    clock_id = fields.Many2one(
        "dcrm.sla.clock", "Deadline", required=True, readonly=True, ondelete="cascade"
    )
    ticket_id = fields.Many2one(
        related="clock_id.ticket_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="clock_id.company_id", store=True, precompute=True, index=True
    )
    target = fields.Selection(related="clock_id.target")
    policy_id = fields.Many2one(
        "dcrm.escalation.policy",
        "Ladder",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    step_id = fields.Many2one(
        "dcrm.escalation.step",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Empty: the end of the ladder, or a step that is gone from it",
    )
    is_end = fields.Boolean(
        "End of the Ladder",
        readonly=True,
        help="All steps were taken, and nobody has taken over",
    )
    role = fields.Selection(ROLES, "As", readonly=True)
    user_id = fields.Many2one("res.users", "Told", readonly=True, ondelete="restrict")
    told_at = fields.Datetime("When", required=True, readonly=True)
    deadline = fields.Datetime("Due", readonly=True, help="As it was then")
    expires_at = fields.Datetime(
        "To Be Accepted Until",
        readonly=True,
        help="As it was counted then: time that does not count comes on top",
    )
    state = fields.Selection(
        STATES,
        compute="_compute_state",
        store=True,
        precompute=True,
        required=True,
        readonly=False,
        default="open",
    )
    timer_minutes = fields.Integer("Time to Accept", readonly=True)
    reason = fields.Selection(REASONS, "Why", readonly=True)
    answered_at = fields.Datetime("Answered", readonly=True)
    answered_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, ondelete="set null", index="btree_not_null"
    )
    can_answer = fields.Boolean(compute="_compute_can_answer")

    # Who is told is claimed here: two that climb at once tell nobody twice.
    _unique_step = models.UniqueIndex(
        "(clock_id, step_id) WHERE state <> 'obsolete'",
        "Of this deadline somebody was told at this step already.",
    )
    _unique_end = models.UniqueIndex(
        "(clock_id) WHERE is_end AND state <> 'obsolete'",
        "Of this deadline it was told already that nobody has taken over.",
    )
    _of_clock_idx = models.Index("(clock_id, id)")
    _open_idx = models.Index("(user_id) WHERE state = 'open'")

    @api.depends("clock_id.reached_at", "clock_id.policy_id")
    def _compute_state(self):
        for notice in self:
            clock = notice.clock_id
            over = clock.reached_at or not clock.policy_id
            state = notice.state or OPEN
            notice.state = OBSOLETE if over and state == OPEN else state

    @api.depends("state", "user_id", "is_end")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        for notice in self:
            notice.can_answer = notice.state == OPEN and notice._is_answerable()

    def _is_answerable(self):
        """Return whether the user may accept or hand on a notice.

        Who was told may, and a manager of service for them; that nobody has taken over
        ends with whoever may work on the ticket.
        """
        if self.user_id == self.env.user or self.env.su:
            return True
        if not self.env.user.has_group(MANAGER) and not self.is_end:
            return False
        return self.ticket_id.has_access("write")

    # -- what who was told says ------------------------------------------------------

    def action_accept(self):
        """Take over: it does not climb on while the ladder gives time to act.

        :raise AccessError: for whom it does not ask
        :raise UserError: where it asks nobody any more
        """
        self._answer(ACCEPTED)

    def action_hand_on(self):
        """Have the next of the ladder told at once.

        :raise AccessError: for whom it does not ask
        :raise UserError: where it asks nobody any more, or at the end of the ladder
        """
        if any(notice.is_end for notice in self):
            raise UserError(self.env._("The ladder ends here: there is nobody above."))
        self._answer(HANDED_ON)

    def action_open_ticket(self):
        """Return the action that opens the ticket that this is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dcrm.ticket",
            "res_id": self.ticket_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _answer(self, state):
        """Write what somebody said, and climb on where that makes it climb."""
        self.check_access("read")
        for notice in self:
            if not notice._is_answerable():
                raise AccessError(
                    self.env._("This asks %s, and not you.", notice.user_id.name)
                )
        notices = self.sudo()
        # Who comes second has to see what the first one said.
        notices.clock_id.lock_for_update()
        notices.invalidate_recordset()
        if any(notice.state != OPEN for notice in notices):
            raise UserError(
                self.env._("This is over already, or somebody else has it by now.")
            )
        notices.write(
            {
                "state": state,
                "answered_at": fields.Datetime.now(),
                "answered_by_id": self.env.uid,
            }
        )
        notices._log_answer()
        notices._settle()
        notices.clock_id._climb()

    # -- what is over ----------------------------------------------------------------

    def _void(self):
        """Make notices obsolete: they are of another time, team or ladder."""
        self.state = OBSOLETE
        self._settle()

    def _settle(self):
        """Take the to-dos away that nobody has any more."""
        over = self.filtered(
            lambda notice: (
                notice.activity_id
                and (
                    notice.state not in (OPEN, ACCEPTED)
                    or notice.clock_id.reached_at
                    or not notice.clock_id.policy_id
                )
            )
        )
        activities = over.activity_id
        over.activity_id = False
        activities.unlink()

    @api.model
    def _settle_all(self):
        """Take all to-dos away of what is over, by whatever way it ended."""
        domain = [
            ("activity_id", "!=", False),
            "|",
            ("state", "not in", [OPEN, ACCEPTED]),
            "|",
            ("clock_id.reached_at", "!=", False),
            ("clock_id.policy_id", "=", False),
        ]

        def take(last):
            return self.search([("id", ">", last), *domain], order="id", limit=BATCH)

        def settle(notices):
            notices._settle()

        self._work_off(take, settle)
