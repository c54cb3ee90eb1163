from odoo import api, models

from ..queries import sla_clock as queries
from .inside import INSIDE


class ResourceCalendarLeaves(models.Model):
    """Deadlines follow the holidays on which nobody works."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._tell_clocks(leaves._on_calendars())
        return leaves

    def write(self, vals):
        before = self._on_calendars()
        outcome = super().write(vals)
        self._tell_clocks(before | self._on_calendars())
        return outcome

    def unlink(self):
        before = self._on_calendars()
        name = ", ".join(filter(None, self.mapped("name")))
        outcome = super().unlink()
        self._tell_clocks(before, name)
        return outcome

    def _on_calendars(self):
        """Return {(ids of calendars or (), ids of companies)} on which these are free.

        Who is away alone does not stop the clocks.
        """
        return {
            (tuple(leave.calendar_id.ids), tuple(leave.company_id.ids))
            for leave in self
            if not leave.resource_id and leave.time_type == "leave"
        }

    def _tell_clocks(self, affected, name=None):
        """Count the open deadlines anew that these days fall on."""
        quiet = self.env.context.get("dcrm_working_time_quiet") is INSIDE
        if not affected or quiet:
            return
        if name is None:
            name = ", ".join(filter(None, self.mapped("name")))
        reason = self.env._("Holidays changed: %s", name or self.env._("no name"))
        companies = self.env["res.company"].sudo()
        for calendar_ids, company_ids in affected:
            if calendar_ids:
                where = queries.on_calendars(calendar_ids)
            else:
                # Without a company it is a holiday everywhere; they are few.
                ids = company_ids or companies.search([]).ids  # pylint: disable=no-search-all
                where = queries.of_companies(ids)
            self.env["dcrm.sla.clock"]._working_time_changed(
                queries.mark_stale(where, reason)
            )
