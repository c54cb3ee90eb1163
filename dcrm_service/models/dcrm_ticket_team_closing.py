from odoo import fields, models


class DcrmTicketTeam(models.Model):
    """How long a team's closed tickets are opened again by an answer."""

    _inherit = "dcrm.ticket.team"

    reopen_within_days = fields.Integer(
        "Answers Reopen Within",
        help="Days. What a customer writes to a ticket that was closed longer ago "
        "opens a new one, linked to it. 0: it always opens the old one again.",
    )

    _reopens_later = models.Constraint(
        "CHECK(reopen_within_days >= 0)",
        "Tickets are opened again within days after they were closed.",
    )
