from odoo import api, fields, models

from ..compute import billing, earning
from ..queries import points_order as queries
from .points_context import HELD
from .sale_order_points import CONFIRMED

# What changes the points of an order when a line of it changes.
POINTED = {
    "order_id",
    "product_id",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "reward_id",
    "coupon_id",
    "points_cost",
}

# What follows from the price, and points from it.
AMOUNTS = {"price_subtotal", "price_tax", "price_total"}

# Programs whose rewards pay: they make nothing cheaper.
PAYMENT_PROGRAMS = ("ewallet", "gift_card")


class SaleOrderLine(models.Model):
    """Lines of orders whose points are kept: a change settles the order's points.

    The host's own writes of the points are held back: they follow from the order.
    """

    _inherit = "sale.order.line"

    coupon_id = fields.Many2one(index="btree_not_null")

    def _get_pointed_orders(self, ids=()):
        """Return the confirmed orders whose points depend on these lines."""
        orders = self.order_id | self.order_id.browse(set(ids) - {None, False})
        return orders.filtered(
            lambda order: order.state == CONFIRMED
        )._of_points_companies()

    @api.model_create_multi
    def create(self, vals_list):
        orders = self._get_pointed_orders(vals.get("order_id") for vals in vals_list)
        if not orders:
            return super().create(vals_list)
        with orders._settling_points() as orders:
            lines = self.with_context(orders.env.context, dcrm_points=HELD)
            lines = super(SaleOrderLine, lines).create(vals_list)
        return self.browse(lines.ids)

    def write(self, vals):
        vals = self._without_amounts(vals)
        if POINTED.isdisjoint(vals):
            return super().write(vals)
        orders = self._get_pointed_orders([vals.get("order_id")])
        if not orders:
            return super().write(vals)
        with orders._settling_points() as orders:
            lines = self.with_context(orders.env.context, dcrm_points=HELD)
            return super(SaleOrderLine, lines).write(vals)

    def _without_amounts(self, vals):
        """Return values without amounts that a request says, as the host does for new
        lines: they earn points, and follow from price, quantity and taxes.
        """
        if (
            self.env.su
            or AMOUNTS.isdisjoint(vals)
            or not self.order_id._of_points_companies()
        ):
            return vals
        return {name: value for name, value in vals.items() if name not in AMOUNTS}

    def unlink(self):
        orders = self._get_pointed_orders()
        if not orders:
            return super().unlink()
        with orders._settling_points() as orders:
            lines = self.with_context(orders.env.context, dcrm_points=HELD)
            return super(SaleOrderLine, lines).unlink()

    def _get_points_used(self):
        """Return what the reward takes: nothing, once it is set to nothing.

        Unless an invoice gives it: then as long as no credit note takes it back.
        """
        self.ensure_one()
        is_given = self.product_uom_qty or self.sudo().qty_invoiced_posted > 0
        return max(self.points_cost, 0.0) if is_given else 0.0

    def _get_kept_parts(self):
        """Return ``{line id: part}`` of what was billed: how much credit notes left."""
        if not self.invoice_lines:
            return {}
        self.env.flush_all()
        return {
            line_id: billing.share(
                "order", [billing.Billed(ordered, invoiced, refunded=refunded)]
            )
            for line_id, ordered, invoiced, refunded in self.env.execute_query(
                queries.billed_quantities(self.ids)
            )
        }

    # -- the line as rules see it ------------------------------------------------------

    def _describe_to_rules(self, program, **values):
        """Return the line as the rules of a program see it."""
        priced = self._get_points_priced()
        return earning.Line(
            quantity=self._get_points_quantity(),
            untaxed=sum(priced.mapped("price_subtotal")),
            total=sum(priced.mapped("price_total")),
            paying=self._pays_by_points(program),
            in_minimum=self._counts_in_minimum(program),
            parts=tuple(
                (line.id, line.product_uom_qty, line.price_subtotal) for line in priced
            ),
            **values,
        )

    def _get_points_priced(self):
        """Return the lines that have the prices of these: the parts of combos."""
        return self.browse().union(*(line._get_lines_with_price() for line in self))

    def _get_points_quantity(self):
        """Return the quantity in the product's own unit: a dozen is twelve."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, round=False
        )

    def _pays_by_points(self, program):
        """Tell whether the line is paid with points, a wallet or a gift card."""
        paying = (*PAYMENT_PROGRAMS, program.program_type)
        return self.sudo().reward_id.program_id.program_type in paying

    def _counts_in_minimum(self, program):
        """Tell whether the amount counts where a rule asks for one, as at the host."""
        reward = self.sudo().reward_id
        given = reward.reward_type == "discount" and (
            reward.program_id.trigger == "auto" or reward.program_id == program
        )
        return not given

    def _get_cheaper_positions(self, lines):
        """Return the positions of the lines that the discount makes cheaper."""
        if not self._is_discount_line():
            return ()
        lines = lines.with_prefetch(lines.ids)
        reward = self.sudo().reward_id
        goods = lines.filtered(
            lambda line: (
                not line.reward_id and not line._is_discount_line() and line.price_total
            )
        )
        if reward.discount_applicability == "specific":
            products = reward._get_discount_product_domain()
            goods = goods.filtered(
                lambda line: line.product_id.filtered_domain(products)
            )
        elif reward.discount_applicability == "cheapest":
            goods &= self.order_id._cheapest_line(reward) or goods.browse()
        taxed_alike = goods.filtered(lambda line: line.tax_ids == self.tax_ids)
        return tuple(
            position
            for position, line in enumerate(lines)
            if line in (taxed_alike or goods)
        )
