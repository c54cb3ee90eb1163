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
            *self._source_invariants(companies, refresh),
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
            for mark in self._profit_marks(companies)
            if mark.source == "ledger"
        ]

    def _source_invariants(self, companies, refresh):
        """Every row is what its source says, as it was last read."""
        Profit = self.env["dcrm.customer.profit"]
        message = self.env._(
            "The profit of %(count)s documents is missing or differs from them."
        )
        invariants = []
        for company, marks in (
            self._profit_marks(companies).grouped("company_id").items()
        ):
            sources = Profit.with_company(company)._profit_sources(company)
            for mark in marks:
                source = sources.get(mark.source)
                # What all rows are compared anew for waits for the next refresh.
                if not source or (mark.stamp or "") != source.stamp:
                    continue
                invariants.append(
                    Invariant(
                        "profit_matches_sources",
                        source.table.replace("_", "."),
                        f"{message} {refresh}",
                        audit_profit.documents_unlike_source(
                            company.id,
                            source,
                            Profit._profit_columns(),
                            mark.write_date,
                        ),
                    )
                )
        return invariants

    def _profit_marks(self, companies):
        """Return how far the sources of the P&L were read, of whom it is asked."""
        marks = self.env["dcrm.profit.source"].search(
            [("company_id", "in", companies.ids), ("built", "=", True)]
        )
        return marks.filtered("company_id.customer_worth")
