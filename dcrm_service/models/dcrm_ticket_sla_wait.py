from odoo import fields, models
from odoo.fields import Domain


class DcrmTicket(models.Model):
    """Who waits for whom: clocks stand still while the ticket waits for the customer.

    Whose turn it is, is what was said last, on whatever channel: a customer who waits
    for an answer, be it the first, is not waited for, whatever stage the ticket is in.
    """

    _inherit = "dcrm.ticket"

    last_answer_at = fields.Datetime(
        "Last Answered",
        readonly=True,
        copy=False,
        help="When one of us has written to the customer last",
    )
    customer_waits_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="The customer's first word since the last answer, after there was one",
    )

    def write(self, vals):
        outcome = super().write(vals)
        if vals.keys() & {"stage_id", "team_id", "first_response_at"}:
            self._hold_clocks()
        return outcome

    def _wake(self):
        """Let customers who open it again wait anew: the closing was an answer."""
        self.filtered("closed_at").customer_waits_since = False
        return super()._wake()

    def _go_on(self):
        """Count time again: the customer's answer takes waiting tickets back."""
        now = fields.Datetime.now()
        self._resume(now)
        return super()._go_on()

    # -- standing still ---------------------------------------------------------------

    def _goes_on(self):
        """Return the pauses of these tickets that have not ended, as sudo."""
        pauses = self.env["dcrm.sla.pause"].sudo()
        return pauses.search(
            Domain("ticket_id", "in", self.ids) & Domain("ended_at", "=", False)
        )

    def _waits_for_customer(self):
        self.ensure_one()
        return (
            self.stage_id.is_waiting
            and not self.closed_at
            and bool(self.first_response_at)
            and not self.customer_waits_since
        )

    def _hold_clocks(self):
        """Have clocks stand still where tickets wait for the customer, else go on."""
        now = fields.Datetime.now()
        tickets = self.sudo()
        held = tickets._goes_on()
        waiting = tickets.filtered(lambda ticket: ticket._waits_for_customer())
        ended = held.filtered(lambda pause: pause.ticket_id not in waiting)
        for pause in ended:
            pause._end(pause.ticket_id.closed_at or now)
        begun = waiting - held.ticket_id
        # Who does the same at once waits here, and is tried again.
        begun.flush_recordset()
        self.env["dcrm.sla.pause"].sudo().create(
            [
                {
                    "ticket_id": ticket.id,
                    "reason": "waiting",
                    "started_at": max(now, ticket.opened_at),
                }
                for ticket in begun
            ]
        )
        begun._recount_clocks(self.env._("Waiting for the customer"))
        ended.ticket_id._recount_clocks(self.env._("Does not wait for the customer"))

    def _resume(self, at):
        """Count time again from when the customer answered, as sudo.

        Told late, it may be that the ticket waits since: then that counts back.
        """
        held = self._goes_on()
        if not held:
            return
        held._correct(at)
        held.ticket_id._recount_clocks(self.env._("The customer has answered"))

    def _recount_clocks(self, reason):
        """Count what is not reached anew, and what was reached while it was held."""
        clocks = self.sudo().clock_ids.filtered(
            lambda clock: not clock.reached_at or not clock.deadline
        )
        if clocks:
            clocks._recount(reason)

    def _count_anew(self, reason, with_policies):
        """Count the deadlines of open tickets anew; as sudo.

        :param reason: why, in words
        :param with_policies: by what is promised now, and not only what was
        """
        tickets = self.filtered(lambda ticket: not ticket.closed_at)
        if with_policies:
            tickets._set_clocks(reason)
        else:
            running = tickets.clock_ids.filtered(lambda clock: not clock.reached_at)
            running._recount(reason, told=True)
        tickets._hold_clocks()

    def _resume_clocks(self, closed_at):
        """Set the clocks of tickets that were opened again after ``{id: closing}``.

        What lies between counts for no deadline: who solved in time is not late the
        moment that the customer writes again. When it was solved first stays known.
        """
        now = fields.Datetime.now()
        self._take_answer_back(closed_at)
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
        for clock in self.sudo().clock_ids:
            if clock.target == "resolution":
                clock.reopened += 1
        self._set_clocks(self.env._("Opened again"))

    def _take_answer_back(self, closed_at):
        """Have the customer wait for an answer where only a closing was one.

        A closing that is undone has told nobody anything. Who was answered after it had
        the answer then.
        """
        for ticket in self.sudo():
            closing = closed_at[ticket.id]
            answer = ticket._answered_since(closing)
            if ticket.first_response_at == closing != answer:
                ticket._clocks_of("first_response")._forget_first()
                ticket.first_response_at = answer
            if ticket.customer_waits_since:
                undone = ticket._clocks_of("next_response").filtered(
                    lambda clock, closing=closing: clock.reached_at == closing
                )
                undone._forget_first()
                undone.reached_at = answer
                if answer:
                    ticket.customer_waits_since = False

    def _clocks_of(self, target):
        return self.clock_ids.filtered(lambda clock: clock.target == target)

    def _answered_since(self, closing):
        """Return when the customer was answered first at or after a closing."""
        last = self.last_answer_at
        if not last or last < closing:
            return False
        answers = self._said().filtered(
            lambda message: (
                message.date >= closing
                and self._is_spoken(message)
                and self._speaks_for_us(message.author_id)
                and self._has_reached_customer(message)
            )
        )
        talks = self.env["dcrm.interaction"].sudo()
        talks = talks.search(
            Domain("ticket_id", "=", self.id)
            & Domain("is_heard", "=", True)
            & Domain("direction", "=", "out")
            & Domain("date", ">=", closing)
        )
        dates = (*answers.mapped("date"), *talks.mapped("date"))
        return min(dates, default=last)

    # -- whose turn it is --------------------------------------------------------------

    def _customer_spoke(self, at=None, asks=True):
        """Note that the customer has said something: who has had an answer waits anew.

        :param datetime at: when, naive UTC; empty: now. What is told late counts from
            when it was said, unless we have answered since
        :param asks: whether it is to be answered; no: we have talked
        """
        now = fields.Datetime.now()
        at = min(at or now, now)
        open_ = self.sudo().filtered(
            lambda ticket: not ticket.closed_at and ticket._is_word_to_answer(at)
        )
        open_._resume(at)
        anew = open_.filtered(
            lambda ticket: (
                asks
                and ticket.first_response_at
                and (
                    not ticket.customer_waits_since or ticket.customer_waits_since > at
                )
            )
        )
        anew.customer_waits_since = at
        # Who says something at once waits here, and is tried again.
        anew.flush_recordset()
        open_.filtered("stage_id.is_waiting")._go_on()
        anew._set_clocks(self.env._("The customer has written again"))

    def _is_word_to_answer(self, at):
        """Return whether what the customer said then was not answered since."""
        last = self.last_answer_at or self.first_response_at or self.opened_at
        return at >= last

    def _answered(self, at=None):
        """Note an answer of ours, also that it was the first or the next one."""
        now = fields.Datetime.now()
        at = min(at or now, now)
        outcome = super()._answered(at)
        tickets = self.sudo().filtered(
            lambda ticket: not ticket.last_answer_at or ticket.last_answer_at <= at
        )
        tickets.last_answer_at = at
        waited = tickets.filtered(
            lambda ticket: (
                not ticket.closed_at
                and ticket.customer_waits_since
                and ticket.customer_waits_since <= at
            )
        )
        for clock in waited.clock_ids:
            if clock.target == "next_response" and not clock.reached_at:
                clock.reached_at = at
        waited.customer_waits_since = False
        waited._hold_clocks()
        # What was promised while it stood still has its deadline once it is reached.
        tickets.clock_ids.filtered(
            lambda clock: clock.reached_at and not clock.deadline
        )._recount(self.env._("Answered"))
        return outcome
