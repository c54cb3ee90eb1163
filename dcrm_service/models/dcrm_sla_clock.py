from odoo import api, fields, models
from odoo.fields import Domain

TARGETS = [("first_response", "Answer"), ("resolution", "Solution")]
# Which field of the ticket says when a target was reached.
REACHED = {"first_response": "first_response_at", "resolution": "closed_at"}
STATES = [("running", "Running"), ("met", "Met"), ("breached", "Breached")]


class DcrmSlaClock(models.Model):
    """What was promised to a ticket for one target, until when, and how it went.

    Whether a promise is broken is never written down by somebody in time: it is what
    the deadline and the present instant say.
    """

    _name = "dcrm.sla.clock"
    _description = "Deadline of a Ticket"
    _order = "ticket_id, target, id"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one(
        "dcrm.ticket", required=True, readonly=True, ondelete="cascade"
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
    promised_hours = fields.Float("Promised", readonly=True, aggregator=None)
    started_at = fields.Datetime(required=True, readonly=True)
    deadline = fields.Datetime(readonly=True)
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

    _unique_target = models.Constraint(
        "UNIQUE(ticket_id, target)", "A ticket has one deadline for each target."
    )
    _unnoticed_idx = models.Index(
        "(deadline) WHERE reached_at IS NULL AND noticed_at IS NULL"
    )

    @api.depends("target", "ticket_id.first_response_at", "ticket_id.closed_at")
    def _compute_reached_at(self):
        for clock in self:
            clock.reached_at = clock.target and clock.ticket_id[REACHED[clock.target]]

    @api.depends("deadline", "reached_at")
    def _compute_missed(self):
        for clock in self:
            clock.missed = bool(
                clock.deadline
                and clock.reached_at
                and clock.reached_at > clock.deadline
            )

    @api.depends("deadline", "reached_at", "missed")
    def _compute_state(self):
        now = fields.Datetime.now()
        for clock in self:
            if not clock.deadline:
                clock.state = False
            elif clock.reached_at:
                clock.state = "breached" if clock.missed else "met"
            else:
                clock.state = "breached" if clock.deadline < now else "running"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        open_, promised = (
            Domain("reached_at", "=", False),
            Domain("deadline", "!=", False),
        )
        domains = {
            False: ~promised,
            "running": open_ & Domain("deadline", ">=", now),
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
            ``promised_hours``, ``started_at`` and ``deadline``
        :param reason: why, in words, for those that change
        """
        tickets = {promise["ticket_id"] for promise in promises}
        clock_of = {
            (clock.ticket_id.id, clock.target): clock
            for clock in self.search([("ticket_id", "in", list(tickets))])
        }
        made, changed = [], []
        for promise in promises:
            clock = clock_of.get((promise["ticket_id"], promise["target"]))
            if clock:
                changed += clock._difference(promise)
            else:
                made.append(promise)
        self._start(made)
        self._change(changed, reason)

    def _difference(self, promise):
        """Return [(clock, values)] where a running clock is to be set anew, else []."""
        values = {
            name: promise[name]
            for name in ("policy_id", "promised_hours", "started_at", "deadline")
        }
        now = {
            **{name: self[name] for name in values},
            "policy_id": self.policy_id.id,
        }
        return [] if self.reached_at or now == values else [(self, values)]

    @api.model
    def _change(self, changed, reason):
        """Set clocks anew; keep what they said before, with the reason."""
        self.env["dcrm.sla.clock.change"].create(
            [
                {
                    "clock_id": clock.id,
                    "reason": reason,
                    "policy_before_id": clock.policy_id.id,
                    "policy_id": values["policy_id"],
                    "deadline_before": clock.deadline,
                    "deadline": values["deadline"],
                }
                for clock, values in changed
            ]
        )
        before = [(clock, clock.deadline) for clock, _values in changed]
        for clock, values in changed:
            # What is late anew is noticed anew.
            clock.write({**values, "noticed_at": False})
        self._log_changes(before, reason)

    # -- noticing what is late -------------------------------------------------------

    @api.model
    def _notice_breaches(self, limit=500):
        """Say in the ticket, once, that its deadline has passed. The cron."""
        late = Domain(
            [
                ("reached_at", "=", False),
                ("noticed_at", "=", False),
                ("deadline", "<", fields.Datetime.now()),
            ]
        )
        left = self.search_count(late)
        self.env["ir.cron"]._commit_progress(remaining=left)
        while clocks := self.search(late, limit=limit).try_lock_for_update():
            clocks._breached()
            if not self.env["ir.cron"]._commit_progress(len(clocks)):
                break

    def _breached(self):
        """What is done once when a deadline has passed: a hook for more."""
        self.noticed_at = fields.Datetime.now()
        self._log_breaches()
