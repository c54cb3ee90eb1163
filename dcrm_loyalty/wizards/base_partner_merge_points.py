from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merged customers have the points of all of them, with all their moves."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merge_loyalty_cards(self, src_partners, dst_partner):
        """Unite the accounts of points before the host sums up and empties cards."""
        accounts = self.env["dcrm.points.account"].sudo()
        accounts._adopt_cards_of(src_partners | dst_partner)
        theirs = accounts.search([("partner_id", "in", src_partners.ids)])
        customer = dst_partner.sudo().commercial_partner_id
        for partner, of_partner in theirs.grouped("partner_id").items():
            of_partner._give_to(
                customer, self.env._("Merged with %s", partner.display_name)
            )
        return super()._merge_loyalty_cards(src_partners, dst_partner)
