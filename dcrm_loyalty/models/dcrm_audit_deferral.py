from odoo import api, models

from odoo.addons.dcrm_analytics.models.dcrm_audit import Invariant

from ..queries import points_deferral_audit as audit


class DcrmAudit(models.AbstractModel):
    """The accounts owe what is outstanding in points, at each closing."""

    _inherit = "dcrm.audit"

    @api.model
    def _invariants(self, companies):
        ids = tuple(companies.ids)
        return [
            *super()._invariants(companies),
            Invariant(
                "deferral_adds_up",
                "dcrm.points.deferral",
                self.env._(
                    "%(count)s months of points have deferred something else than "
                    "their invoices and closings say. Correct it by an entry by hand."
                ),
                audit.cohorts_unlike_periods(ids),
            ),
            Invariant(
                "deferral_is_outstanding",
                "dcrm.points.deferral",
                self.env._(
                    "%(count)s months of points are not what the ledger says was "
                    "redeemed, lost and left, or owe something else than that. The "
                    "next closing puts it right."
                ),
                audit.cohorts_unlike_ledger(ids),
            ),
            Invariant(
                "deferral_is_booked",
                "dcrm.points.deferral.period",
                self.env._(
                    "%(count)s closings of points are not in the books as they are "
                    "recorded: their entry was changed. Post it again as it was."
                ),
                audit.periods_unlike_entries(ids),
            ),
        ]
