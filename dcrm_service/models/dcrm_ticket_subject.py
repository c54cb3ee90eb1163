from odoo import api, fields, models
from odoo.exceptions import ValidationError

LOT = "stock.lot"
# Documents of a customer.
DOCUMENTS = ("order_id", "invoice_id")
SUBJECT = {"product_id", "lot_id", *DOCUMENTS}


class DcrmTicket(models.Model):
    """What a ticket is about: words, a product, one piece of it, an order, an invoice.

    Serial numbers are the host's stock's. Where it is not installed there are none, and
    nothing of it is needed: the piece is kept by its id, and the name of its model is
    empty. A copy is of another matter: it is about the same product only.
    """

    _inherit = "dcrm.ticket"

    tag_ids = fields.Many2many("dcrm.ticket.tag", string="Tags")
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        ondelete="restrict",
        help="The product that it is about",
    )
    lot_model = fields.Char(
        compute="_compute_lot_model", help="Empty for who may not choose a piece"
    )
    lot_id = fields.Many2oneReference(
        "Lot or Serial Number",
        model_field="lot_model",
        copy=False,
        index="btree_not_null",
        help="Which piece or lot of the product it is about",
    )
    lot_name = fields.Char("Serial Number", compute="_compute_lot_name")
    order_id = fields.Many2one(
        "sale.order",
        index="btree_not_null",
        tracking=True,
        copy=False,
        check_company=True,
        ondelete="set null",
        domain="[('partner_id.commercial_partner_id', '=?', commercial_partner_id),"
        " ('company_id', '=', company_id)]",
        help="The order that it is about",
    )
    invoice_id = fields.Many2one(
        "account.move",
        index="btree_not_null",
        tracking=True,
        copy=False,
        check_company=True,
        ondelete="set null",
        domain="[('commercial_partner_id', '=?', commercial_partner_id),"
        " ('company_id', '=', company_id),"
        " ('move_type', 'in', ('out_invoice', 'out_refund', 'out_receipt'))]",
        help="The invoice or credit note that it is about",
    )

    @api.depends_context("uid")
    def _compute_lot_model(self):
        readable = LOT in self.env and self.env[LOT].has_access("read")
        self.lot_model = LOT if readable else False

    @api.depends("lot_id")
    def _compute_lot_name(self):
        names = {lot.id: lot.name for lot in self._lots() or ()}
        for ticket in self:
            ticket.lot_name = names.get(ticket.lot_id)

    def _lots(self):
        """Return the pieces that these tickets are about, None without the stock."""
        if LOT not in self.env:
            return None
        ids = [ticket.lot_id for ticket in self if ticket.lot_id]
        return self.env[LOT].sudo().browse(ids).exists()

    @api.onchange("lot_id")
    def _onchange_lot_id(self):
        if self.lot_id and (lot := self._lots()):
            self.product_id = lot.product_id

    @api.onchange("product_id")
    def _onchange_product_id(self):
        lot = self.product_id and self.lot_id and self._lots()
        if lot and lot.product_id != self.product_id:
            self.lot_id = False

    @api.onchange("order_id")
    def _onchange_order_id(self):
        if self.order_id and not self.partner_id:
            self.partner_id = self.order_id.partner_id

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        tickets._check_subject_seen(SUBJECT)
        return tickets

    def write(self, vals):
        outcome = super().write(vals)
        self._check_subject_seen(vals.keys() & SUBJECT)
        return outcome

    def _check_subject_seen(self, names):
        """Raise AccessError for what the user may not read: its name would show."""
        for name in names:
            documents = self._lots() if name == "lot_id" else self[name]
            if documents:
                documents.with_env(self.env).check_access("read")

    @api.constrains("partner_id", *DOCUMENTS)
    def _check_documents(self):
        """Raise ValidationError for an order or invoice of another customer."""
        for ticket in self:
            for name in ticket._of_others():
                raise ValidationError(
                    self.env._(
                        "%s is another customer's.",
                        self._fields[name]._description_string(self.env),
                    )
                )

    def _of_others(self):
        """Return the names of the fields with a document of another customer."""
        self.ensure_one()
        ticket = self.sudo()
        return [
            name
            for name in DOCUMENTS
            if (document := ticket[name])
            and document.partner_id.commercial_partner_id
            != ticket.commercial_partner_id
        ]

    @api.constrains("lot_id", "product_id", "company_id")
    def _check_lot(self):
        """Raise ValidationError for a piece that there is not, or of something else."""
        lots = {lot.id: lot for lot in self._lots() or ()}
        for ticket in self.filtered("lot_id"):
            lot = lots.get(ticket.lot_id)
            if not lot:
                raise ValidationError(self.env._("There is no such serial number."))
            if ticket.product_id and lot.product_id != ticket.product_id:
                raise ValidationError(
                    self.env._(
                        "Serial number %(lot)s is one of %(product)s.",
                        lot=lot.name,
                        product=lot.product_id.display_name,
                    )
                )
            if lot.company_id and lot.company_id != ticket.company_id:
                raise ValidationError(
                    self.env._("Serial number %s is another company's.", lot.name)
                )
