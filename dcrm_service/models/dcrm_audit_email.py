from odoo import api, models

from odoo.addons.dcrm_analytics.models.dcrm_audit import Invariant

from ..queries import audit_email as audit


class DcrmAudit(models.AbstractModel):
    """What must hold of e-mails to tickets."""

    _inherit = "dcrm.audit"

    @api.model
    def _invariants(self, companies):
        ids = tuple(companies.ids)
        return [
            *super()._invariants(companies),
            Invariant(
                "emails_are_messages",
                "dcrm.ticket.email",
                self.env._(
                    "%(count)s e-mails to tickets are there not at all, or more than "
                    "once: look for their Message-Id."
                ),
                audit.email_is_no_message(ids),
            ),
        ]
