from odoo import fields, models


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    club_ids = fields.One2many(
        "dcrm.club", "program_id", groups="dcrm_analytics.group_dcrm_seller"
    )

    def _kept_clubs(self):
        """Return ``{program id: club}`` for those whose points a ledger keeps."""
        clubs = self.env["dcrm.club"].sudo().with_context(active_test=False)
        found = clubs.search([("program_id", "in", self.ids)]) if self else clubs
        return {club.program_id.id: club for club in found}
