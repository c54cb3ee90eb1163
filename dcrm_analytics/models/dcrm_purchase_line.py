from odoo import fields, models


class DcrmPurchaseLine(models.Model):
    """A line of an imported purchase; the lines of orders stay where they are."""

    _name = "dcrm.purchase.line"
    _description = "Purchase Line"
    _order = "purchase_id, id"
    _rec_name = "product"

    purchase_id = fields.Many2one(
        "dcrm.purchase", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    product = fields.Char(
        "Product Name", readonly=True, help="As the imported history names it"
    )
    product_id = fields.Many2one(
        "product.product", readonly=True, index="btree_not_null", ondelete="set null"
    )
    quantity = fields.Float(readonly=True, digits="Product Unit")
    amount = fields.Monetary(
        readonly=True,
        help="In the company's currency, unrounded: purchases are rounded once",
    )
    margin = fields.Monetary(readonly=True)
    import_key = fields.Char(
        readonly=True, help="What tells the lines of an imported purchase apart"
    )
