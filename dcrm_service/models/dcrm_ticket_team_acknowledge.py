from odoo import api, fields, models


class DcrmTicketTeam(models.Model):
    """Whether a team tells who writes to it that the e-mail has come."""

    _inherit = "dcrm.ticket.team"

    acknowledges = fields.Boolean(
        "Acknowledge E-mails",
        help="Who opens a ticket by e-mail is told so, and never machines, lists or "
        "own addresses",
    )
    acknowledgement_hours = fields.Integer(
        "Once In",
        default=24,
        help="Hours in which a sender is told once, however many e-mails come",
    )
    acknowledgement_template_id = fields.Many2one(
        "mail.template",
        "Acknowledgement",
        ondelete="restrict",
        domain=[("model", "=", "dcrm.ticket")],
        default=lambda self: self.env.ref(
            "dcrm_service.mail_template_ticket_acknowledgement", False
        ),
        help="In your company's words",
    )

    _acknowledges_seldom = models.Constraint(
        "CHECK(acknowledgement_hours BETWEEN 1 AND 8784)",
        "A sender is told once in a period of one hour to a year.",
    )

    @api.constrains("acknowledgement_template_id")
    def _check_acknowledgement_template(self):
        self.sudo().acknowledgement_template_id._refuse_quoting()
