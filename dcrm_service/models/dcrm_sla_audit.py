from odoo import api, models

from odoo.addons.dcrm_analytics.models.dcrm_audit import Invariant

from ..queries import sla_audit as audit
from ..queries import sla_pause


class DcrmAudit(models.AbstractModel):
    """What must hold of clocks that run, and of pauses that hold them."""

    _inherit = "dcrm.audit"

    @api.model
    def _invariants(self, companies):
        return [*super()._invariants(companies), *self._clock_invariants(companies)]

    def _clock_invariants(self, companies):
        ids = tuple(companies.ids)
        pauses = self.env["dcrm.sla.pause"]
        return [
            Invariant(
                "clocks_run_once",
                "dcrm.sla.clock",
                self.env._(
                    "%(count)s deadlines run beside another one of the same ticket for "
                    "the same thing."
                ),
                audit.several_running(ids),
            ),
            Invariant(
                "clocks_end_with_ticket",
                "dcrm.sla.clock",
                self.env._("%(count)s deadlines run although their ticket is closed."),
                audit.running_on_closed(ids),
            ),
            Invariant(
                "clocks_held_by_pauses",
                "dcrm.sla.clock",
                self.env._(
                    "%(count)s deadlines stand still though their ticket waits for "
                    "nobody, or run though it waits for the customer. Apply the "
                    "service policies to open tickets."
                ),
                audit.held_otherwise(ids),
            ),
            Invariant(
                "pauses_end_with_waiting",
                "dcrm.sla.pause",
                self.env._(
                    "%(count)s pauses go on though their ticket does not wait for the "
                    "customer. Move it to another stage and back."
                ),
                audit.waiting_otherwise(ids),
            ),
            Invariant(
                "pauses_end_with_answers",
                "dcrm.sla.pause",
                self.env._(
                    "%(count)s pauses went on though the customer had answered. The "
                    "scheduled action “Service: Count Paused Time Back” mends them."
                ),
                sla_pause.answered_ids(*pauses._audited(), ids),
            ),
        ]
