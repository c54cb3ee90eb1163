from odoo import fields, models


class DcrmPurchase(models.Model):
    """One purchase document of one customer: the fact that everything else reads.

    Rows are written by set-based SQL only (``queries.purchase``); nobody edits them.
    """

    _name = "dcrm.purchase"
    _description = "Purchase"
    _order = "date desc, id desc"
    _rec_name = "reference"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        help="The commercial partner at the time of the document",
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The contact that the document names",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, ondelete="set null"
    )
    date = fields.Date(
        required=True, readonly=True, help="The day in the company's time zone"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        readonly=True,
        help="Untaxed, in the company's currency; credit notes are negative",
    )
    margin = fields.Monetary(
        readonly=True,
        help="At the time of the document, never at today's cost; empty where the "
        "document knows no cost",
    )
    margin_known = fields.Boolean(readonly=True)
    source = fields.Selection(
        [
            ("sale", "Sales order"),
            ("invoice", "Invoice"),
            ("pos", "Point of sale"),
            ("import", "Imported history"),
        ],
        required=True,
        readonly=True,
    )
    reference = fields.Char(readonly=True, index="trigram")
    channel = fields.Char(readonly=True)
    order_id = fields.Many2one(
        "sale.order", "Sales Order", readonly=True, ondelete="cascade"
    )
    move_id = fields.Many2one(
        "account.move", "Invoice", readonly=True, ondelete="cascade"
    )
    # The till's tables exist only where point_of_sale is installed, so no foreign key.
    pos_order_ref = fields.Integer("Till Order", readonly=True)
    import_key = fields.Char(
        readonly=True, help="What makes an imported purchase one and the same"
    )
    line_ids = fields.One2many("dcrm.purchase.line", "purchase_id", readonly=True)

    _unique_order = models.Constraint("UNIQUE (order_id)")
    _unique_move = models.Constraint("UNIQUE (move_id)")
    _unique_pos_order = models.Constraint("UNIQUE (pos_order_ref)")
    _unique_import = models.Constraint("UNIQUE (company_id, import_key)")
    _customer_idx = models.Index("(partner_id, company_id, date)")
    _company_date_idx = models.Index("(company_id, date)")
