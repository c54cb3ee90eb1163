from odoo import api, fields, models
from odoo.fields import Domain


class DcrmTicketTeam(models.Model):
    """What the team's card shows: how much is open, whose it is, what is late."""

    _inherit = "dcrm.ticket.team"

    open_count = fields.Integer("Open", compute="_compute_counts")
    unassigned_count = fields.Integer("Unassigned", compute="_compute_counts")
    mine_count = fields.Integer("Mine", compute="_compute_counts")
    late_count = fields.Integer("Late", compute="_compute_counts")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_counts(self):
        open_ = Domain("team_id", "in", self.ids) & Domain("closed_at", "=", False)
        tickets = self.env["dcrm.ticket"]
        groups = tickets._read_group(open_, ["team_id", "user_id"], ["__count"])
        late = dict(
            tickets._read_group(
                open_ & Domain("is_late", "=", True), ["team_id"], ["__count"]
            )
        )
        for team in self:
            of = {user: count for each, user, count in groups if each == team}
            team.open_count = sum(of.values())
            team.unassigned_count = of.get(self.env["res.users"], 0)
            team.mine_count = of.get(self.env.user, 0)
            team.late_count = late.get(team, 0)

    def action_open_tickets(self):
        """Return the action that shows the team's tickets.

        The context's ``ticket_filter`` names the filter that they are shown through.
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_service.dcrm_ticket_action"
        )
        chosen = self.env.context.get("ticket_filter", "open")
        return {
            **action,
            "display_name": self.name,
            "domain": [("team_id", "=", self.id)],
            "context": {"default_team_id": self.id, f"search_default_{chosen}": 1},
        }
