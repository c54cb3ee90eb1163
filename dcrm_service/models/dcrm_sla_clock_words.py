from datetime import timedelta

from babel.dates import format_timedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime, format_time
from odoo.tools.misc import babel_locale_parse, get_lang


class DcrmSlaClock(models.Model):
    """Deadlines in words: for the reader now, and for the thread, read much later."""

    _inherit = "dcrm.sla.clock"

    summary = fields.Char(compute="_compute_summary")
    explanation = fields.Char(compute="_compute_explanation")

    @api.depends(
        "state",
        "deadline",
        "reached_at",
        "target",
        "remaining_hours",
        "ticket_id.recount_ids",
    )
    @api.depends_context("lang", "tz")
    def _compute_summary(self):
        for clock in self:
            clock.summary = clock._in_words()
            if not clock.reached_at and clock.sudo().ticket_id.recount_ids:
                clock.summary = self.env._(
                    "%s It is being counted anew.", clock.summary
                )

    @api.depends("policy_id", "promised_hours", "started_at", "deadline")
    @api.depends_context("lang", "tz")
    def _compute_explanation(self):
        for clock in self:
            clock.explanation = bool(clock.policy_id) and self.env._(
                "%(policy)s: %(hours)s from %(start)s, %(calendar)s",
                policy=clock.sudo().policy_id.name,
                hours=self._hours_in_words(clock.promised_hours),
                start=self._instant_in_words(clock.started_at),
                calendar=clock._calendar_in_words(),
            )

    def _in_words(self):
        """Return how it stands with this deadline, as a sentence."""
        if not self.policy_id:
            return {
                "first_response": self.env._("No answer is promised any more."),
                "next_response": self.env._("No further answer is promised any more."),
                "resolution": self.env._("No solution is promised any more."),
            }[self.target]
        end = self.reached_at or fields.Datetime.now()
        words = {
            "due": self.deadline and self._instant_in_words(self.deadline),
            "at": self._instant_in_words(end),
            "span": self.deadline and self._span_in_words(end - self.deadline),
            "left": self._hours_in_words(self.remaining_hours),
        }
        return self._sentences()[self._moment()] % words

    def _moment(self):
        """Return which sentence tells it: a state, or "late" while not reached."""
        if self.state == "breached" and not self.reached_at:
            return "late"
        if self.state == "met" and not self.deadline:
            return "held"
        return "running" if self.state == "at_risk" else self.state

    def _sentences(self):
        """Return the sentences of the target by the moment, with named places."""
        if self.target == "resolution":
            return {
                "running": self.env._("Solution due %(due)s, in %(span)s."),
                "paused": self.env._("Solution waits for the customer: %(left)s left."),
                "late": self.env._("Solution was due %(due)s: %(span)s late."),
                "met": self.env._("Solved %(at)s, %(span)s early."),
                "held": self.env._("Solved %(at)s."),
                "breached": self.env._("Solved %(at)s, %(span)s late."),
            }
        due = {
            "met": self.env._("Answered %(at)s, %(span)s early."),
            "held": self.env._("Answered %(at)s."),
            "breached": self.env._("Answered %(at)s, %(span)s late."),
        }
        if self.target == "next_response":
            return {
                **due,
                "running": self.env._("Next answer due %(due)s, in %(span)s."),
                "paused": self.env._(
                    "Next answer waits for the customer: %(left)s left."
                ),
                "late": self.env._("Next answer was due %(due)s: %(span)s late."),
            }
        return {
            **due,
            "running": self.env._("Answer due %(due)s, in %(span)s."),
            "paused": self.env._("Answer waits for the customer: %(left)s left."),
            "late": self.env._("Answer was due %(due)s: %(span)s late."),
        }

    def _calendar_in_words(self):
        calendar = self.sudo().ticket_id._service_calendar()
        if not calendar._has_service_hours():
            return self.env._("round the clock")
        return self.env._(
            "in the hours of %(calendar)s (%(zone)s)",
            calendar=calendar.name,
            zone=calendar.tz,
        )

    @api.model
    def _hours_in_words(self, hours):
        """Return 1.5 hours as "1 h 30 min"."""
        whole, minutes = divmod(round(hours * 60), 60)
        if not minutes:
            return self.env._("%s h", whole)
        if not whole:
            return self.env._("%s min", minutes)
        return self.env._("%(hours)s h %(minutes)s min", hours=whole, minutes=minutes)

    @api.model
    def _instant_in_words(self, instant):
        """Return an instant as "today at 14:00", in the reader's time zone."""
        local = fields.Datetime.context_timestamp(self, instant)
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        time = format_time(self.env, local.time(), time_format="short")
        days = (local.date() - now.date()).days
        if days == 0:
            return self.env._("today at %s", time)
        if days == 1:
            return self.env._("tomorrow at %s", time)
        if days == -1:
            return self.env._("yesterday at %s", time)
        pattern = "EEE d MMM" if local.year == now.year else "EEE d MMM y"
        date = format_date(self.env, local.date(), date_format=pattern)
        return self.env._("%(date)s at %(time)s", date=date, time=time)

    @api.model
    def _span_in_words(self, span):
        """Return a timedelta, whatever its sign, as "90 minutes" or "2 days"."""
        return format_timedelta(
            max(abs(span), timedelta(minutes=1)),
            granularity="minute",
            threshold=1.5,
            locale=babel_locale_parse(get_lang(self.env).code),
        )

    # -- in the thread, which is read much later and by anybody -----------------------

    def _instant_of_team(self, instant):
        """Return an instant in the time zone of the team's working hours."""
        if not instant:
            return self.env._("nothing promised")
        zone = self.sudo().ticket_id._service_zone()
        moment = format_datetime(
            self.env, instant, tz=zone, dt_format="EEE d MMM y HH:mm"
        )
        return f"{moment} ({zone})"

    def _log_changes(self, changed, reason):
        """Say in the tickets which deadlines were set anew, and what they were."""
        lines = {}
        for clock, before in changed:
            line = self.env._(
                "%(target)s due %(after)s instead of %(before)s, by policy %(policy)s",
                target=dict(self._fields["target"]._description_selection(self.env))[
                    clock.target
                ],
                after=clock._instant_of_team(clock.deadline),
                before=clock._instant_of_team(before),
                policy=clock.policy_id.name or self.env._("none"),
            )
            lines.setdefault(clock.ticket_id.id, [reason or ""]).append(line)
        self._log(lines)

    def _log_breaches(self):
        """Say in the tickets which deadlines have passed."""
        lines = {}
        for clock in self:
            due = clock._instant_of_team(clock.deadline)
            line = {
                "first_response": self.env._(
                    "The answer was due %s, and nobody has answered yet.", due
                ),
                "next_response": self.env._(
                    "The customer wrote again: the answer was due %s, and nobody has "
                    "answered yet.",
                    due,
                ),
                "resolution": self.env._(
                    "The solution was due %s, and it is not solved yet.", due
                ),
            }[clock.target]
            lines.setdefault(clock.ticket_id.id, []).append(line)
        self._log(lines)

    def _log(self, lines):
        """Log ``{ticket id: [line]}`` in the threads of the tickets, for us only."""
        tickets = self.env["dcrm.ticket"].browse(lines)
        if tickets:
            tickets._message_log_batch(
                {
                    ticket_id: Markup("<br/>").join(sentences)
                    for ticket_id, sentences in lines.items()
                }
            )
