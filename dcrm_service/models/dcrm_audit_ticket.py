from odoo import api, models

from odoo.addons.dcrm_analytics.models.dcrm_audit import Invariant

from ..queries import audit_ticket as audit


class DcrmAudit(models.AbstractModel):
    """What must hold of tickets and of what was promised to them."""

    _inherit = "dcrm.audit"

    @api.model
    def _invariants(self, companies):
        return [*super()._invariants(companies), *self._ticket_invariants(companies)]

    def _ticket_invariants(self, companies):
        ids = tuple(companies.ids)
        return [
            Invariant(
                "tickets_close_by_stage",
                "dcrm.ticket",
                self.env._(
                    "%(count)s tickets are closed in a stage that does not close them, "
                    "or open in one that does. Move them to another stage and back."
                ),
                audit.closed_otherwise(ids),
            ),
            Invariant(
                "tickets_of_their_company",
                "dcrm.ticket",
                self.env._(
                    "%(count)s tickets are with a team of another company. Give them "
                    "to a team of their own."
                ),
                audit.team_of_other_company(ids),
            ),
            Invariant(
                "tickets_of_customers",
                "dcrm.ticket",
                self.env._(
                    "%(count)s tickets are of a customer who is a contact of another. "
                    "Choose their contact anew."
                ),
                audit.customer_is_contact(ids),
            ),
            Invariant(
                "clocks_reached",
                "dcrm.sla.clock",
                self.env._(
                    "%(count)s deadlines were reached at another time than their "
                    "ticket was answered or closed."
                ),
                audit.clock_reached_otherwise(ids),
            ),
            Invariant(
                "clocks_shown",
                "dcrm.ticket",
                self.env._(
                    "%(count)s tickets show other deadlines than were promised."
                ),
                audit.deadline_shown_otherwise(ids),
            ),
            Invariant(
                "clocks_explained",
                "dcrm.sla.clock",
                self.env._(
                    "%(count)s deadlines are not what was last set, or lie before "
                    "their ticket was opened."
                ),
                audit.deadline_unexplained(ids),
            ),
            Invariant(
                "pauses_apart",
                "dcrm.sla.pause",
                self.env._(
                    "%(count)s pauses overlap another one of the same ticket, or begin "
                    "before it was opened: time would count twice."
                ),
                audit.pauses_overlapping(ids),
            ),
            *(self._level_invariant(company) for company in companies),
        ]

    def _level_invariant(self, company):
        """Open tickets have the service level that their customers have now."""
        partners = self.env["res.partner"].sudo().with_company(company)
        query = partners.with_context(active_test=False)._search([])
        level = partners._field_to_sql(query.table, "service_level_id", query)
        return Invariant(
            "tickets_follow_service_level",
            "dcrm.ticket",
            self.env._(
                "%(count)s open tickets of %(company)s have another service level than "
                "their customers. Apply the service policies to open tickets."
            ).replace("%(company)s", company.name.replace("%", "%%")),
            audit.level_otherwise(company.id, query, level),
        )
