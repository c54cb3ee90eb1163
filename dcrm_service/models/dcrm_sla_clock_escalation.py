from datetime import timedelta

from odoo import api, fields, models

from ..compute import escalation
from ..compute.escalation import END, EXPIRED, OBSOLETE, OPEN, SKIPPED
from ..compute.sla_clock import FOREVER
from ..queries import escalation as queries
from .dcrm_batch_mixin import BATCH

# Every deadline is looked at as often as this: calendars and classes change.
AT_LEAST = timedelta(days=1)
# When one is looked at again whose ladder could not be climbed.
LATER = timedelta(hours=1)


class DcrmSlaClock(models.Model):
    """Deadlines climb their team's ladder.

    ``climb_at`` says when a deadline is to be looked at next; what is found then, and
    when the next look is, :mod:`..compute.escalation` decides. Whoever looks holds the
    row, so that nobody else does.
    """

    _inherit = "dcrm.sla.clock"

    notice_ids = fields.One2many("dcrm.escalation.notice", "clock_id", readonly=True)
    climb_at = fields.Datetime(
        compute="_compute_climb_at",
        store=True,
        precompute=True,
        help="When its ladder is looked at next",
    )

    _climb_idx = models.Index("(climb_at) WHERE climb_at IS NOT NULL")

    @api.depends(
        "deadline",
        "reached_at",
        "ticket_id.team_id",
        "ticket_id.user_id",
        "ticket_id.pause_ids.ended_at",
    )
    def _compute_climb_at(self):
        """Whatever changes, what follows is found out when it is looked at."""
        now = fields.Datetime.now()
        climbing = self._climbing()
        climbing.climb_at = now
        (self - climbing).climb_at = False

    def _climbing(self):
        """Return those of these deadlines of which somebody could be told.

        Who puts an open ticket away has not answered it.
        """
        teams = self.env["dcrm.escalation.policy"]._teams_with_ladder()
        return self.filtered(
            lambda clock: (
                clock.deadline
                and not clock.reached_at
                and clock.ticket_id.team_id.id in teams
            )
        )

    # -- the scheduled action --------------------------------------------------------

    @api.model
    def _climb_due(self):
        """Look at the ladders of all deadlines that are due for it. The cron."""
        self.env["dcrm.escalation.notice"]._settle_all()
        self.env.flush_all()
        now = fields.Datetime.now()
        [[left]] = self.env.execute_query(queries.count_due(now))

        def take(_last):
            return self._take_due(now)

        def climb(clocks):
            clocks._climb()

        self._work_off(take, climb, left, put_off=_look_later)

    @api.model
    def _take_due(self, now, limit=None):
        """Return ladders that are to be looked at, which nobody else does meanwhile."""
        self.env.flush_all()
        rows = self.env.execute_query(queries.lock_due(now, limit or BATCH))
        return self.browse(id_ for [id_] in rows)

    # -- one look --------------------------------------------------------------------

    def _climb(self):
        """Do what is due on the ladders of these deadlines, and plan the next look."""
        clocks = self.sudo()._climbing()
        looks = dict.fromkeys(self - clocks, False)
        ladders = self.env["dcrm.escalation.policy"].sudo()._of_clocks(clocks)
        view = clocks.browse(clock.id for clock in ladders)._view()
        rungs, climbs = clocks._look(ladders, view)
        moving = clocks.filtered(lambda clock: clock in climbs and climbs[clock].taken)
        # Who can be told is asked only where somebody is to be told.
        reasons = moving._reasons(ladders)
        for clock in moving:
            found = clock._rungs(ladders[clock], *view[clock])
            rungs[clock] = clock._without_absent(found, reasons)
            climbs[clock] = clock._found(ladders[clock], rungs[clock], *view[clock])
        for clock in clocks:
            clock._undo(ladders.get(clock), climbs.get(clock))
        notices = moving._take(ladders, climbs, reasons, view)
        for clock in clocks:
            looks[clock] = clock._next_look(
                climbs.get(clock), rungs.get(clock), notices.get(clock)
            )
        self._plan(looks)
        for clock, ladder in ladders.items():
            clock._tell_customer(ladder)

    def _look(self, ladders, view):
        """Return ``({clock: rungs}, {clock: what is to be done})``.

        Whom the rungs name matters only where somebody is asked already.
        """
        rungs, climbs = {}, {}
        for clock in self.filtered(lambda clock: clock in ladders):
            named = bool(clock.notice_ids)
            rungs[clock] = clock._rungs(ladders[clock], *view[clock], named=named)
            climbs[clock] = clock._found(ladders[clock], rungs[clock], *view[clock])
        return rungs, climbs

    def _found(self, ladder, rungs, work, pauses):
        """Return what is to be done on a ladder now."""
        told = self._told(ladder, work, pauses)
        return escalation.climb(rungs, told, fields.Datetime.now())

    def _view(self):
        """Return ``{clock: (working time, pauses)}``, what its time is counted by."""
        tickets = self.ticket_id
        work, pauses = tickets._service_time(), tickets._pauses()
        return {
            clock: (
                work[clock.ticket_id._hours_key()],
                pauses.get(clock.ticket_id.id, ()),
            )
            for clock in self
        }

    def _rungs(self, ladder, work, pauses, named=True):
        """Return the ladder's rungs for this deadline, as if everybody were there.

        :param named: whether it matters who they are
        """
        rungs, instants = [], {}
        for step in ladder.step_ids:
            if step.offset not in instants:
                instants[step.offset] = escalation.instant(
                    step._offset(), self.started_at, self.deadline, work, pauses
                )
            person = (named and step._person(self.ticket_id).id) or None
            at = instants[step.offset]
            rungs.append(escalation.Rung(step.id, at, step.offset < 0, person, person))
        return rungs

    def _told(self, ladder, work, pauses):
        """Return the notices of this deadline on a ladder, the first first."""
        told = []
        for notice in self._standing_notices(ladder):
            key = END if notice.is_end else notice.step_id.id or -notice.id
            until = notice._until(work, pauses)
            told.append(
                escalation.Told(key, notice.state, notice.user_id.id or None, until)
            )
        return told

    def _standing_notices(self, ladder):
        return self.notice_ids.filtered(
            lambda notice: notice.state != OBSOLETE and notice.policy_id == ladder
        ).sorted("id")

    def _reasons(self, ladders):
        """Return ``{(clock, user id): reason}`` of those who can not be told."""
        named = {
            (clock, person)
            for clock in self
            for step in ladders[clock].step_ids
            if (person := step._person(clock.ticket_id))
        }
        by_person = {}
        for clock, person in named:
            by_person.setdefault((person, clock.company_id), self.browse())
            by_person[person, clock.company_id] |= clock
        people = self.env["res.users"].union(*(person for _clock, person in named))
        away = people._away()
        return {
            (clock, person.id): reason
            for (person, company), clocks in by_person.items()
            for clock, reason in clocks._reasons_of(person, company, away).items()
        }

    def _reasons_of(self, person, company, away):
        """Return ``{clock: reason}`` of why a person can not be told of some."""
        reason = person._reason_not_to_tell(company, away)
        if reason:
            return dict.fromkeys(self, reason)
        tickets = self.ticket_id.with_user(person)
        tickets = tickets.with_context(allowed_company_ids=company.ids)
        readable = tickets._filtered_access("read")
        return {
            clock: "no_access"
            for clock in self
            if clock.ticket_id.id not in readable._ids
        }

    def _without_absent(self, rungs, reasons):
        return [
            rung._replace(person=None) if (self, rung.named) in reasons else rung
            for rung in rungs
        ]

    # -- what comes of it ------------------------------------------------------------

    def _undo(self, ladder, climb):
        """Write which notices are of another time, and which nobody accepted."""
        live = self.notice_ids.filtered(lambda notice: notice.state != OBSOLETE)
        if not live:
            return
        standing = self._standing_notices(ladder) if ladder else live.browse()
        void = live - standing
        if not ladder:
            # What was said stays said; only nobody is asked any more.
            void = void.filtered(lambda notice: notice.state == OPEN)
        elif climb.void:
            void |= standing[-len(climb.void) :]
        expired = (standing - void).filtered(
            lambda notice: notice.state == OPEN and climb.expired
        )
        void.state = OBSOLETE
        expired.state = EXPIRED
        (void | expired)._settle()

    def _take(self, ladders, climbs, reasons, view):
        """Make the notices of the rungs that are taken, and tell who is to be told.

        :return: ``{clock: notices}``
        """
        values = [
            clock._notice_values(ladders[clock], key, person, reasons, *view[clock])
            for clock, climb in climbs.items()
            for key, person in climb.taken
        ]
        notices = self.env["dcrm.escalation.notice"].sudo().create(values)
        notices._tell()
        return notices.grouped("clock_id")

    def _notice_values(self, ladder, key, person, reasons, work, pauses):
        """Return the values of the notice of a rung."""
        step = ladder.step_ids.filtered(lambda step: step.id == key)
        now = fields.Datetime.now()
        values = {
            "clock_id": self.id,
            "policy_id": ladder.id,
            "step_id": step.id,
            "role": step.role,
            "is_end": key == END,
            "user_id": person,
            "told_at": now,
            "deadline": self.deadline,
            "state": OPEN,
        }
        if key == END:
            values["user_id"] = self.ticket_id.team_id.lead_id.id
        elif person:
            until = escalation.instant(step._timer(), now, now, work, pauses)
            values["expires_at"] = until if until < FOREVER else False
            values["timer_minutes"] = step.timer_minutes
        else:
            named = step._person(self.ticket_id)
            reason = reasons.get((self, named.id), "told") if named else "nobody"
            values |= {"user_id": named.id, "state": SKIPPED, "reason": reason}
        return values

    @api.model
    def _plan(self, looks):
        """Write when deadlines are looked at next, all at once.

        :param dict looks: ``{deadline: naive UTC instant or False}``
        """
        self.flush_model(["climb_at"])
        ids = [clock.id for clock in looks]
        self.env.cr.execute(queries.look_at(ids, looks.values()))
        self.browse(ids).invalidate_recordset(["climb_at"], flush=False)

    def _next_look(self, climb, rungs, notices):
        """Return when this deadline, which climbs, is looked at next."""
        latest = fields.Datetime.now() + AT_LEAST
        if not climb:
            # No ladder of the team is for this customer; its class may change.
            return latest
        told = list(climb.standing)
        if notices and told[-1].state == OPEN:
            told[-1] = told[-1]._replace(until=notices[-1].expires_at or FOREVER)
        return min(escalation.due(rungs, told), latest)


def _look_later(clocks):
    """Keep a ladder that could not be climbed from being looked at again at once."""
    clocks.climb_at = fields.Datetime.now() + LATER
