from odoo import models


class ProductCombo(models.Model):
    _inherit = "product.combo"

    def write(self, vals):
        result = super().write(vals)
        if {"sequence", "combo_item_ids"} & vals.keys():
            self._get_bundles()._set_bundle_list_price()
        return result

    def _get_bundles(self):
        """Return the bundles that the choices are parts of, of all companies."""
        templates = self.env["product.template"].sudo().with_context(active_test=False)
        domain = [("is_bundle", "=", True), ("combo_ids", "in", self.ids)]
        return templates.search(domain) if self.ids else templates

    def _get_bundle_default_item(self):
        """Return what a bundle holds when nobody chooses: the first that can be sold.

        Without any, the first of all, so that it can be named.
        """
        self.ensure_one()
        items = self.combo_item_ids
        return items.filtered(lambda item: item._is_bundle_sellable())[:1] or items[:1]
