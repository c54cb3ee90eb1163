from odoo import models

from .dcrm_points_account import POINTS


class LoyaltyReward(models.Model):
    """What a reward costs on orders of the till, where point of sale is there."""

    _inherit = "loyalty.reward"

    def _get_least_cost_at_till(self, lines):
        """Return the fewest points that lines of the till may give this reward for.

        One that was changed since the till was opened may have cost anything.

        :param lines: of one order, all that give the reward once
        """
        opened = lines.order_id.session_id.start_at
        if opened and max(self.write_date, self.program_id.write_date) > opened:
            return 0.0
        if self.reward_type == "product":
            times = sum(lines.mapped("qty")) // (self.reward_product_qty or 1)
            return self.required_points * max(1, times)
        if self.discount_mode == "per_point" and not self.clear_wallet:
            # What was given, less what its lines may have gained by rounding.
            coins = lines.currency_id.rounding * (len(lines) + 1)
            given = -sum(lines.mapped("price_subtotal_incl")) - coins
            return max(0.0, given / self.discount) if self.discount else 0.0
        return self.required_points

    def _is_too_cheap_at_till(self, lines):
        """Tell whether lines of the till give this reward for fewer points."""
        cost = sum(lines.mapped("points_cost"))
        least = self._get_least_cost_at_till(lines)
        return round(cost, POINTS[1]) < round(least, POINTS[1])
