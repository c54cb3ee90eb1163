from odoo import api, fields, models
from odoo.tools import float_compare
from odoo.tools.sql import column_exists, create_column


class SaleOrderLine(models.Model):
    """A bundle on an order: a line for the bundle, and below it one for each part.

    The line of the bundle has no price; its discount is what the bundle gives. A part
    has its own price and discount as if sold singly, and the bundle's on top. What a
    bundle was made of is kept as sold: what becomes of the product later changes
    no order.
    """

    _inherit = "sale.order.line"

    bundle_part_count = fields.Integer(
        compute="_compute_bundle_part_count",
        store=True,
        precompute=True,
        readonly=False,
        help="On the line of a bundle: how many different parts it has.",
    )
    bundle_broken = fields.Boolean(
        string="Incomplete Bundle",
        help="A part of the bundle was left out, so that the bundle gives no discount.",
    )
    bundle_quantity = fields.Float(
        string="Quantity in a Bundle",
        compute="_compute_bundle_quantity",
        store=True,
        precompute=True,
        readonly=False,
        digits="Product Unit",
        help="On the line of a part: how many one bundle holds, in the product's unit.",
    )
    bundle_own_discount = fields.Float(
        string="Discount without the Bundle (%)",
        compute="_compute_bundle_own_discount",
        store=True,
        precompute=True,
        readonly=False,
        digits="Discount",
    )
    is_bundle_part = fields.Boolean(compute="_compute_is_bundle_part")
    bundle_saving = fields.Monetary(
        compute="_compute_bundle_saving",
        help="What the parts cost less than bought singly.",
    )

    def _auto_init(self):
        """Add what is stored as empty: no line of before is of a bundle."""
        for name, kind in (
            ("bundle_part_count", "int4"),
            ("bundle_quantity", "numeric"),
            ("bundle_own_discount", "numeric"),
        ):
            if not column_exists(self.env.cr, self._table, name):
                create_column(self.env.cr, self._table, name, kind)
        return super()._auto_init()

    @api.depends("product_id")
    def _compute_bundle_part_count(self):
        for line in self:
            product = line.product_id
            combos = product.sudo().combo_ids if product.is_bundle else ()
            line.bundle_part_count = len(combos)

    @api.depends("combo_item_id")
    def _compute_bundle_quantity(self):
        for line in self:
            line.bundle_quantity = line.sudo().combo_item_id.quantity

    @api.depends("bundle_quantity", "linked_line_id", "linked_virtual_id")
    def _compute_is_bundle_part(self):
        for line in self:
            line.is_bundle_part = line._is_part_of_bundle()

    @api.depends(
        "bundle_part_count", "order_id.order_line.price_total", "order_id.company_id"
    )
    def _compute_bundle_saving(self):
        for line in self:
            line.bundle_saving = line._get_bundle_saving(
                line.order_id._get_bundle_price_field()
            )

    # -- what belongs together ---------------------------------------------------------

    def _get_bundle_line(self):
        """Return the line of the bundle that the line is a part of, or none."""
        self.ensure_one()
        if not self.bundle_quantity:
            return self.browse()
        bundle, lines = self.linked_line_id, self.order_id.order_line
        if bundle and not self.id:
            # While the order is being edited, the line as it is on screen.
            on_screen = lines.filtered(lambda line: line._origin == bundle._origin)
            bundle = on_screen[:1] or bundle
        elif not bundle and (key := self.linked_virtual_id):
            bundle = lines.filtered(lambda line: line.virtual_id == key)[:1]
        return bundle.filtered("bundle_part_count")

    def _is_part_of_bundle(self):
        self.ensure_one()
        if not self.bundle_quantity:
            return False
        if self.linked_line_id or not self.linked_virtual_id:
            return bool(self.linked_line_id.bundle_part_count)
        # Made in one go with its bundle's line, it may be there first.
        return bool(
            self._get_bundle_line() or self.sudo().combo_item_id.combo_id._get_bundles()
        )

    def _get_bundle_parts(self):
        """Return the parts' lines of the bundle's line."""
        self.ensure_one()
        if not self.bundle_part_count:
            return self.browse()
        return self._get_linked_lines().filtered("bundle_quantity")

    def _get_bundle_part_quantity(self, bundle):
        """Return how many of the part the bundle's line asks for, in its unit."""
        self.ensure_one()
        bundles = bundle.product_uom_id._compute_quantity(
            bundle.product_uom_qty, bundle.product_id.uom_id, round=False
        )
        return self.product_id.uom_id._compute_quantity(
            bundles * self.bundle_quantity, self.product_uom_id, round=False
        )

    def _follows_bundle(self, bundle):
        """Tell whether the part is there in the quantity that the bundle asks for."""
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        asked = self._get_bundle_part_quantity(bundle)
        return not float_compare(asked, self.product_uom_qty, precision_digits=digits)

    def _is_whole_bundle(self):
        """Tell whether all parts are there, each in the quantity that is asked for."""
        self.ensure_one()
        parts = self._get_bundle_parts()
        return len(parts) == self.bundle_part_count and all(
            part._follows_bundle(self) for part in parts
        )

    # -- prices ------------------------------------------------------------------------

    def _get_combo_item_display_price(self):
        if not self._is_part_of_bundle():
            return super()._get_combo_item_display_price()
        extra = self.sudo().combo_item_id._get_bundle_extra_price(
            self.currency_id, self.company_id, self._get_order_date()
        )
        return self._get_display_price_ignore_combo() + extra

    def _get_display_price_ignore_combo(self):
        """Return for the line of a bundle what one costs bought singly."""
        if not self.bundle_part_count:
            return super()._get_display_price_ignore_combo()
        parts = self._get_bundle_parts()
        singly = sum(part.price_unit * part.product_uom_qty for part in parts)
        return singly / (self.product_uom_qty or 1.0)

    @api.depends("product_id", "product_uom_id", "product_uom_qty", "combo_item_id")
    def _compute_bundle_own_discount(self):
        """Compare what the price list asks with what the line shows as price."""
        for line in self:
            own = 0.0
            if line.bundle_quantity and line.product_id:
                line = line.with_company(line.company_id)
                shown = line._get_display_price_ignore_combo()
                own = shown and 100 * (1 - line._get_pricelist_price() / shown)
            line.bundle_own_discount = own

    def _compute_discount(self):
        bundles = self.filtered("bundle_part_count")
        parts = (self - bundles).filtered(lambda line: line._is_part_of_bundle())
        result = super(SaleOrderLine, self - bundles - parts)._compute_discount()
        # The parts' discounts are made with their bundles'.
        for bundle in bundles.filtered(lambda line: not line._is_bundle_invoiced()):
            bundle.discount = bundle._get_bundle_discount()
        parts._apply_bundle_discount()
        return result

    def _get_bundle_discount(self):
        """Return the discount that the line of a bundle has when nobody changed it."""
        self.ensure_one()
        return 0.0 if self.bundle_broken else self.product_id.bundle_discount

    def _apply_bundle_discount(self):
        """Give the parts' lines their bundle's discount, save where that is billed."""
        combine = self.env["product.template"]._add_bundle_discount
        for part in self.filtered(lambda line: line.qty_invoiced <= 0):
            given = part._get_bundle_line().discount
            discount = combine(part.bundle_own_discount, given)
            if part.discount != discount:
                part.discount = discount

    def _is_bundle_invoiced(self):
        """Tell whether a part of the bundle is billed."""
        self.ensure_one()
        return any(part.qty_invoiced > 0 for part in self._get_bundle_parts())

    # -- billing -----------------------------------------------------------------------

    def _compute_qty_to_invoice(self):
        """Bill a bundle while a part is to be billed, though it be no choice any more.

        The host looks at choices of combos alone, which parts of a copied bundle that
        is made differently by now are not.
        """
        result = super()._compute_qty_to_invoice()
        bundles = (self | self.linked_line_id).filtered("bundle_part_count")
        for line in bundles.filtered(lambda line: line.state == "sale"):
            due = any(line._get_bundle_parts().mapped("qty_to_invoice"))
            rest = line.product_uom_qty - line.qty_invoiced
            line.qty_to_invoice = rest if due else 0.0
        return result

    def _prepare_invoice_line(self, **optional_values):
        values = super()._prepare_invoice_line(**optional_values)
        if self.bundle_part_count and not self.qty_to_invoice:
            # Billed before, for parts that were delivered then.
            values["name"] = self.product_id.name
        return values

    # -- what is saved -----------------------------------------------------------------

    def _get_bundle_saving(self, price_field):
        """Return what the bundle's parts cost less than bought singly.

        :param str price_field: ``price_subtotal``, or ``price_total`` with taxes
        """
        self.ensure_one()
        parts = self._get_bundle_parts()
        singly = sum(part._get_bundle_singly_amount(price_field) for part in parts)
        return self.currency_id.round(singly - sum(parts.mapped(price_field)))

    def _get_bundle_singly_amount(self, price_field):
        self.ensure_one()
        return self.env["account.tax"]._get_bundle_singly_amount(
            self._prepare_base_line_for_taxes_computation(
                discount=self.bundle_own_discount
            ),
            self.company_id,
            price_field,
        )

    # -- description -------------------------------------------------------------------

    @api.depends("bundle_broken")
    def _compute_name(self):
        return super()._compute_name()

    def _get_sale_order_line_multiline_description_sale(self):
        description = super()._get_sale_order_line_multiline_description_sale()
        if self.bundle_broken:
            description += "\n" + self.env._("Incomplete: no bundle discount")
        return description
