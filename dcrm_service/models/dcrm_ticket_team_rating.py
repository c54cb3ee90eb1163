from odoo import fields, models


class DcrmTicketTeam(models.Model):
    """A team is rated by the customers whose tickets it closed."""

    _inherit = "dcrm.ticket.team"

    asks_rating = fields.Boolean(
        "Ask How It Was",
        help="When a ticket is closed its contact is asked by e-mail, once a ticket",
    )

    def action_open_ratings(self):
        """Return the action that lists what customers said of this team."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_service.dcrm_ticket_rating_action"
        )
        action["domain"] = [
            ("parent_res_model", "=", self._name),
            ("parent_res_id", "=", self.id),
            ("consumed", "=", True),
        ]
        return action
