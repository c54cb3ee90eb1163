from odoo import fields, models

MANAGER = "dcrm_service.group_service_manager"


class DcrmTicketTeam(models.Model):
    """What an hour of the team costs."""

    _inherit = "dcrm.ticket.team"

    currency_id = fields.Many2one(related="company_id.currency_id")
    hourly_cost = fields.Monetary(
        "Cost per Hour",
        groups=MANAGER,
        help="Time that is entered on tickets from now on is valued at it, and counts "
        "as cost to serve in the customer's profit. 0: it is not valued",
    )

    _hourly_cost_positive = models.Constraint(
        "CHECK(hourly_cost >= 0)", "An hour costs nothing at the least."
    )

    def _hourly_costs(self):
        """Return ``{(team id, user id): cost per hour}``, the team's own of False."""
        costs = {(team.id, False): team.hourly_cost for team in self}
        agents = self.env["dcrm.ticket.agent"].search(
            [("team_id", "in", self.ids), ("hourly_cost", ">", 0)]
        )
        costs.update(
            ((agent.team_id.id, agent.user_id.id), agent.hourly_cost)
            for agent in agents
        )
        return costs
