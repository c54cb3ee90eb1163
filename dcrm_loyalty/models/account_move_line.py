from odoo import models


class AccountMoveLine(models.Model):
    """The section that a bundle becomes on an invoice or credit note."""

    _inherit = "account.move.line"

    def _get_bundle_part_lines(self):
        """Return the lines of the parts that are below the section of a bundle."""
        self.ensure_one()
        bundles = self.sudo().sale_line_ids.filtered("bundle_part_count")
        if self.display_type != "line_section" or not bundles:
            return self.browse()
        return self.move_id.invoice_line_ids.filtered(
            lambda line: any(
                part._get_bundle_line() in bundles for part in line.sudo().sale_line_ids
            )
        )

    def get_section_subtotal(self):
        """Count the parts alone, and not what else comes after the bundle."""
        if parts := self._get_bundle_part_lines():
            return sum(parts.mapped("price_subtotal"))
        return super().get_section_subtotal()

    def _get_bundle_saving(self):
        """Return what the parts below the section cost less than bought singly.

        A line whose discount was changed on the document counts as it is.
        """
        self.ensure_one()
        included = self.company_id.account_price_include == "tax_included"
        price_field = "price_total" if included else "price_subtotal"
        parts = self._get_bundle_part_lines()
        saving = sum(part._get_bundle_part_saving(price_field) for part in parts)
        return self.currency_id.round(saving)

    def _get_bundle_part_saving(self, price_field):
        self.ensure_one()
        sold = self.sudo().sale_line_ids[:1]
        if self.discount != sold.discount:
            return 0.0
        base_line = self.move_id._prepare_product_base_line_for_taxes_computation(self)
        base_line["discount"] = sold.bundle_own_discount
        singly = self.env["account.tax"]._get_bundle_singly_amount(
            base_line, self.company_id, price_field
        )
        return abs(singly) - abs(self[price_field])
