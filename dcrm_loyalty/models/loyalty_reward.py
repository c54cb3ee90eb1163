from decimal import Decimal

from odoo import fields, models

from .dcrm_points_deferral import SEES, exact


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    standalone_price = fields.Monetary(
        "Stand-Alone Price",
        groups=SEES,
        help="What a customer would pay for it without points, for the accounts. "
        "Empty: what its discount or its product says; free shipping and discounts in "
        "per cent need a price here.",
    )

    def _without_price(self):
        """Return the rewards whose price nobody can tell."""
        return self.filtered(lambda reward: not reward._own_price(self.env.company))

    def _own_price(self, company):
        """Return ``(price, currency, points)`` of a reward, None where it says none."""
        self.ensure_one()
        reward, points = self.sudo(), exact(self.required_points)
        if reward.standalone_price:
            return exact(reward.standalone_price), reward.currency_id, points
        if reward.reward_type == "discount" and reward.discount_mode != "percent":
            by_point = reward.discount_mode == "per_point"
            discount = exact(reward.discount)
            return discount, reward.currency_id, Decimal(1) if by_point else points
        products = reward.reward_product_ids.with_company(company)
        if reward.reward_type == "product" and any(products.mapped("list_price")):
            price = sum(map(exact, products.mapped("list_price"))) / len(products)
            quantity = reward.reward_product_qty
            return price * quantity, products[0].currency_id, points
        return None

    def _price_and_points(self, company):
        """Return what a reward costs in a company's currency, and in points."""
        price, currency, points = self._own_price(company)
        to = company.currency_id
        today = company._customer_today()
        rate = currency._convert(1.0, to, company, today, round=False)
        return price * exact(rate), points
