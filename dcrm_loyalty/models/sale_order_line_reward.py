from odoo import api, models
from odoo.exceptions import UserError

from .points_context import REWARDING
from .sale_order_points import CONFIRMED

# What a reward is, takes and gives: its Reward button says so.
REWARDED = ("reward_id", "coupon_id", "points_cost", "product_uom_qty")


class SaleOrderLine(models.Model):
    """Rewards that take points of a club are not made or changed by hand.

    They are given up by hand: by removing their line, or its quantity.
    """

    _inherit = "sale.order.line"

    def _reset_loyalty(self, complete=False):
        lines = self.with_context(dcrm_points_of_reward=REWARDING)
        super(SaleOrderLine, lines)._reset_loyalty(complete)
        return self

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if self._is_by_hand():
            confirmed = lines.filtered(lambda line: line.order_id.state == CONFIRMED)
            confirmed._check_no_reward()
        return lines

    def write(self, vals):
        if not vals.keys().isdisjoint(REWARDED) and self._is_by_hand():
            changed = self.filtered(lambda line: line._changes_reward(vals))
            changed._check_no_reward()
            result = super().write(vals)
            (changed & self.filtered("coupon_id"))._check_no_reward()
            return result
        return super().write(vals)

    def _is_by_hand(self):
        by_host = self.env.context.get("dcrm_points_of_reward") is REWARDING
        return not (self.env.su or by_host)

    def _changes_reward(self, vals):
        """Tell whether values are others than the line has, and give nothing up."""
        given = self._convert_to_write({name: self[name] for name in REWARDED})
        names = {
            name for name in REWARDED if name in vals and vals[name] != given[name]
        }
        if self.order_id.state != CONFIRMED or not vals.get("product_uom_qty"):
            # The host counts a quotation's rewards anew when it is confirmed.
            names.discard("product_uom_qty")
        return bool(names)

    def _check_no_reward(self):
        """Raise UserError where one of the lines takes points of a club."""
        for line in self.filtered("coupon_id"):
            if line.order_id._get_kept_club(line.sudo().coupon_id.program_id):
                raise UserError(
                    self.env._(
                        "What the reward %s takes and gives is not written by hand: "
                        "remove its line, and choose it by the Reward button.",
                        line.name,
                    )
                )
