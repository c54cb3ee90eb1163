from odoo import api, fields, models


class DcrmInteraction(models.Model):
    """Interactions of ratings: how a customer says it was."""

    _inherit = "dcrm.interaction"

    @api.model
    def _follow_ratings(self, ratings, before=None):
        """Make, change or take back the interactions of ratings.

        :param dict before: ``{id: values}`` of :meth:`_words_of_rating` as they were
        """
        if not self.env["res.company"]._interaction_capture("rating"):
            return
        before = before or {}
        given = ratings.sudo().filtered("consumed")
        known = self._of_origins("rating.rating", ratings.ids)
        known_ids = set(known.mapped("res_id"))
        for interaction in known:
            rating = given.browse(interaction.res_id)
            if rating in given:
                interaction._say_as(
                    self._words_of_rating(rating), before.get(rating.id, {})
                )
            else:
                interaction._forget({rating.id: before.get(rating.id, {})})
        self._capture(
            [
                values
                for rating in given
                if rating.id not in known_ids
                and (values := self._rating_values(rating))
            ],
            "rating",
        )

    def _say_as(self, now, before):
        """Follow what the origin says now, but where a person wrote something else."""
        self.ensure_one()
        if self._says(before.get("said")):
            self.said = now["said"]
        if self.mood == before.get("mood"):
            self.mood = now["mood"]

    @api.model
    def _words_of_rating(self, rating):
        stars = round(rating.rating)
        document = self._rated(rating)
        return {
            "mood": str(stars) if 1 <= stars <= 5 else False,
            "said": self._html_of(rating.feedback),
            "ticket_id": document.id if document._name == "dcrm.ticket" else False,
        }

    @api.model
    def _rated(self, rating):
        if rating.res_model not in self.env:
            return self.browse()
        return self.env[rating.res_model].sudo().browse(rating.res_id).exists()

    @api.model
    def _rating_values(self, rating):
        """Return the values of the interaction that a customer's rating is."""
        document, people = self._rated(rating), rating.partner_id._filter_customers()
        if not document or not people:
            return None
        users = rating.rated_partner_id.user_ids.filtered(
            lambda user: user._is_internal()
        )
        words = self._words_of_rating(rating)
        values = self._capture_values(
            people,
            users[:1] or self._responsible(document),
            (
                self._company_of_document(document),
                people.company_id,
                users[:1].company_id,
                self.env.company,
            ),
            subject=self.env._("Rating: %s", document.display_name),
            date=fields.Datetime.now(),
            channel="chat" if document._name == "discuss.channel" else "web",
            direction="in",
            origin_key=f"rating.rating,{rating.id}",
            res_model="rating.rating",
            res_id=rating.id,
            mood=words["mood"],
            said=words["said"],
        )
        return {**values, **self._link_values(document, values["company_id"])}
