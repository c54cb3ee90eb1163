from odoo import api, fields, models


class DcrmTicket(models.Model):
    """What the screens of a ticket show, and what their buttons do."""

    _inherit = "dcrm.ticket"

    deadline_text = fields.Char(
        "Next",
        compute="_compute_deadline_text",
        help="What is due next, in words",
    )

    @api.depends("next_deadline", "clock_ids.deadline", "clock_ids.reached_at")
    @api.depends_context("lang", "tz")
    def _compute_deadline_text(self):
        for ticket in self:
            due = ticket.clock_ids.filtered(
                lambda clock, deadline=ticket.next_deadline: (
                    deadline and not clock.reached_at and clock.deadline == deadline
                )
            )
            ticket.deadline_text = due[:1].summary

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
