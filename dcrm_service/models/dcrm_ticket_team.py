from odoo import fields, models


class DcrmTicketTeam(models.Model):
    """Who answers tickets together: its people, hours and e-mail address."""

    _name = "dcrm.ticket.team"
    _description = "Ticket Team"
    _inherit = [
        "dcrm.export.mixin",
        "mail.alias.mixin",
        "mail.thread",
        "rating.parent.mixin",
    ]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    member_ids = fields.Many2many(
        "res.users",
        string="Members",
        check_company=True,
        domain=[("share", "=", False)],
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        check_company=True,
        help="Deadlines count these hours. Empty: the company's; none there, or "
        "without any hours: round the clock.",
    )
    ticket_ids = fields.One2many("dcrm.ticket", "team_id")

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("dcrm.ticket")
        if self.id:
            values["alias_defaults"] = {"team_id": self.id}
        return values
