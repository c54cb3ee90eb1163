from odoo import api, models

from ..queries import audit_profit
from .dcrm_audit import Invariant


class DcrmAudit(models.AbstractModel):
    """The profit of customers is what was posted, and adds up."""

    _inherit = "dcrm.audit"

    @api.model
    def _invariants(self, companies):
        return [*super()._invariants(companies), *self._profit_invariants(companies)]

    def _profit_invariants(self, companies):
        ids = tuple(companies.ids)
        columns = self.env["dcrm.customer.profit"]._profit_columns()
        refresh = self.env._("Refresh all scores in full.")
        return [
            *self._ledger_invariants(companies, refresh),
            Invariant(
                "profit_adds_up",
                "dcrm.customer.profit",
                self.env._("%(count)s rows of profit are not the sum of their columns.")
                + f" {refresh}",
                audit_profit.rows_that_do_not_add_up(ids, columns),
            ),
            Invariant(
                "scores_match_profit",
                "dcrm.customer.score",
                self.env._("%(count)s scores have another profit than the customers.")
                + f" {refresh}",
                audit_profit.scores_unlike_profit(ids),
            ),
            Invariant(
                "companies_apart",
                "dcrm.customer.profit",
                self.env._(
                    "%(count)s rows of profit are of another company than their "
                    "document."
                )
                + f" {refresh}",
                audit_profit.rows_of_other_companies(ids),
            ),
        ]

    def _ledger_invariants(self, companies, refresh):
        """The profit of customers is what the ledger says, as it was last read."""
        read = self.env["dcrm.profit.source"].search(
            [
                ("company_id", "in", companies.ids),
                ("source", "=", "ledger"),
                ("built", "=", True),
            ]
        )
        return [
            Invariant(
                "profit_matches_ledger",
                "res.partner",
                self.env._(
                    "%(count)s customers have brought or cost another amount than was "
                    "posted."
                )
                + f" {refresh}",
                audit_profit.customers_unlike_ledger(
                    mark.company_id.id, mark.write_date
                ),
            )
            for mark in read
            if mark.company_id.customer_worth
        ]
