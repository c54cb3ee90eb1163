from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.dcrm_analytics.models.dcrm_audit import Invariant

from ..queries import audit_merge as audit

# Within which what comes to a ticket while it is merged is handed on, by far.
HANDED_ON = timedelta(hours=1)


class DcrmAudit(models.AbstractModel):
    """What must hold of tickets that were merged, closed again, and checked."""

    _inherit = "dcrm.audit"

    @api.model
    def _invariants(self, companies):
        return [*super()._invariants(companies), *self._merge_invariants(companies)]

    def _merge_invariants(self, companies):
        ids = tuple(companies.ids)
        return [
            Invariant(
                "merged_tickets_put_away",
                "dcrm.ticket",
                self.env._(
                    "%(count)s merged tickets are open or shown, or were merged into "
                    "one of another company."
                ),
                audit.merged_not_put_away(ids),
            ),
            Invariant(
                "merged_tickets_silent",
                "mail.message",
                self.env._(
                    "%(count)s messages are left in merged tickets. The scheduled "
                    "action “Service: Hand On What Came to Merged Tickets” moves what "
                    "came while they were merged."
                ),
                audit.said_in_merged(ids, fields.Datetime.now() - HANDED_ON),
            ),
            Invariant(
                "closings_known",
                "dcrm.ticket",
                self.env._(
                    "%(count)s tickets were closed at another time than their first or "
                    "last closing says."
                ),
                audit.closings_otherwise(ids),
            ),
            Invariant(
                "checks_by_somebody",
                "dcrm.ticket.check",
                self.env._(
                    "%(count)s items of checklists are done, and it is not known when, "
                    "or known though they are not. Tick them anew."
                ),
                audit.done_by_nobody(ids),
            ),
        ]
