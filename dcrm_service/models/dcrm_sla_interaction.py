from odoo import api, models

# What is said on these waits for an answer; in a talk it has one at once.
WRITTEN_CHANNELS = ("email", "web", "letter", "portal")
# Heard already, or nothing that waits: messages, the opening itself, ratings.
HEARD = {"mail.message", "dcrm.ticket", "rating.rating"}


class DcrmInteraction(models.Model):
    """What a customer says on whatever channel goes on with the ticket it is about."""

    _inherit = "dcrm.interaction"

    @api.model_create_multi
    def create(self, vals_list):
        interactions = super().create(vals_list)
        interactions._go_on_with_tickets()
        return interactions

    def write(self, vals):
        outcome = super().write(vals)
        if vals.keys() & {"ticket_id", "direction", "date"}:
            self._go_on_with_tickets()
        return outcome

    def _go_on_with_tickets(self):
        """Go on with tickets that waited for what the customer has said here.

        Messages of the thread are heard there already; a rating asks nothing.
        """
        for interaction in self:
            ticket = interaction.ticket_id
            if (
                ticket
                and interaction.direction == "in"
                and interaction.res_model not in HEARD
            ):
                ticket._customer_spoke(
                    interaction.date, asks=interaction.channel in WRITTEN_CHANNELS
                )
