from odoo import models
from odoo.exceptions import UserError


class DcrmServiceLevel(models.Model):
    _inherit = "dcrm.service.level"

    def write(self, vals):
        result = super().write(vals)
        if "sequence" in vals:
            self._settle_members()
        return result

    def _settle_members(self):
        """Have the level that is the best now count for members of several clubs."""
        memberships = self.env["dcrm.membership"].sudo()
        several = memberships._read_group(
            [
                ("state", "=", "active"),
                ("tier_id.service_level_id", "!=", False),
                ("partner_id.membership_ids.tier_id.service_level_id", "in", self.ids),
            ],
            ["company_id", "partner_id"],
            ["id:recordset"],
            having=[("__count", ">", 1)],
        )
        memberships.union(*(theirs for *_, theirs in several))._settle()

    def _refuse_used(self):
        """Refuse, too, while a tier gives one of the levels."""
        result = super()._refuse_used()
        tiers = self.env["dcrm.club.tier"].sudo()
        for tier in tiers.search([("service_level_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Service level %(level)s is what tier %(tier)s of %(club)s gives: "
                    "give the tier another one first.",
                    level=tier.service_level_id.name,
                    tier=tier.name,
                    club=tier.club_id.name,
                )
            )
        return result
