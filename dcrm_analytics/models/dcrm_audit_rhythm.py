from odoo import api, models

from ..queries import audit_rhythm
from ..queries.spell import DANGERS, STATES
from .dcrm_audit import Invariant


class DcrmAudit(models.AbstractModel):
    """Rhythm, danger and lifecycle are what the purchases yield by the rules."""

    _inherit = "dcrm.audit"

    @api.model
    def _invariants(self, companies):
        return [
            *super()._invariants(companies),
            *(
                invariant
                for company in companies
                if self._is_worth_known(company)
                for invariant in self._rhythm_invariants(company)
            ),
        ]

    @api.model
    def _is_worth_known(self, company):
        """Whether figures of worth are by the rules of now: else they wait."""
        return (
            company.customer_worth
            and company.customer_worth_on
            and company.customer_worth_rules == company._worth_rules().stamp
        )

    @api.model
    def _rhythm_invariants(self, company):
        rules = company._worth_rules(company.customer_worth_on)
        name = company.name.replace("%", "%%")
        refresh = self.env._("Refresh all scores in full.")
        say = "{} {}".format
        scores = self.env._(
            "%(count)s scores of %(company)s tell another rhythm or lifecycle than the "
            "purchases yield.",
            count="%(count)s",
            company=name,
        )
        spells = self.env._(
            "%(count)s spells of %(company)s are not what the purchases yield.",
            count="%(count)s",
            company=name,
        )
        missing = self.env._(
            "%(count)s customers of %(company)s lack a spell that their purchases "
            "yield.",
            count="%(count)s",
            company=name,
        )
        return [
            Invariant(
                "rhythm_matches_facts",
                "dcrm.customer.score",
                say(scores, refresh),
                audit_rhythm.scores_unlike_rhythm(rules),
            ),
            *(
                Invariant(
                    "spells_match_facts",
                    kind.table.replace("_", "."),
                    say(spells, refresh),
                    audit_rhythm.spells_unlike_facts(rules, kind),
                )
                for kind in (DANGERS, STATES)
            ),
            *(
                Invariant(
                    "spells_match_facts",
                    "res.partner",
                    say(missing, refresh),
                    audit_rhythm.customers_without_spell(rules, kind),
                )
                for kind in (DANGERS, STATES)
            ),
        ]
