from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..compute.sla_clock import FOREVER, Replayed, deadline, in_minutes
from ..queries import sla_clock as queries
from .dcrm_sla_clock import STATES, TARGETS
from .dcrm_sla_policy import HOURS


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
    sla_change_ids = fields.One2many(
        "dcrm.sla.clock.change", "ticket_id", readonly=True
    )
    first_response_deadline = fields.Datetime(
        "Answer Due", compute="_compute_deadlines", store=True
    )
    resolution_deadline = fields.Datetime(
        "Solution Due", compute="_compute_deadlines", store=True
    )
    next_deadline = fields.Datetime(
        "Due",
        compute="_compute_next_deadline",
        store=True,
        index="btree_not_null",
        help="What is due next of an open ticket: the answer or the solution",
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
        help="Breached: a deadline passed before it was reached. Met: all were reached "
        "in time.",
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

    @api.depends("clock_ids.deadline")
    def _compute_deadlines(self):
        for ticket in self:
            due = {clock.target: clock.deadline for clock in ticket.clock_ids}
            ticket.first_response_deadline = due.get("first_response")
            ticket.resolution_deadline = due.get("resolution")

    @api.depends(
        "first_response_deadline",
        "resolution_deadline",
        "first_response_at",
        "closed_at",
    )
    def _compute_next_deadline(self):
        for ticket in self:
            due = []
            if not ticket.closed_at:
                due.append(ticket.resolution_deadline)
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
                (state for state in ("breached", "running", "met") if state in states),
                False,
            )

    def _search_sla_state(self, operator, value):
        if operator != "in":
            return NotImplemented

        def has(*states):
            return Domain("clock_ids", "any", [("state", "in", states)])

        domains = {
            "breached": has("breached"),
            "running": has("running") & ~has("breached"),
            "met": has("met") & ~has("running", "breached"),
            False: ~has("running", "breached", "met"),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "sla_state" or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        clocks = self.env["dcrm.sla.clock"]
        clocks.flush_model(["ticket_id", "deadline", "reached_at", "missed"])
        return queries.state_of_ticket(
            SQL.identifier(alias, "id"), fields.Datetime.now()
        )

    # -- setting the clocks ----------------------------------------------------------

    def _sla_case(self):
        """Return what policies look at: ids of company, team, kind, level; priority."""
        return (
            self.company_id.id,
            self.team_id.id,
            self.kind_id.id,
            self.service_level_id.id,
            self.priority,
        )

    def _start_clocks(self):
        """Set the deadlines of new tickets."""
        promises = self.sudo()._clock_values({})
        self.env["dcrm.sla.clock"].sudo()._start(promises)

    def _set_clocks(self, reason=None):
        """Set every deadline as the policies promise now, counted from the opening.

        :param reason: why deadlines change, kept with those that do
        """
        if self:
            tickets = self.sudo()
            promises = tickets._clock_values(tickets._pauses())
            self.env["dcrm.sla.clock"].sudo()._set(promises, reason)

    def _clock_values(self, pauses):
        """Return the values of the clocks of these tickets, see :meth:`_promise`."""
        policies = self.env["dcrm.sla.policy"]._promises(self)
        work = self._service_time()
        return [
            ticket._promise(
                target, policies[ticket.id], work, pauses.get(ticket.id, ())
            )
            for ticket in self
            for target, _name in TARGETS
        ]

    def _promise(self, target, policies, work, pauses):
        """Return the values of the clock of a target."""
        policy = policies.get(target)
        hours = policy[HOURS[target]] if policy else 0.0
        return {
            "ticket_id": self.id,
            "target": target,
            "policy_id": policy.id if policy else False,
            "promised_hours": hours,
            "started_at": self.opened_at,
            "deadline": policy
            and deadline(
                self.opened_at, in_minutes(hours), work[self._hours_key()], pauses
            ),
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
        """Return ``{ticket id: [(start, stop)]}`` of what does not count."""
        pauses = defaultdict(list)
        for pause in (
            self.env["dcrm.sla.pause"].sudo().search([("ticket_id", "in", self.ids)])
        ):
            pauses[pause.ticket_id.id].append(
                (pause.started_at, pause.ended_at or FOREVER)
            )
        return pauses

    def _resume_clocks(self, closed_at):
        """Set the clocks of tickets that were opened again after ``{id: closing}``.

        What lies between counts for no deadline: who solved in time is not late the
        moment that the customer writes again.
        """
        now = fields.Datetime.now()
        self.env["dcrm.sla.pause"].sudo().create(
            [
                {
                    "ticket_id": ticket.id,
                    "started_at": min(closed_at[ticket.id], now),
                    "ended_at": now,
                }
                for ticket in self
            ]
        )
        self._set_clocks(self.env._("Opened again"))

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
