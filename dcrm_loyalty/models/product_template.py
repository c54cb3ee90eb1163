from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.http import request
from odoo.tools import float_round


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_bundle = fields.Boolean(
        string="Bundle",
        help="Sold as one: its parts, each in its quantity, with a discount on them "
        "all. Each part keeps its own price, price list and taxes.",
    )
    bundle_pricing = fields.Selection(
        [("percent", "Percent off its parts")],
        default="percent",
        required=True,
    )
    bundle_discount = fields.Float(
        digits="Discount",
        help="Percent off each part, on top of what a price list gives already.",
    )
    bundle_singly_price = fields.Monetary(
        string="Bought Singly", compute="_compute_bundle_prices"
    )
    bundle_price = fields.Monetary(compute="_compute_bundle_prices")
    bundle_saving = fields.Monetary(string="Saving", compute="_compute_bundle_prices")

    @api.depends(
        "is_bundle",
        "bundle_discount",
        "currency_id",
        "bundle_item_ids.quantity",
        "bundle_item_ids.extra_price",
        "bundle_item_ids.product_id.lst_price",
        "bundle_item_ids.product_id.active",
        "bundle_item_ids.product_id.sale_ok",
    )
    def _compute_bundle_prices(self):
        no_list, today = self.env["product.pricelist"], fields.Date.context_today(self)
        for template in self:
            singly = price = 0.0
            if template.is_bundle:
                items = template._get_bundle_items_shown()
                singly, price = template._get_bundle_amounts(
                    1.0, template.currency_id, no_list, today, items
                )
            template.bundle_singly_price = singly
            template.bundle_price = price
            template.bundle_saving = singly - price

    def _get_bundle_items_shown(self):
        """Return what the bundle holds when nobody chooses, also while it is edited."""
        self.ensure_one()
        items = self.sudo().bundle_item_ids.filtered("product_id")
        chosen = items.filtered(lambda item: not item.combo_id)
        for choice in items.combo_id:
            same = items.filtered(lambda item, choice=choice: item.combo_id == choice)
            sellable = same.filtered(lambda item: item._is_bundle_sellable())
            chosen += sellable[:1] or same[:1]
        return chosen

    @api.onchange("is_bundle")
    def _onchange_is_bundle(self):
        # No dependency of the host's field: with one, uninstalling would take that
        # field away from product variants.
        self._compute_product_tooltip()

    def _prepare_tooltip(self):
        if self.is_bundle:
            return self.env._(
                "A bundle holds one product of each choice, in the quantity that the "
                "choice says. Each keeps its own price, price list and taxes."
            )
        return super()._prepare_tooltip()

    @api.constrains("is_bundle", "type", "combo_ids", "bundle_discount")
    def _check_bundle(self):
        for template in self.filtered("is_bundle"):
            if reason := template._bundle_definition_error():
                raise ValidationError(reason)

    def _bundle_definition_error(self):
        """Return what is wrong with how the bundle is made, in words, or nothing."""
        name = self.display_name
        if self.type != "combo":
            return self.env._("%s can't be a bundle: only a combo has parts.", name)
        if not 0 <= self.bundle_discount <= 100:
            return self.env._(
                "The discount of the bundle %(bundle)s is %(discount)s %%: it can be 0 "
                "to 100.",
                bundle=name,
                discount=self.bundle_discount,
            )
        parts = self.sudo().combo_ids.combo_item_ids.product_id
        if self.product_variant_ids & parts:
            return self.env._("The bundle %s can't be a part of itself.", name)
        if nested := parts.filtered(lambda part: part.type == "combo"):
            return self.env._(
                "%(part)s can't be a part of the bundle %(bundle)s: it has parts "
                "itself.",
                part=nested[0].display_name,
                bundle=name,
            )
        return self._bundle_sale_error()

    def _bundle_sale_error(self):
        """Return why the bundle can't be sold now, in words, or nothing."""
        combos = self.sudo().combo_ids
        if not combos:
            return self.env._(
                "The bundle %s has no parts: it needs at least one.", self.display_name
            )
        for combo in combos:
            item = combo._get_bundle_default_item()
            if not item:
                return self.env._(
                    "The bundle %(bundle)s can't be sold: %(part)s has no product.",
                    bundle=self.display_name,
                    part=combo.name,
                )
            if not item._is_bundle_sellable():
                return self.env._(
                    "The bundle %(bundle)s can't be sold: its part %(part)s is "
                    "archived or not for sale.",
                    bundle=self.display_name,
                    part=item.product_id.display_name,
                )
        return False

    def _check_bundle_sellable(self):
        """Raise a UserError that says why, when the bundle can't be sold now."""
        for template in self:
            if reason := template._bundle_sale_error():
                raise UserError(reason)

    @api.constrains("type")
    def _check_type_of_bundle_parts(self):
        """A part that becomes a combo would have parts itself."""
        combos = self.filtered(lambda template: template.type == "combo")
        items = self.env["product.combo.item"].sudo()
        domain = [("product_id.product_tmpl_id", "in", combos.ids)]
        if combos and (found := items.search(domain)):
            found.combo_id._get_bundles()._check_bundle()

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        templates.filtered("is_bundle")._ready_bundles()
        return templates

    def write(self, vals):
        if vals.get("type", "combo") != "combo":
            # As the host forgets the choices, what was a bundle is none any more.
            vals = {"is_bundle": False, **vals}
        result = super().write(vals)
        if {"is_bundle", "bundle_discount", "combo_ids"} & vals.keys():
            self.filtered("is_bundle")._ready_bundles()
        if "list_price" in vals:
            self._get_bundles_with()._set_bundle_list_price()
        return result

    def _ready_bundles(self):
        """Let order lines show discounts, and show each bundle's price in lists."""
        if not self:
            return
        shown = self.env.ref("sale.group_discount_per_so_line").sudo()
        self.env.ref("base.group_user").sudo()._apply_group(shown)
        self._set_bundle_list_price()

    def _get_bundles_with(self):
        """Return the bundles that hold one of the products."""
        items = self.env["product.combo.item"].sudo()
        found = items.search([("product_id.product_tmpl_id", "in", self.ids)])
        return found.combo_id._get_bundles()

    def _set_bundle_list_price(self):
        """Make the sales price that lists show what the bundle costs without a list.

        What is sold is always priced anew from the parts.
        """
        for template in self.sudo():
            price = template.bundle_price
            if template.currency_id.compare_amounts(template.list_price, price):
                template.list_price = price

    def _get_bundle_amounts(self, bundles, currency, pricelist, date, items=None):
        """Return (bought singly, as a bundle): what ``bundles`` bundles cost.

        The sums are of amounts rounded part by part, as an order's lines are; taxes
        that prices include are in them.

        :param float bundles: number of bundles
        :param currency: the currency of the result
        :param pricelist: price list, may be empty
        :param date: the day that prices and rates are of
        :param items: the parts chosen; without, what a bundle holds when nobody chooses
        """
        if items is None:
            combos = self.sudo().combo_ids
            items = [combo._get_bundle_default_item() for combo in combos]
        singly = price = 0.0
        for item in filter(None, items):
            quantity, unit, own = item._get_bundle_terms(
                bundles, currency, pricelist, date
            )
            discount = self._add_bundle_discount(own, self.bundle_discount)
            singly += currency.round(quantity * unit * (1 - own / 100))
            price += currency.round(quantity * unit * (1 - discount / 100))
        return singly, price

    @api.model
    def _add_bundle_discount(self, own, bundle):
        """Return the discount of a part, in percent as an order's line keeps it.

        :param float own: percent that the part has by itself
        :param float bundle: percent that the bundle gives on what remains
        """
        return self._round_discount(100 - (100 - own) * (100 - bundle) / 100)

    @api.model
    def _round_discount(self, discount):
        """Return a discount as an order's line keeps it."""
        digits = self.env["decimal.precision"].precision_get("Discount")
        return float_round(discount, precision_digits=digits)

    @api.model
    def _get_configurator_price(
        self, product_or_template, quantity, date, currency, pricelist, **kwargs
    ):
        """Show the sum of the parts for a bundle; its own list price is none."""
        price, rule = super()._get_configurator_price(
            product_or_template, quantity, date, currency, pricelist, **kwargs
        )
        if product_or_template.is_bundle:
            bundle = product_or_template
            if bundle._name == "product.product":
                bundle = bundle.product_tmpl_id
            bundle._check_bundle_sellable()
            number = quantity or 1.0
            price = bundle._get_bundle_amounts(number, currency, pricelist, date)[1]
            price /= number
        return price, rule

    @api.model
    def _get_additional_configurator_data(
        self, product_or_template, date, currency, pricelist, **kwargs
    ):
        """Show a bundle's choices with their quantities, and what each costs more.

        The price of the bundle itself is that of its first choices.
        """
        data = super()._get_additional_configurator_data(
            product_or_template, date, currency, pricelist, **kwargs
        )
        item = self._get_bundle_item_asked_for(product_or_template)
        if item and currency:
            number = kwargs.get("quantity") or 1.0
            bundle = self._get_bundle_asked_for()
            first = item.combo_id._get_bundle_default_item()
            cost, least = (
                bundle._get_bundle_amounts(number, currency, pricelist, date, each)[1]
                for each in (item, first)
            )
            data["bundle_extra_price"] = (cost - least) / number
            if item.quantity != 1:
                name = product_or_template.display_name
                data["display_name"] = f"{item.quantity:g} × {name}"
        return data

    @api.model
    def _get_bundle_asked_for(self):
        """Return the bundle that a configurator's request is about, if it is one."""
        asked = request and request.params.get("product_tmpl_id")
        return self.sudo().browse(asked or ()).exists().filtered("is_bundle")

    @api.model
    def _get_bundle_item_asked_for(self, product):
        """Return the part ``product`` of the bundle that a configurator shows."""
        items = self._get_bundle_asked_for().combo_ids.combo_item_ids
        if product._name != "product.product":
            return items.browse()
        return items.filtered(lambda item: item.product_id == product)[:1]
