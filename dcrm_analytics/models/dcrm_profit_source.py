from odoo import fields, models


class DcrmProfitSource(models.Model):
    """How far one source of the P&L of one company's customers has been read."""

    _name = "dcrm.profit.source"
    _description = "Source of Customer Profit"
    _inherit = ["dcrm.source.mixin"]

    source = fields.Char(required=True, readonly=True)
