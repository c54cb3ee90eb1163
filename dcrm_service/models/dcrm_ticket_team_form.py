from odoo import fields, models


class DcrmTicketTeam(models.Model):
    """A page in which everybody may open a ticket of the team, once it is on."""

    _inherit = "dcrm.ticket.team"

    has_form = fields.Boolean(
        "Web Form",
        help="Whoever knows the address of the page may open tickets of this team",
    )
    form_url = fields.Char("Address of the Form", compute="_compute_form_url")
    form_intro = fields.Html(
        "Words Above the Form",
        translate=True,
        sanitize_attributes=True,
        help="What people should know before they write",
    )

    def _compute_form_url(self):
        for team in self:
            team.form_url = (
                f"{team.get_base_url()}/tickets/new/{team._origin.id}"
                if team._origin
                else False
            )
