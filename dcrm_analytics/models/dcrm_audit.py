from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..queries import audit, audit_purchase


class Invariant(NamedTuple):
    """What must hold of a model's records.

    :param name: what the violation is called; several models may share a name
    :param message: what is wrong and what to do, with ``%(count)s`` for how many
    :param broken: the query that yields the ids of the records that break it
    """

    name: str
    model: str
    message: str
    broken: SQL


class DcrmAudit(models.AbstractModel):
    """The invariants of every installed addon, each a query that returns who breaks it.

    An addon adds its own by extending :meth:`_invariants`.
    """

    _name = "dcrm.audit"
    _description = "DCRM Audit"

    @api.model
    def run(self):
        """Return what breaks an invariant; nothing is the only good answer.

        Managers see the companies that they work in, the superuser all of them.

        :return: list of ``{'invariant': str, 'model': str, 'ids': list of int,
            'message': str}``, one for each invariant and model that is broken
        :raise AccessError: for everybody else
        """
        if not (
            self.env.su or self.env.user.has_group("dcrm_analytics.group_dcrm_manager")
        ):
            raise AccessError(self.env._("Only a manager of DCRM may run its audit."))
        companies = self.env.companies
        if self.env.su:
            # All of them, and they are few.
            companies = companies.search([])  # pylint: disable=no-search-all
        self.env.flush_all()
        audits = self.sudo()
        return [
            violation
            for invariant in audits._invariants(companies.sudo())
            if (violation := audits._violation(invariant))
        ]

    def _violation(self, invariant):
        """Return the violation of an invariant, ``None`` where it holds."""
        ids = sorted({id_ for [id_] in self.env.execute_query(invariant.broken)})
        if not ids:
            return None
        return {
            "invariant": invariant.name,
            "model": invariant.model,
            "ids": ids,
            "message": invariant.message % {"count": len(ids)},
        }

    @api.model
    def _invariants(self, companies):
        """Return the list of :class:`Invariant` of the given companies."""
        ids = tuple(companies.ids)
        return [
            *self._fact_invariants(companies),
            *self._count_invariants(ids),
            *self._score_invariants(ids),
            *self._segment_invariants(ids),
            *self._company_invariants(ids),
        ]

    # -- facts -----------------------------------------------------------------------

    def _fact_invariants(self, companies):
        """Facts are what their documents say, and nothing else is a fact."""
        invariants = [
            Invariant(
                "facts_match_sources",
                "dcrm.purchase",
                self.env._(
                    "%(count)s purchases do not name exactly the one document that "
                    "their source calls for. Refresh all scores in full; if they stay, "
                    "something else writes the table of purchases."
                ),
                audit_purchase.purchases_of_no_source(tuple(companies.ids)),
            )
        ]
        for company in companies:
            invariants += self._document_invariants(company)
        return invariants

    def _document_invariants(self, company):
        Source = self.env["dcrm.purchase.source"]
        read = Source.search([("company_id", "=", company.id)])
        if not read:
            return []
        # What changed after the last synchronisation waits for the next.
        last = max(read.mapped("write_date"))
        scope = replace(Source._scope(company), since=last + timedelta(microseconds=1))
        missing = self.env._(
            "The purchases of %(count)s documents of %(company)s are missing or differ "
            "from them. Refresh all scores in full; if they stay, something else "
            "writes the table of purchases."
        )
        stale = self.env._(
            "%(count)s documents of %(company)s do not count and are purchases all the "
            "same. Refresh all scores in full; if they stay, something else writes the "
            "table of purchases."
        )
        name = company.name.replace("%", "%%")
        queries = (
            (missing, audit_purchase.documents_without_fact),
            (stale, audit_purchase.documents_with_stale_fact),
        )
        return [
            Invariant(
                "facts_match_sources",
                documents.table.replace("_", "."),
                message % {"company": name, "count": "%(count)s"},
                query(scope, documents),
            )
            for documents in Source._documents(scope).values()
            for message, query in queries
        ]

    def _count_invariants(self, ids):
        """No purchase is counted twice."""
        message = self.env._(
            "%(count)s invoices count beside the order that they bill. Refresh all "
            "scores in full; if they stay, report which documents they are."
        )
        queries = [audit_purchase.invoices_counted_twice(ids)]
        if "account_move" in self.env.get("pos.order", self)._fields:
            queries.append(audit_purchase.till_orders_counted_twice(ids))
        return [
            Invariant("purchases_counted_once", "dcrm.purchase", message, query)
            for query in queries
        ]

    # -- scores ----------------------------------------------------------------------

    def _score_invariants(self, ids):
        """Scores follow from facts and cut points; history says the same."""
        cuts = self._standing_cuts(ids)
        refresh = self.env._("Refresh all scores in full.")
        return [
            Invariant(
                "scores_match_facts",
                "dcrm.customer.score",
                self.env._(
                    "%(count)s scores are not what the purchases and cut points yield."
                )
                + f" {refresh}",
                audit.scores_unlike_facts(ids, cuts),
            ),
            Invariant(
                "scores_match_facts",
                "res.partner",
                self.env._("%(count)s customers have purchases and no score.")
                + f" {refresh}",
                audit.customers_without_score(ids),
            ),
            Invariant(
                "score_history_agrees",
                "dcrm.customer.score",
                self.env._(
                    "%(count)s scores differ from the last record of their history. "
                    "Something else than a refresh wrote them: find it, and refresh "
                    "all scores in full."
                ),
                audit.scores_unlike_history(ids),
            ),
        ]

    def _standing_cuts(self, ids):
        """Return ids of the current cut points whose scheme was not edited since."""
        cuts = self.env["dcrm.rfm.cut"].search(
            [("current", "=", True), ("company_id", "in", ids)]
        )
        digests = cuts.scheme_id._digests()
        standing = cuts.filtered(
            lambda cut: (
                digests[cut.scheme_id] + cut.company_id._value_class_digest()
                == cut.digest
            )
        )
        return tuple(standing.ids) or (0,)

    # -- segments --------------------------------------------------------------------

    def _segment_invariants(self, ids):
        """Segments partition the cube; a customer stays in the segment of the score."""
        return [
            Invariant(
                "segments_partition",
                "dcrm.rfm.scheme",
                self.env._(
                    "The segment grids of %(count)s schemes do not cover their cube "
                    "exactly once. Open each scheme and assign every cell a segment."
                ),
                audit.grids_with_gaps(ids),
            ),
            Invariant(
                "segments_partition",
                "dcrm.customer.score",
                self.env._(
                    "%(count)s scores are in another segment than their segment rule, "
                    "or without one the cell of their scheme, says. Refresh all scores "
                    "in full."
                ),
                audit.scores_in_wrong_segment(ids, self._standing_cuts(ids)),
            ),
            Invariant(
                "stays_match_scores",
                "dcrm.segment.stay",
                self.env._(
                    "%(count)s open stays are not the only one of their customer, or "
                    "in another segment than the score. Refresh all scores in full."
                ),
                audit.stays_unlike_scores(ids),
            ),
            Invariant(
                "stays_match_scores",
                "dcrm.customer.score",
                self.env._(
                    "%(count)s customers have a score in a segment that they never "
                    "entered. Refresh all scores in full."
                ),
                audit.scores_without_stay(ids),
            ),
            Invariant(
                "stays_match_scores",
                "dcrm.segment.stay",
                self.env._(
                    "%(count)s stays were left before they were entered. Something "
                    "else than a refresh wrote them: find it, and correct the days."
                ),
                audit.stays_out_of_order(ids),
            ),
        ]

    # -- companies -------------------------------------------------------------------

    def _company_invariants(self, ids):
        """Nothing of one company is made from what is another's."""
        return [
            Invariant(
                "companies_apart",
                "dcrm.purchase",
                self.env._(
                    "%(count)s purchases belong to another company than their document "
                    "or their lines. Refresh all scores in full."
                ),
                audit_purchase.purchases_of_other_companies(ids),
            ),
            Invariant(
                "companies_apart",
                "dcrm.customer.score",
                self.env._(
                    "%(count)s scores were made with a scheme, segment or rule of "
                    "another company. Correct the company of these, and refresh in "
                    "full."
                ),
                audit.scores_of_other_companies(ids),
            ),
        ]
