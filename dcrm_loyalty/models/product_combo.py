from collections import Counter
from itertools import chain

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

    def _get_shared(self):
        """Return those of these choices that more than one product has."""
        templates = self.env["product.template"].sudo().with_context(active_test=False)
        of_templates = templates.search([("combo_ids", "in", self.ids)]).mapped(
            lambda template: template.combo_ids.ids
        )
        count = Counter(chain(*of_templates))
        return self.filtered(lambda choice: count[choice.id] > 1)

    def _get_bundle_default_item(self):
        """Return what a bundle holds when nobody chooses: the first that can be sold.

        Without any, the first of all, so that it can be named.
        """
        self.ensure_one()
        items = self.combo_item_ids
        return items.filtered(lambda item: item._is_bundle_sellable())[:1] or items[:1]
