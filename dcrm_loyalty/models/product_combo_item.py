from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command


class ProductComboItem(models.Model):
    _inherit = "product.combo.item"

    quantity = fields.Float(
        digits="Product Unit",
        default=1.0,
        required=True,
        help="How many of this product one bundle holds, in the product's own unit. "
        "A combo that is no bundle always holds one.",
    )

    bundle_choice = fields.Char(
        string="Choice",
        related="combo_id.name",
        help="Of the products of one choice, a bundle holds one.",
    )

    @api.constrains("quantity")
    def _check_quantity(self):
        for item in self:
            if item.quantity <= 0:
                raise ValidationError(
                    self.env._(
                        "A bundle holds more than zero of each part: %(quantity)s of "
                        "%(product)s can't be sold.",
                        quantity=item.quantity,
                        product=item.product_id.display_name,
                    )
                )

    @api.constrains("product_id", "combo_id")
    def _check_bundle_part(self):
        self.combo_id._get_bundles()._check_bundle()

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items.combo_id._get_bundles()._set_bundle_list_price()
        return items

    def write(self, vals):
        result = super().write(vals)
        if {"quantity", "product_id", "extra_price", "combo_id"} & vals.keys():
            self.combo_id._get_bundles()._set_bundle_list_price()
        return result

    def unlink(self):
        combos = self.combo_id
        result = super().unlink()
        combos.exists()._get_bundles()._set_bundle_list_price()
        return result

    def _take_out_of_bundle(self):
        """Take the part out; return the commands for the choices of its bundle."""
        self.ensure_one()
        if self.combo_id.combo_item_ids == self:
            return [Command.unlink(self.combo_id.id)]
        self.unlink()
        return []

    def _is_bundle_sellable(self):
        """Tell whether the part can be sold now."""
        self.ensure_one()
        return self.product_id.active and self.product_id.sale_ok

    def _get_bundle_extra_price(self, currency, company, date):
        """Return what the choice costs more than its product, in ``currency``."""
        self.ensure_one()
        return self.currency_id._convert(
            self.extra_price, currency, company, date, round=False
        )

    def _get_bundle_terms(self, bundles, currency, pricelist, date):
        """Return the terms of the part when ``bundles`` bundles are sold.

        :param float bundles: number of bundles
        :param currency: the currency of the result
        :param pricelist: price list, may be empty
        :param date: the day that prices and rates are of
        :return: (quantity in the product's unit, unit price, own discount in percent),
            as the order's line of the product sold singly has them
        """
        self.ensure_one()
        product, quantity = self.product_id, bundles * self.quantity
        terms = {
            "quantity": quantity or 1.0,
            "uom": product.uom_id,
            "date": date,
            "currency": currency,
        }
        rule = self.env["product.pricelist.item"]
        if pricelist:
            rule = rule.browse(pricelist._get_product_rule(product, **terms))
        asked = price = rule._compute_price(product=product, **terms)
        if rule._show_discount():
            before = rule._compute_price_before_discount(product=product, **terms)
            price = max(before, asked)
        own = 100 * (1 - asked / price) if price else 0.0
        own = self.env["product.template"]._round_discount(own)
        company = self.env.company
        price += self._get_bundle_extra_price(currency, company, date)
        return quantity, price, own
