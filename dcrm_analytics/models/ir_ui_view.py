from odoo import fields, models


class IrUiView(models.Model):
    """The view type ``rfm_grid``: customers on a recency × frequency grid."""

    _inherit = "ir.ui.view"

    type = fields.Selection(selection_add=[("rfm_grid", "RFM Grid")])

    def _get_view_info(self):
        return {"rfm_grid": {"icon": "fa fa-th"}} | super()._get_view_info()

    def _validate_tag_rfm_grid(self, node, name_manager, node_info):
        if node_info["validate"] and len(node):
            self._raise_view_error(
                self.env._("An RFM grid takes no elements: its data defines it."), node
            )
