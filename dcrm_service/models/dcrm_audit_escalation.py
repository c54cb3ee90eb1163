from odoo import api, models

from odoo.addons.dcrm_analytics.models.dcrm_audit import Invariant

from ..queries import audit_escalation as audit


class DcrmAudit(models.AbstractModel):
    """What must hold of who was told that a customer waits."""

    _inherit = "dcrm.audit"

    @api.model
    def _invariants(self, companies):
        return [
            *super()._invariants(companies),
            *self._escalation_invariants(tuple(companies.ids)),
        ]

    def _escalation_invariants(self, ids):
        notices = "dcrm.escalation.notice"
        return [
            Invariant(
                "notices_over",
                notices,
                self.env._(
                    "%(count)s notices still ask somebody about a deadline that is "
                    "reached or not promised any more."
                ),
                audit.open_on_closed(ids),
            ),
            Invariant(
                "notices_once",
                notices,
                self.env._(
                    "%(count)s notices tell of a deadline at a step at which somebody "
                    "was told already."
                ),
                audit.told_twice(ids),
            ),
            Invariant(
                "notices_ask_one",
                notices,
                self.env._(
                    "%(count)s notices ask several people about the same deadline."
                ),
                audit.several_open(ids),
            ),
            Invariant(
                "notices_tell",
                notices,
                self.env._(
                    "%(count)s notices are of another ticket than their deadline, or "
                    "do not say what their state does."
                ),
                audit.told_otherwise(ids),
            ),
            Invariant(
                "clocks_looked_at",
                "dcrm.sla.clock",
                self.env._(
                    "%(count)s deadlines have a ladder at which nobody looks, or are "
                    "looked at without one. Save the ladder of their team anew."
                ),
                audit.not_looked_at(ids),
            ),
        ]
