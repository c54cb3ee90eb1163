from odoo import api, fields, models


class DcrmServiceLevelOverride(models.Model):
    _inherit = "dcrm.service.level.override"

    origin = fields.Selection(
        selection_add=[("tier", "Club tier")], ondelete={"tier": "cascade"}
    )

    @api.model
    def _set_of_tiers(self, company, tiers):
        """Give customers the best service level of their tiers in a company.

        :param dict tiers: of commercial partners to the tiers that they stand on
        """
        levels = {}
        for customer, their in tiers.items():
            # In the order of the model, the best comes first.
            best = their.filtered("service_level_id").sorted("service_level_id")[:1]
            reason = best and f"{best.club_id.name}: {best.name}"
            levels.setdefault(reason, {})[customer.id] = best.service_level_id.id
        for reason, of_customers in levels.items():
            self._set(company, "tier", of_customers, reason or None)
