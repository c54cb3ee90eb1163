from odoo import api, models


class AccountTax(models.Model):
    _inherit = "account.tax"

    @api.model
    def _get_bundle_singly_amount(self, base_line, company, price_field):
        """Return the amount of a base line, rounded as a document's line is.

        :param dict base_line: the host's, with the discount of the part bought singly
        :param str price_field: ``price_subtotal``, or ``price_total`` with taxes
        """
        self._add_tax_details_in_base_line(base_line, company)
        self._round_base_lines_tax_details([base_line], company)
        side = "excluded" if price_field == "price_subtotal" else "included"
        return base_line["tax_details"][f"total_{side}_currency"]
