from odoo import models

SINGLY = "dcrm_bundle_parts_singly"


class SaleOrder(models.Model):
    """Let the host's programs earn on the parts of a bundle as if bought singly.

    The host leaves the parts of combos out, and takes the combo for them. A program
    that names bundles, and none of their parts, does so still.
    """

    _inherit = "sale.order"

    def _program_check_compute_points(self, programs):
        parts = self.order_line.filtered(lambda line: line._get_bundle_line())
        if not parts:
            return super()._program_check_compute_points(programs)
        on_bundles = self._get_programs_on_bundles(programs, parts)
        result = {}
        if others := programs - on_bundles:
            with parts._as_bought_singly():
                order = self.with_context(**{SINGLY: True})
                result |= super(SaleOrder, order)._program_check_compute_points(others)
        if on_bundles:
            result |= super()._program_check_compute_points(on_bundles)
        return result

    def _get_programs_on_bundles(self, programs, parts):
        """Return the programs whose rules are on a bundle and on none of its parts."""
        products = self.order_line.product_id
        bundles = parts.linked_line_id.product_id
        valid = programs._get_valid_products(products)

        def on_bundles(program):
            named = self.env["product.product"].union(
                *(valid.get(rule, bundles.browse()) for rule in program.rule_ids)
            )
            return named & bundles and not named & parts.product_id

        return programs.filtered(on_bundles)

    def _get_not_rewarded_order_lines(self):
        lines = super()._get_not_rewarded_order_lines()
        if self.env.context.get(SINGLY):
            lines = lines.filtered(lambda line: not line.bundle_part_count)
        return lines
