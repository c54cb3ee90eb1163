from odoo import api, models

from odoo.addons.dcrm_analytics.models.dcrm_audit import Invariant

from ..queries import membership_audit as audit


class DcrmAudit(models.AbstractModel):
    _inherit = "dcrm.audit"

    @api.model
    def _invariants(self, companies):
        return [
            *super()._invariants(companies),
            *self._member_invariants(tuple(companies.ids)),
            *self._membership_invariants(companies),
        ]

    def _member_invariants(self, ids):
        """Members have what their tiers give, and nobody else has."""
        again = self.env._("Save the tier's price list and service level again.")
        return [
            Invariant(
                "members_priced_by_tier",
                "dcrm.member.pricelist",
                self.env._(
                    "%(count)s customers have a price list that is not that of a tier "
                    "which they are on."
                )
                + f" {again}",
                audit.lists_unlike_tiers(ids),
            ),
            Invariant(
                "members_priced_by_tier",
                "dcrm.membership",
                self.env._("%(count)s members lack the price list of their tier.")
                + f" {again}",
                audit.memberships_without_list(ids),
            ),
            Invariant(
                "members_served_by_tier",
                "dcrm.service.level.override",
                self.env._(
                    "%(count)s customers have a service level by a tier that is not "
                    "the best of their tiers."
                )
                + f" {again}",
                audit.levels_unlike_tiers(ids),
            ),
            Invariant(
                "members_served_by_tier",
                "dcrm.membership",
                self.env._("%(count)s members lack the service level of their tier.")
                + f" {again}",
                audit.memberships_without_level(ids),
            ),
        ]

    def _membership_invariants(self, companies):
        """A membership is of a customer and a club, and ends when it says."""
        ids = tuple(companies.ids)
        days = [
            (company.id, company._customer_scoring_today()) for company in companies
        ]
        return [
            Invariant(
                "memberships_in_their_club",
                "dcrm.membership",
                self.env._(
                    "%(count)s memberships are on a tier of another club or in another "
                    "company than their club. Correct the tier."
                ),
                audit.memberships_astray(ids),
            ),
            Invariant(
                "memberships_of_customers",
                "dcrm.membership",
                self.env._(
                    "%(count)s members are contacts of another customer. Let them "
                    "leave, and the customer join."
                ),
                audit.memberships_of_contacts(ids),
            ),
            Invariant(
                "memberships_lapse",
                "dcrm.membership",
                self.env._(
                    "%(count)s memberships are over and have not lapsed. Look whether "
                    "the scheduled action that lets them lapse runs."
                ),
                audit.memberships_overdue(days),
            ),
        ]
