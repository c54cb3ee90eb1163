from odoo import models


class LoyaltyGenerateWizard(models.TransientModel):
    """The host's dialog that makes cards: a club's customers keep the one they have."""

    _inherit = "loyalty.generate.wizard"

    def generate_coupons(self):
        """Make the cards; what is granted on those of clubs has the description."""
        reason = self[:1].description or self.env._("Gift for customer")
        named = self.with_context(dcrm_points_reason=reason)
        return super(LoyaltyGenerateWizard, named).generate_coupons()
