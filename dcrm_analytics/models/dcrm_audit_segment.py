from odoo import models

from ..queries import audit_segment
from .dcrm_audit import Invariant


class DcrmAudit(models.AbstractModel):
    """The invariants of what segments do on entry and exit."""

    _inherit = "dcrm.audit"

    def _segment_invariants(self, ids):
        return [
            *super()._segment_invariants(ids),
            Invariant(
                "actions_match_stays",
                "dcrm.segment.action.log",
                self.env._(
                    "%(count)s actions of segments are not of the stay that they name. "
                    "Something else than a refresh wrote them: find it, and delete "
                    "them."
                ),
                audit_segment.actions_out_of_place(ids),
            ),
        ]
