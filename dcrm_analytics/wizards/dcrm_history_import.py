from odoo import fields, models


class DcrmHistoryImport(models.TransientModel):
    """Import purchase history from a CSV or XLSX file, with a preview."""

    _name = "dcrm.history.import"
    _description = "Import of Purchase History"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
