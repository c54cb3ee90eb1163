from datetime import timedelta

from odoo import models

from ..compute import earning, till

# An order of the till says when it was made by a clock of any time zone.
A_DAY = timedelta(days=1)

PAYING = ("gift_card", "ewallet")


class LoyaltyProgram(models.Model):
    """What a program grants on orders of the till, where point of sale is there."""

    _inherit = "loyalty.program"

    def _get_most_at_till(self, order):
        """Return the most points that the till may grant on what an order sells."""
        if not self._runs_at_till(order):
            return 0.0
        lines = self._get_lines_at_till(order)
        lines = lines.filtered(lambda line: not line.refunded_orderline_id)
        coin = order.currency_id.rounding
        return self._grant_at_till(lines, dict.fromkeys(lines, 1.0), coin)

    def _runs_at_till(self, order):
        """Tell whether the program applies to an order of the till of that day."""
        day = order.date_order.date()
        return (
            (not self.date_from or self.date_from <= day + A_DAY)
            and (not self.date_to or day - A_DAY <= self.date_to)
            and (not self.pricelist_ids or order.pricelist_id in self.pricelist_ids)
        )

    def _get_parts_kept_at_till(self, order, refund):
        """Return ``(earned, used)``: which parts of its points an order still deserves.

        :param refund: an order that refunds some of it, and counts if unpaid, too
        """
        lines = order.lines
        kept = {line: self._get_part_kept(line, refund) for line in lines}
        sold = self._get_lines_at_till(order)
        goods = sold.filtered(lambda line: not line.is_reward_line)
        if not any(kept[line] for line in goods):
            earned = 0.0
        elif whole := self._grant_at_till(sold, dict.fromkeys(sold, 1.0)):
            earned = self._grant_at_till(sold, kept) / whole
        else:
            earned = _mean({line: line.qty for line in goods}, kept)
        rewards = lines.filtered(lambda line: line.coupon_id.program_id == self)
        used = _mean({line: line.points_cost for line in rewards}, kept)
        return min(1.0, earned), used

    def _get_part_kept(self, line, refund):
        back = line.refund_orderline_ids.filtered(
            lambda each: (
                each.order_id == refund
                or each.order_id.state not in ("draft", "cancel")
            )
        )
        if not line.qty:
            return float(not back)
        return min(1.0, max(0.0, 1 + sum(back.mapped("qty")) / line.qty))

    def _get_lines_at_till(self, order):
        """Return the lines that count: a combo is that of its parts."""
        return order.lines.filtered(lambda line: not line.combo_parent_id)

    def _grant_at_till(self, lines, parts, coin=0.0):
        """Return what the rules grant on parts of lines.

        What is given for points is not taken off, where the till may do so: an order
        does not say which product was given.
        """
        program = self._with_its_rules()
        named = program._get_valid_products(lines.product_id)
        rules = [
            earning.Rule(
                rule.reward_point_mode,
                rule.reward_point_amount,
                tuple(
                    position
                    for position, line in enumerate(lines)
                    if line.product_id in named.get(rule, ())
                ),
                rule.minimum_qty,
                rule.minimum_amount,
                rule.minimum_amount_tax_mode == "incl",
            )
            for rule in program.rule_ids
        ]
        sold = [self._describe_at_till(line, parts[line]) for line in lines]
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return till.granted(rules, sold, digits, coin)

    def _describe_at_till(self, line, part):
        priced = line.combo_line_ids or line
        given_by = line.reward_id.program_id
        own = given_by == self
        return earning.Line(
            quantity=line.qty * part,
            untaxed=sum(priced.mapped("price_subtotal")) * part,
            total=sum(priced.mapped("price_subtotal_incl")) * part,
            counted=not line.is_reward_line,
            paying=own or given_by.program_type in PAYING,
            in_minimum=line.reward_id.reward_type != "discount"
            or not (own or given_by.trigger == "auto"),
        )


def _mean(weights, parts):
    """Return which part of the weights of lines their parts are; all of nothing."""
    whole = sum(weights.values())
    if not whole:
        return 1.0
    return sum(weights[line] * parts[line] for line in weights) / whole
