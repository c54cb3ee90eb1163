from odoo import fields, models

# Our types of view; each shows what the server counted, and takes no elements.
TYPES = [
    ("rfm_grid", "RFM Grid"),
    ("cohort_heat_map", "Cohorts"),
    ("customer_matrix", "Customer Matrix"),
]
ICONS = {
    "rfm_grid": "fa fa-th",
    "cohort_heat_map": "fa fa-align-left",
    "customer_matrix": "fa fa-th-large",
}


class IrUiView(models.Model):
    """The types of view that customers are counted on: grid, cohorts, matrix."""

    _inherit = "ir.ui.view"

    type = fields.Selection(selection_add=TYPES)

    def _get_view_info(self):
        icons = {view_type: {"icon": icon} for view_type, icon in ICONS.items()}
        return icons | super()._get_view_info()

    def _validate_tag_rfm_grid(self, node, name_manager, node_info):
        self._refuse_elements(node, node_info)

    def _validate_tag_cohort_heat_map(self, node, name_manager, node_info):
        self._refuse_elements(node, node_info)

    def _validate_tag_customer_matrix(self, node, name_manager, node_info):
        self._refuse_elements(node, node_info)

    def _refuse_elements(self, node, node_info):
        if node_info["validate"] and len(node):
            self._raise_view_error(
                self.env._("This view takes no elements: its data defines it."), node
            )
