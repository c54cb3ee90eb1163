from odoo import api, fields, models


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    club_ids = fields.One2many(
        "dcrm.club",
        "program_id",
        context={"active_test": False},
        groups="dcrm_analytics.group_dcrm_seller",
    )

    @api.constrains("company_id", "applies_on", "program_type")
    def _check_clubs_keep(self):
        clubs = self.sudo().club_ids
        clubs._check_company(["program_id"])
        clubs._check_program()
        clubs._check_program_keeps()

    def _with_its_rules(self):
        """Return the program so that one that is archived has the rules it had."""
        return self.with_context(active_test=self.active)

    def _kept_clubs(self):
        """Return ``{program id: club}`` for those whose points a ledger keeps."""
        return {
            program.id: program.club_ids for program in self.sudo() if program.club_ids
        }
