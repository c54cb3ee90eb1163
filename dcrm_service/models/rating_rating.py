from odoo import api, fields, models
from odoo.exceptions import AccessError

from .dcrm_export_mixin import without_formulas

TICKET = "dcrm.ticket"
# What of a rating its interaction says.
FOLLOWED = {"consumed", "feedback", "rating"}
# What only who is asked says, and the system of them.
SAID = {
    *FOLLOWED,
    "access_token",
    "parent_res_id",
    "parent_res_model_id",
    "partner_id",
    "rated_partner_id",
    "res_id",
    "res_model_id",
}


class RatingRating(models.Model):
    """What a customer says of how it was is an interaction, where it is logged.

    How a ticket was is read by who may read the ticket, and said by its customer alone:
    the host lets everybody who works here read all ratings, and write them.
    """

    _inherit = "rating.rating"

    ticket_id = fields.Many2one(
        "dcrm.ticket",
        compute="_compute_ticket_id",
        store=True,
        index="btree_not_null",
        ondelete="cascade",
    )

    @api.depends("res_model", "res_id")
    def _compute_ticket_id(self):
        of_tickets = self.filtered(lambda rating: rating.res_model == TICKET)
        (self - of_tickets).ticket_id = False
        there = self.env[TICKET].browse(of_tickets.mapped("res_id")).exists()
        for rating in of_tickets:
            ticket = there.browse(rating.res_id)
            rating.ticket_id = ticket if ticket in there else False

    def _has_field_access(self, field, operation):
        """Show nobody the token: who has it says how it was in the customer's stead."""
        if field.name == "access_token" and operation == "read":
            return self.env.su and super()._has_field_access(field, operation)
        return super()._has_field_access(field, operation)

    def _refuse_saying(self):
        """Raise AccessError where one of us says how a ticket was."""
        if not self.env.su and self.sudo().ticket_id:
            raise AccessError(self.env._("How it was only the customer says."))

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        ratings._refuse_saying()
        if given := ratings.filtered("consumed"):
            self.env["dcrm.interaction"]._follow_ratings(given)
        return ratings

    def write(self, vals):
        if vals.keys() & (SAID | {"ticket_id"}):
            self._refuse_saying()
        logs = self.env["res.company"]._interaction_capture("rating")
        if not logs or not vals.keys() & FOLLOWED:
            return super().write(vals)
        interactions = self.env["dcrm.interaction"]
        before = {
            rating.id: interactions._words_of_rating(rating) for rating in self.sudo()
        }
        outcome = super().write(vals)
        interactions._follow_ratings(self, before)
        return outcome

    def export_data(self, fields_to_export):
        return without_formulas(super().export_data(fields_to_export))
