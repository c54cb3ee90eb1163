from odoo.http import request

from odoo.addons.sale.controllers.combo_configurator import (
    SaleComboConfiguratorController,
)


class BundleConfiguratorController(SaleComboConfiguratorController):
    """Show a bundle's choices with their quantities, and what each costs more.

    The host's price of the bundle is the sum with the first choices.
    """

    def _get_combo_item_data(
        self,
        combo,
        combo_item,
        selected_combo_item,
        date,
        currency,
        pricelist,
        **kwargs,
    ):
        data = super()._get_combo_item_data(
            combo, combo_item, selected_combo_item, date, currency, pricelist, **kwargs
        )
        template = request.env["product.template"].sudo()
        bundle = template.browse(int(request.params.get("product_tmpl_id") or 0))
        if bundle.is_bundle and combo in bundle.combo_ids:
            number = kwargs.get("quantity") or 1.0
            costs, least = (
                bundle._get_bundle_amounts(number, currency, pricelist, date, item)[1]
                for item in (combo_item, combo._get_bundle_default_item())
            )
            data["extra_price"] = (costs - least) / number
            if combo_item.quantity != 1:
                name = data["product"]["display_name"]
                data["product"]["display_name"] = f"{combo_item.quantity:g} × {name}"
        return data
