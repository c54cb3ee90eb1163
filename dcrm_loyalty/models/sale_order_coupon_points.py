from odoo import fields, models


class SaleOrderCouponPoints(models.Model):
    """What orders gave cards before a club kept their points, looked up by the card."""

    _inherit = "sale.order.coupon.points"

    coupon_id = fields.Many2one(index=True)
