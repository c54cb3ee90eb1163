from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..compute.sla_clock import Replayed, course, in_minutes
from ..queries import sla_clock as queries
from .dcrm_sla_clock import STATES, TARGETS
from .dcrm_sla_policy import HOURS

# What is said of a ticket of which one promise is this, and another that.
WORST_FIRST = ("breached", "at_risk", "running", "paused", "met")


class DcrmTicket(models.Model):
    """What was promised to the customer, and until when."""

    _inherit = "dcrm.ticket"

    service_level_id = fields.Many2one(
        "dcrm.service.level",
        compute="_compute_service_level_id",
        store=True,
        precompute=True,
        index=True,
        tracking=True,
        help="How well the customer is served in the company; as long as the ticket is "
        "open it follows the customer's.",
    )
    clock_ids = fields.One2many("dcrm.sla.clock", "ticket_id", readonly=True)
    pause_ids = fields.One2many("dcrm.sla.pause", "ticket_id", readonly=True)
    recount_ids = fields.One2many(
        "dcrm.sla.recount",
        "ticket_id",
        readonly=True,
        groups="dcrm_service.group_service_manager",
    )
    sla_change_ids = fields.One2many(
        "dcrm.sla.clock.change", "ticket_id", readonly=True
    )
    first_response_deadline = fields.Datetime(
        "Answer Due", compute="_compute_deadlines", store=True
    )
    next_response_deadline = fields.Datetime(
        "Next Answer Due", compute="_compute_deadlines", store=True
    )
    resolution_deadline = fields.Datetime(
        "Solution Due", compute="_compute_deadlines", store=True
    )
    next_deadline = fields.Datetime(
        "Due",
        compute="_compute_next_deadline",
        store=True,
        index="btree_not_null",
        help="What is due next of an open ticket: an answer or the solution",
    )
    is_late = fields.Boolean(
        "Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="Open, and a deadline has passed",
    )
    sla_state = fields.Selection(
        STATES,
        "Promise",
        compute="_compute_sla_state",
        search="_search_sla_state",
        help="Breached: a deadline passed before it was reached. At risk: one is near. "
        "Paused: the ticket waits for the customer. Met: all were reached in time.",
    )

    @api.depends("commercial_partner_id", "company_id")
    def _compute_service_level_id(self):
        for company, tickets in self.grouped("company_id").items():
            # One query for all of them: they share the prefetch of their customers.
            customers = tickets.commercial_partner_id.with_company(company)
            level_of = {each.id: each.service_level_id.id for each in customers}
            for ticket in tickets:
                # What was closed was served as it was then.
                kept = ticket.closed_at and ticket._origin and ticket.service_level_id
                ticket.service_level_id = kept or level_of.get(
                    ticket.commercial_partner_id.id
                )

    @api.depends("clock_ids.deadline", "clock_ids.reached_at")
    def _compute_deadlines(self):
        for ticket in self:
            due = {
                clock.target: clock.deadline
                for clock in ticket.clock_ids
                # An answer that was given once is not what is due.
                if clock.target != "next_response" or not clock.reached_at
            }
            ticket.first_response_deadline = due.get("first_response")
            ticket.next_response_deadline = due.get("next_response")
            ticket.resolution_deadline = due.get("resolution")

    @api.depends(
        "first_response_deadline",
        "next_response_deadline",
        "resolution_deadline",
        "first_response_at",
        "closed_at",
    )
    def _compute_next_deadline(self):
        for ticket in self:
            due = []
            if not ticket.closed_at:
                due = [ticket.resolution_deadline, ticket.next_response_deadline]
                if not ticket.first_response_at:
                    due.append(ticket.first_response_deadline)
            ticket.next_deadline = min(filter(None, due), default=False)

    @api.depends("next_deadline")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for ticket in self:
            ticket.is_late = bool(ticket.next_deadline and ticket.next_deadline < now)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("next_deadline", "<", fields.Datetime.now())
        wanted = [late] if True in value else []
        # A ticket without a deadline is not late: the negation has to include it.
        wanted += [~late | Domain("next_deadline", "=", False)] * (False in value)
        return Domain.OR(wanted)

    @api.depends("clock_ids.state")
    def _compute_sla_state(self):
        for ticket in self:
            states = set(ticket.clock_ids.mapped("state")) - {False}
            ticket.sla_state = next(
                (state for state in WORST_FIRST if state in states), False
            )

    def _search_sla_state(self, operator, value):
        if operator != "in":
            return NotImplemented

        def has(*states):
            return Domain("clock_ids", "any", [("state", "in", states)])

        domains = {False: ~has(*WORST_FIRST)}
        for place, state in enumerate(WORST_FIRST):
            domains[state] = has(state)
            if place:
                domains[state] &= ~has(*WORST_FIRST[:place])
        return Domain.OR(domains[state] for state in value if state in domains)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "sla_state" or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        clocks = self.env["dcrm.sla.clock"]
        clocks.flush_model(
            ["ticket_id", "policy_id", "deadline", "at_risk_at", "reached_at", "missed"]
        )
        return queries.state_of_ticket(
            SQL.identifier(alias, "id"), fields.Datetime.now()
        )

    # -- setting the clocks ----------------------------------------------------------

    def _sla_case(self):
        """Return what policies look at."""
        return {
            "company_id": self.company_id.id,
            "team_id": self.team_id.id,
            "kind_id": self.kind_id.id,
            "priority": self.priority,
            "service_level_id": self.service_level_id.id,
            "value_class": self.value_class,
            "segment_id": self.customer_segment_id.id,
            "in_danger": bool(self.customer_danger_since),
        }

    def _start_clocks(self):
        """Set the deadlines of new tickets."""
        promises = self.sudo()._clock_values({})
        self.env["dcrm.sla.clock"].sudo()._start(promises)
        self.filtered("stage_id.is_waiting")._hold_clocks()

    def _set_clocks(self, reason=None):
        """Set every deadline as the policies promise now, counted from its beginning.

        :param reason: why deadlines change, kept with those that do
        """
        if self:
            tickets = self.sudo()
            promises = tickets._clock_values(tickets._pauses())
            self.env["dcrm.sla.clock"].sudo()._set(promises, reason)

    def _clock_values(self, pauses):
        """Return the values of the clocks of these tickets, see :meth:`_promise`."""
        winners = self.env["dcrm.sla.policy"]._promises(self)
        work = self._service_time()
        return [
            ticket._promise(
                target, start, winners[ticket.id], work, pauses.get(ticket.id, ())
            )
            for ticket in self
            for target, start in ticket._begun().items()
        ]

    def _begun(self):
        """Return ``{target: instant}`` of what the customer waits for, and since when.

        For the next answer only where there was one: the first is a target of its own.
        """
        begun = {target: self.opened_at for target, _name in TARGETS}
        del begun["next_response"]
        if self.first_response_at and not self.closed_at and self.customer_waits_since:
            begun["next_response"] = self.customer_waits_since
        return begun

    def _promise(self, target, start, winners, work, pauses):
        """Return the values of the clock of a target."""
        policy, reason = winners.get(target, (self.env["dcrm.sla.policy"], False))
        hours = policy[HOURS[target]] if policy else 0.0
        return {
            "ticket_id": self.id,
            "target": target,
            "policy_id": policy.id,
            "reason": reason,
            "promised_hours": hours,
            "started_at": start,
            **self._due(policy, hours, start, work, pauses),
        }

    def _due(self, policy, hours, start, work, pauses, reached=None):
        """Return when a promise is due, or since when it is held and what is left.

        :param policy: empty: nothing is promised
        :param work: see :meth:`_service_time`
        :param pauses: (start, stop) pairs; stop is ``None`` for the one that goes on
        :param reached: when it was reached; no pause goes on beyond that
        """
        due = dict.fromkeys(("deadline", "at_risk_at", "paused_at"), False)
        due["remaining_hours"] = 0.0
        if not policy:
            return due
        ended = [(a, b or max(a, reached)) for a, b in pauses if b or reached]
        held = None if reached else next((a for a, b in pauses if not b), None)
        promised = in_minutes(hours)
        at_risk = promised * policy.sudo().risk_percent / 100
        work = work[self._hours_key()]
        due["deadline"], left = course(start, promised, work, ended, held)
        if left is None:
            due["at_risk_at"], _left = course(start, at_risk, work, ended)
            # The database keeps whole seconds.
            due["at_risk_at"] = due["at_risk_at"].replace(microsecond=0)
            return due
        return {
            **due,
            "deadline": False,
            "paused_at": max(held, start),
            "remaining_hours": left.total_seconds() / 3600,
        }

    def _service_calendar(self):
        """Return the calendar that deadlines count on, or an empty recordset."""
        return self.team_id.resource_calendar_id or self.company_id.resource_calendar_id

    def _service_zone(self):
        """Return the name of the time zone that deadlines are told in."""
        return self._service_calendar().tz or self.company_id.partner_id.tz or "UTC"

    def _hours_key(self):
        return self._service_calendar(), self.company_id

    def _service_time(self):
        """Return ``{(calendar, company): working time}``, read as far as needed."""
        return {
            (calendar, company): Replayed(
                calendar._service_time(company, min(tickets.mapped("opened_at")))
            )
            for (calendar, company), tickets in self.grouped(
                lambda ticket: ticket._hours_key()
            ).items()
        }

    def _pauses(self):
        """Return ``{ticket id: [(start, stop or None)]}`` of what does not count."""
        pauses = defaultdict(list)
        for pause in (
            self.env["dcrm.sla.pause"].sudo().search([("ticket_id", "in", self.ids)])
        ):
            pauses[pause.ticket_id.id].append((pause.started_at, pause.ended_at))
        return pauses

    def _follow_service_level(self):
        """Give open tickets the level that their customers have now."""
        before = {ticket: ticket.service_level_id for ticket in self}
        self.env.add_to_compute(self._fields["service_level_id"], self)
        changed = self.filtered(
            lambda ticket: ticket.service_level_id != before[ticket]
        )
        for level, tickets in changed.grouped("service_level_id").items():
            tickets._set_clocks(
                self.env._("Service level: %s", level.name or self.env._("none"))
            )
