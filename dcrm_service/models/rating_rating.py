from odoo import api, models

# What of a rating its interaction says.
FOLLOWED = {"consumed", "feedback", "rating"}


class RatingRating(models.Model):
    """What a customer says of how it was is an interaction, where it is logged."""

    _inherit = "rating.rating"

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        if given := ratings.filtered("consumed"):
            self.env["dcrm.interaction"]._follow_ratings(given)
        return ratings

    def write(self, vals):
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
