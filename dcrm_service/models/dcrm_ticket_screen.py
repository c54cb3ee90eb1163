from odoo import api, fields, models

# Which of the clocks is the next one.
NEXT = ("clock_ids.policy_id", "clock_ids.deadline", "clock_ids.reached_at")


class DcrmTicket(models.Model):
    """What the screens of a ticket show, and what their buttons do."""

    _inherit = "dcrm.ticket"

    deadline_text = fields.Char(
        "Next",
        compute="_compute_deadline_text",
        help="What is due next, in words; or what waits for the customer",
    )
    next_at_risk_at = fields.Datetime(
        "At Risk From",
        compute="_compute_next_at_risk_at",
        help="Since when what is due next is near",
    )

    @api.depends("next_deadline", *NEXT)
    @api.depends_context("lang", "tz")
    def _compute_deadline_text(self):
        for ticket in self:
            ticket.deadline_text = ticket._next_clock().summary

    @api.depends("next_deadline", "clock_ids.at_risk_at", *NEXT)
    def _compute_next_at_risk_at(self):
        for ticket in self:
            ticket.next_at_risk_at = ticket._next_clock().at_risk_at

    def _next_clock(self):
        """Return the clock of what is due next; where all stand still, the first."""
        clocks = self.clock_ids
        due = clocks.filtered(
            lambda clock: (
                clock.policy_id
                and not clock.reached_at
                and clock.deadline == self.next_deadline
            )
        )
        # What is read of it is read of those of all the tickets at once.
        return due[:1].with_prefetch(clocks._prefetch_ids)

    def action_assign_to_me(self):
        """Take tickets: they are the user's own from now on."""
        self.write({"user_id": self.env.uid})

    def action_close(self):
        """Take tickets to the first stage of their team that closes them.

        :raises UserError: where there is no such stage
        """
        stages = self.grouped(lambda ticket: ticket._closing_stage())
        for stage, tickets in stages.items():
            tickets.stage_id = stage

    def action_reopen(self):
        """Take closed tickets back to where they are worked on."""
        self.check_access("write")
        self.filtered("is_closed")._go_on()
