from odoo import api, models

from .inside import INSIDE


class DcrmTicket(models.Model):
    """A ticket that a customer opens by a form on the web is an interaction.

    One by e-mail or in the portal is one by its first message; one that was made of an
    interaction, or split off another ticket, makes no second.
    """

    _inherit = "dcrm.ticket"

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        if self.env.context.get("dcrm_known_interaction") is not INSIDE:
            self.env["dcrm.interaction"]._capture_forms(
                tickets.filtered(lambda ticket: ticket.channel == "web")
            )
        return tickets

    def copy(self, default=None):
        """Copy tickets; a customer sent none of the copies."""
        quiet = self.with_context(dcrm_known_interaction=INSIDE)
        return super(DcrmTicket, quiet).copy(default).with_env(self.env)
