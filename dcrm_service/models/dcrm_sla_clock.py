from odoo import api, fields, models
from odoo.fields import Domain

from .dcrm_batch_mixin import BATCH

TARGETS = [
    ("first_response", "Answer"),
    ("next_response", "Next Answer"),
    ("resolution", "Solution"),
]
# Which field of the ticket says when a target was reached, at the latest.
REACHED = {
    "first_response": "first_response_at",
    "next_response": "closed_at",
    "resolution": "closed_at",
}
STATES = [
    ("running", "Running"),
    ("at_risk", "At Risk"),
    ("paused", "Paused"),
    ("met", "Met"),
    ("breached", "Breached"),
]


class DcrmSlaClock(models.Model):
    """What was promised to a ticket for one target, until when, and how it went.

    Whether a promise is broken is never written down by somebody in time: it is what
    the deadline and the present instant say. A ticket has one clock for the answer and
    one for the solution, and for the next answer one for each time that the customer
    waited, of which one runs at most.
    """

    _name = "dcrm.sla.clock"
    _inherit = ["dcrm.export.mixin", "dcrm.batch.mixin"]
    _description = "Deadline of a Ticket"
    _order = "ticket_id, target, id"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one(
        "dcrm.ticket", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True, index=True
    )
    target = fields.Selection(TARGETS, required=True, readonly=True)
    policy_id = fields.Many2one(
        "dcrm.sla.policy",
        readonly=True,
        index=True,
        ondelete="restrict",
        help="The policy that promised it. Empty: it is not promised any more.",
    )
    reason = fields.Char(
        "Why", readonly=True, help="Why this policy, and before which others"
    )
    promised_hours = fields.Float("Promised", readonly=True, aggregator=None)
    started_at = fields.Datetime(required=True, readonly=True)
    deadline = fields.Datetime(readonly=True, help="Empty while it is paused")
    at_risk_at = fields.Datetime(
        "At Risk From",
        readonly=True,
        help="When so much of the time is used that the policy calls it at risk",
    )
    paused_at = fields.Datetime(
        "Paused Since",
        readonly=True,
        help="Since when the ticket waits for the customer",
    )
    remaining_hours = fields.Float(
        "Left When Paused",
        readonly=True,
        aggregator=None,
        help="Working hours that are left once it goes on",
    )
    reached_at = fields.Datetime(
        compute="_compute_reached_at", store=True, precompute=True
    )
    missed = fields.Boolean(
        compute="_compute_missed",
        store=True,
        precompute=True,
        help="It was reached, and after the deadline",
    )
    noticed_at = fields.Datetime(
        readonly=True, help="When it was noticed that the deadline had passed"
    )
    state = fields.Selection(STATES, compute="_compute_state", search="_search_state")
    change_ids = fields.One2many("dcrm.sla.clock.change", "clock_id", readonly=True)

    _one_of_target = models.UniqueIndex(
        "(ticket_id, target) WHERE target <> 'next_response' OR reached_at IS NULL",
        "A ticket has one deadline for each target.",
    )
    _unnoticed_idx = models.Index(
        "(deadline) WHERE reached_at IS NULL AND noticed_at IS NULL"
    )

    @api.depends("target", "ticket_id.first_response_at", "ticket_id.closed_at")
    def _compute_reached_at(self):
        for clock in self:
            reached = clock.target and clock.ticket_id[REACHED[clock.target]]
            if clock.target == "next_response":
                # Once answered, it is whatever becomes of the ticket.
                reached = clock.reached_at or reached
            clock.reached_at = reached

    @api.depends("deadline", "reached_at")
    def _compute_missed(self):
        for clock in self:
            clock.missed = bool(
                clock.deadline
                and clock.reached_at
                and clock.reached_at > clock.deadline
            )

    @api.depends("policy_id", "deadline", "at_risk_at", "reached_at", "missed")
    def _compute_state(self):
        now = fields.Datetime.now()
        for clock in self:
            if not clock.policy_id:
                clock.state = False
            elif clock.reached_at:
                clock.state = "breached" if clock.missed else "met"
            elif not clock.deadline:
                clock.state = "paused"
            elif clock.deadline < now:
                clock.state = "breached"
            else:
                risky = clock.at_risk_at and clock.at_risk_at <= now
                clock.state = "at_risk" if risky else "running"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        open_ = Domain("reached_at", "=", False)
        promised = Domain("policy_id", "!=", False)
        to_come = open_ & Domain("deadline", ">=", now)
        risky = Domain("at_risk_at", "<=", now)
        domains = {
            False: ~promised,
            "running": to_come & (~risky | Domain("at_risk_at", "=", False)),
            "at_risk": to_come & risky,
            "paused": promised & open_ & Domain("deadline", "=", False),
            "met": promised & ~open_ & Domain("missed", "=", False),
            "breached": Domain("missed", "=", True)
            | (open_ & Domain("deadline", "<", now)),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    # -- keeping them ----------------------------------------------------------------

    @api.model
    def _start(self, promises):
        """Make the clocks of what is promised; see :meth:`_set`."""
        self.create([promise for promise in promises if promise["policy_id"]])

    @api.model
    def _set(self, promises, reason):
        """Make clocks, and set those that run anew; what was before is kept.

        :param promises: list of values of ``ticket_id``, ``target``, ``policy_id``,
            ``reason``, ``promised_hours``, ``started_at`` and what
            ``dcrm.ticket._due`` returns
        :param reason: why, in words, for those that change
        """
        clock_of = self._current({promise["ticket_id"] for promise in promises})
        made, changed = [], []
        for promise in promises:
            clock = clock_of.get((promise["ticket_id"], promise["target"]))
            if not clock:
                made.append(promise)
            elif not clock.reached_at and (promise["policy_id"] or not clock._broken()):
                changed += clock._difference(promise)
        self._start(made)
        self._change(changed, reason)

    def _broken(self):
        """Return whether a deadline has passed: where nothing is promised any more, it
        has all the same."""
        return bool(self.deadline) and self.deadline < fields.Datetime.now()

    @api.model
    def _current(self, ticket_ids):
        """Return ``{(ticket id, target): clock}``, without next answers given before.

        What was reached in this transaction is in the database after it.
        """
        self.flush_model(["reached_at"])
        current = Domain("target", "!=", "next_response") | Domain(
            "reached_at", "=", False
        )
        clocks = self.search(Domain("ticket_id", "in", list(ticket_ids)) & current)
        return {(clock.ticket_id.id, clock.target): clock for clock in clocks}

    def _recount(self, reason, told=False):
        """Count the deadlines anew by the same promises: time went otherwise.

        :param reason: why, in words, kept with those that change
        :param told: whether the thread tells of it, too
        """
        counted = self.filtered("policy_id")
        tickets = counted.ticket_id
        work, pauses = tickets._service_time(), tickets._pauses()
        changed = []
        for clock in counted:
            due = clock.ticket_id._due(
                clock.policy_id,
                clock.promised_hours,
                clock.started_at,
                work,
                pauses.get(clock.ticket_id.id, ()),
                clock.reached_at,
            )
            changed += clock._difference(due)
        self._change(changed, reason, told)

    def _difference(self, promise):
        """Return [(clock, values)] where something is to be set anew, else []."""
        values = {
            name: value
            for name, value in promise.items()
            if name not in ("ticket_id", "target", "reason")
            and self._fields[name].convert_to_write(self[name], self) != value
        }
        if values.keys() & {"policy_id", "promised_hours"}:
            values["reason"] = promise["reason"]
        return [(self, values)] if values else []

    @api.model
    def _change(self, changed, reason, told=True):
        """Set clocks anew; keep what they said before, with the reason."""
        anew = [
            (clock, values)
            for clock, values in changed
            if values.keys() & {"deadline", "policy_id", "promised_hours"}
        ]
        self.env["dcrm.sla.clock.change"].create(
            [
                {
                    "clock_id": clock.id,
                    "reason": reason,
                    "policy_before_id": clock.policy_id.id,
                    "policy_id": values.get("policy_id", clock.policy_id.id),
                    "deadline_before": clock.deadline,
                    "deadline": values.get("deadline", clock.deadline),
                }
                for clock, values in anew
            ]
        )
        before = [(clock, clock.deadline) for clock, _values in anew]
        for clock, values in changed:
            if "deadline" in values:
                # What is late anew is noticed anew.
                values = {**values, "noticed_at": False}
            clock.write(values)
        if told:
            self._log_changes(before, reason)

    # -- noticing what is late -------------------------------------------------------

    @api.model
    def _notice_breaches(self):
        """Say in the ticket, once, that its deadline has passed. The cron."""
        late = Domain(
            [
                ("reached_at", "=", False),
                ("noticed_at", "=", False),
                ("deadline", "<", fields.Datetime.now()),
            ]
        )

        def take(last):
            later = Domain("id", ">", last)
            return self.search(late & later, order="id", limit=BATCH)

        def notice(clocks):
            clocks._breached()

        self._work_off(take, notice, self.search_count(late))

    def _breached(self):
        """What is done once when a deadline has passed: a hook for more."""
        self.noticed_at = fields.Datetime.now()
        self._log_breaches()
