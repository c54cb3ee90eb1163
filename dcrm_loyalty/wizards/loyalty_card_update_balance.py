from odoo import models
from odoo.exceptions import UserError


class LoyaltyCardUpdateBalance(models.TransientModel):
    """The host's dialog on a card: of a club's card the change is an adjustment."""

    _inherit = "loyalty.card.update.balance"

    def action_update_card_point(self):
        self.ensure_one()
        if not self.card_id._kept():
            return super().action_update_card_point()
        if not (reason := (self.description or "").strip()):
            raise UserError(
                self.env._("Say why: a balance is adjusted for a reason only.")
            )
        named = self.with_context(dcrm_points_reason=reason)
        return super(LoyaltyCardUpdateBalance, named).action_update_card_point()
