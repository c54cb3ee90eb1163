from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    purchase_basis = fields.Selection(
        [("sale", "Confirmed sales orders"), ("invoice", "Posted invoices")],
        default="sale",
        required=True,
        help="What counts as a purchase: an order and its invoice are one purchase. "
        "Invoices without an order, till orders and imported history count either way.",
    )
    customer_scoring = fields.Boolean(
        "Score customers daily",
        help="Reads the purchases of this company and scores its customers each night.",
    )
