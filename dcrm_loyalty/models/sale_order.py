from contextlib import contextmanager

from odoo import api, fields, models

from .sale_order_line_bundle import SETTLING

# What of a line the host computes anew when its quantity changes.
PRICED = ("price_unit", "pricelist_item_id", "discount", "bundle_own_discount")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    bundle_saving = fields.Monetary(
        string="Saved by Bundles",
        compute="_compute_bundle_saving",
        help="What the parts of the bundles cost less than bought singly.",
    )

    @api.depends("order_line.bundle_saving")
    def _compute_bundle_saving(self):
        for order in self:
            order.bundle_saving = sum(order.order_line.mapped("bundle_saving"))

    def _get_bundle_price_field(self):
        """Return the field of the lines that the order shows as their amounts."""
        included = self.company_price_include == "tax_included"
        return "price_total" if included else "price_subtotal"

    @api.onchange("order_line")
    def _onchange_order_line(self):
        parts = self.order_line.filtered("is_bundle_part")
        quantities = [(part, part.product_uom_qty, part.discount) for part in parts]
        priced = [parts._fields[name] for name in PRICED]
        # The host gives parts the quantity of their combo: prices of now must not
        # come into lines that nobody changes.
        with self.env.protecting(priced, parts):
            result = super()._onchange_order_line()
            for part, quantity, discount in quantities:
                if part in self.order_line:
                    part.update({"product_uom_qty": quantity, "discount": discount})
        for line in self.order_line.filtered("bundle_part_count"):
            line._follow_bundle_on_screen()
        return result

    def write(self, vals):
        if "order_line" not in vals:
            return super().write(vals)
        with self._settle_bundles() as orders:
            return super(SaleOrder, orders).write(vals)

    @contextmanager
    def _settle_bundles(self):
        """Change lines inside, then let bundles that are whole no more lose discount.

        Yields the orders with which to change them: what happens inside is looked at
        once, at the end of the outermost.
        """
        if self.env.context.get(SETTLING):
            yield self
            return
        orders = self.with_context(**{SETTLING: True})
        bundles = orders.order_line.filtered("bundle_part_count")
        before = {line: line._get_bundle_state() for line in bundles}
        yield orders
        now = orders.exists().order_line.filtered("bundle_part_count")
        for line in bundles.exists() | now:
            line._settle_bundle(before.get(line, {}))

    def _place_bundle_parts(self):
        """Put each bundle's parts right below its line; others keep their order."""
        for order in self:
            placed = self.env["sale.order.line"]
            for line in order.order_line.sorted(lambda line: (line.sequence, line.id)):
                if not line._get_bundle_line():
                    placed |= line
                    placed |= line._get_bundle_parts().sorted("id")
            last = (0, 0)
            for line in placed | order.order_line:
                if (line.sequence, line.id) <= last:
                    line.sequence = last[0] + 1
                last = (line.sequence, line.id)

    # -- billing -----------------------------------------------------------------------

    def _get_invoiceable_lines(self, final=False):
        """Have a bundle's line above its parts on each invoice, not just the first."""
        lines = super()._get_invoiceable_lines(final)
        below = lines.browse()
        for line in lines:
            below |= (line._get_bundle_line() - lines) | line
        return below

    # -- prices ------------------------------------------------------------------------

    def _get_update_prices_lines(self):
        """Leave the prices of a bundle as they are, once a part of it is billed."""
        lines = super()._get_update_prices_lines()
        billed = lines.filtered(
            lambda line: (line._get_bundle_line() or line)._is_bundle_invoiced()
        )
        return lines - billed

    def _recompute_prices(self):
        lines = self._get_update_prices_lines()
        own = lines._fields["bundle_own_discount"]
        self.env.add_to_compute(own, lines.filtered("bundle_quantity"))
        return super()._recompute_prices()
