from odoo import fields, models


class DcrmTicketAgent(models.Model):
    """What an hour of an agent costs, where it is another sum than the team's."""

    _inherit = "dcrm.ticket.agent"

    currency_id = fields.Many2one(related="company_id.currency_id")
    hourly_cost = fields.Monetary(
        "Cost per Hour",
        groups="dcrm_service.group_service_manager",
        help="0: the team's",
    )

    _hourly_cost_positive = models.Constraint(
        "CHECK(hourly_cost >= 0)", "An hour costs nothing at the least."
    )
