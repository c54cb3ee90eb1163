from odoo import api, models


class DcrmAudit(models.AbstractModel):
    """The invariants of every installed addon, each a query that returns who breaks it.

    An addon adds its own by extending :meth:`_invariants`.
    """

    _name = "dcrm.audit"
    _description = "DCRM Audit"

    @api.model
    def _invariants(self):
        """Return ``{name: (model, message, SQL)}``; the SQL yields ids of ``model``."""
        return {}
