from odoo import fields, models


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    club_ids = fields.One2many(
        "dcrm.club",
        "program_id",
        context={"active_test": False},
        groups="dcrm_analytics.group_dcrm_seller",
    )

    def _with_its_rules(self):
        """Return the program so that one that is archived has the rules it had."""
        return self if self.active else self.with_context(active_test=False)

    def _kept_clubs(self):
        """Return ``{program id: club}`` for those whose points a ledger keeps."""
        return {
            program.id: program.club_ids for program in self.sudo() if program.club_ids
        }
