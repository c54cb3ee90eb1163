from odoo import api, fields, models
from odoo.exceptions import UserError


class DcrmTicket(models.Model):
    """When a ticket was closed first and last, and how often it was opened again."""

    _inherit = "dcrm.ticket"

    first_closed_at = fields.Datetime(
        "First Closed",
        compute="_compute_closings",
        store=True,
        precompute=True,
        copy=False,
        help="When it was said for the first time that it is done",
    )
    last_closed_at = fields.Datetime(
        "Last Closed",
        compute="_compute_closings",
        store=True,
        precompute=True,
        copy=False,
        help="Also where it is open again",
    )
    reopened_count = fields.Integer(
        "Opened Again", readonly=True, copy=False, aggregator="sum"
    )

    @api.depends("closed_at")
    def _compute_closings(self):
        for ticket in self:
            ticket.first_closed_at = ticket.first_closed_at or ticket.closed_at
            ticket.last_closed_at = ticket.closed_at or ticket.last_closed_at

    def _reopened(self, closed_at):
        """Do what follows when these are opened again: a hook for more.

        :param dict closed_at: when each was closed, by id
        """
        for ticket in self.sudo():
            ticket.reopened_count += 1
        self._resume_clocks(closed_at)

    def _closing_stages(self):
        """Return the stages of the team that close tickets, maybe none."""
        self.ensure_one()
        return self._all_stages()._of_team(self.team_id).filtered("is_closed")

    def _closing_stage(self):
        """Return the first stage of the team that closes tickets.

        :raises UserError: where there is no such stage
        """
        if closing := self._closing_stages()[:1]:
            return closing
        raise UserError(
            self.env._(
                "No stage closes tickets of %s: mark one that does.",
                self.team_id.name or self.env._("no team"),
            )
        )
