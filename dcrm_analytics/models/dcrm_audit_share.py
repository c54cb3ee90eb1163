from odoo import api, models

from ..compute.share import LEAST_PEERS
from ..queries import audit_share
from .dcrm_audit import Invariant


class DcrmAudit(models.AbstractModel):
    """Kinds of product bought stand on purchases; shares are what they can be."""

    _inherit = "dcrm.audit"

    @api.model
    def _invariants(self, companies):
        refresh = self.env._("Refresh all scores in full.")
        kinds = self.env._(
            "%(count)s kinds of product bought stand on no purchases of their customer."
        )
        shares = self.env._(
            "%(count)s customer shares are below zero, estimated from too few peers or "
            "outside of their own spread."
        )
        return [
            *super()._invariants(companies),
            *(
                Invariant(
                    "kinds_match_purchases",
                    "dcrm.customer.kind",
                    f"{kinds} {refresh}",
                    audit_share.kinds_unlike_purchases(company.id),
                )
                for company in companies
                if self._is_worth_known(company)
            ),
            Invariant(
                "shares_in_range",
                "dcrm.customer.score",
                f"{shares} {refresh}",
                audit_share.shares_out_of_range(tuple(companies.ids), LEAST_PEERS),
            ),
        ]
