from odoo import api, models


class DcrmInteraction(models.Model):
    """Interactions of customers that became another customer."""

    _inherit = "dcrm.interaction"

    @api.model
    def _pass_on(self, customers, to):
        """Give all interactions with ``customers`` to the customer ``to``."""
        interactions = self._for_capture().search(
            [("commercial_partner_id", "in", customers.ids)]
        )
        interactions._give(to)

    @api.model
    def _merge_partners(self, gone, into):
        """Prepare interactions for the merge of the partners ``gone`` into another.

        The merged contacts' interactions follow them to the customer of ``into``, also
        where they were another company's contacts.
        """
        customer = into.commercial_partner_id
        if customer in gone:
            customer = into
        interactions = self._for_capture().search(
            [
                "|",
                ("partner_id", "in", gone.ids),
                ("commercial_partner_id", "in", gone.ids),
            ]
        )
        interactions._give(customer)

    def _give(self, to):
        """Make these interactions those of the customer ``to``.

        Of a message or meeting that concerned both customers one interaction remains,
        with the people and the words of both.
        """
        kept = {}
        theirs = self._for_capture().search(
            [
                ("commercial_partner_id", "=", to.id),
                ("origin_key", "in", self.filtered("origin_key").mapped("origin_key")),
            ]
        )
        for interaction in theirs - self:
            kept[interaction.origin_key, interaction.company_id] = interaction
        for interaction in self:
            key = interaction.origin_key, interaction.company_id
            if interaction.origin_key and key in kept:
                kept[key]._absorb(interaction)
            else:
                interaction.commercial_partner_id = to
                kept[key] = interaction

    def _absorb(self, other):
        """Take over what ``other``, of the same origin, says more; delete it."""
        self.ensure_one()
        people = (other.partner_id | other.contact_ids) - self.partner_id
        users = (other.user_id | other.user_ids) - self.user_id
        values = {
            "contact_ids": (self.contact_ids | people).ids,
            "user_ids": (self.user_ids | users).ids,
            "active": self.active or other.active,
            **{
                name: (self[name] or other[name]).id
                for name in ("ticket_id", "order_id")
            },
            "opportunity_id": self.opportunity_id or other.opportunity_id,
            "mood": self.mood or other.mood,
        }
        if other.said:
            values["said"] = (self.said or "") + other.said
        if other.learned:
            values["learned"] = "\n".join(filter(None, [self.learned, other.learned]))
        if other.next_step and not self.next_step:
            values |= {
                "next_step": other.next_step,
                "next_step_date": other.next_step_date,
                "activity_id": other.activity_id.id,
            }
        other.promise_ids.interaction_id = self
        other.unlink()
        self.write(values)
