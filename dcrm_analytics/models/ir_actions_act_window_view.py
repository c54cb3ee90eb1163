from odoo import fields, models

from .ir_ui_view import TYPES


class IrActionsActWindowView(models.Model):
    _inherit = "ir.actions.act_window.view"

    view_mode = fields.Selection(
        selection_add=TYPES,
        ondelete={view_type: "cascade" for view_type, _label in TYPES},
    )
