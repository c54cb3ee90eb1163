from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .dcrm_ticket_document import MODELS, ORIGIN

# Other than what the host would ask, so that it takes the price for one set by hand.
FREE = {"price_unit": 0.0, "technical_price_unit": 1.0, "discount": 0.0}
DELIVERY = "stock.picking"
PROGRAM = "loyalty.program"
# What may be given to a customer at once: the others are earned.
GIVEN = ("coupons", "gift_card")


class DcrmTicket(models.Model):
    """Making good what went wrong, by the documents that the host has for it.

    Each is begun with the user's own rights, and noted in the ticket.
    """

    _inherit = "dcrm.ticket"

    document_ids = fields.One2many(
        "dcrm.ticket.document", "ticket_id", "Documents", readonly=True
    )
    # By the apps that are installed, and the rights of the user.
    may_refund = fields.Boolean(compute="_compute_may_begin")
    may_return = fields.Boolean(compute="_compute_may_begin")
    may_replace = fields.Boolean(compute="_compute_may_begin")
    may_give_coupon = fields.Boolean(compute="_compute_may_begin")

    @api.depends_context("uid")
    def _compute_may_begin(self):
        self.may_refund = self._may_begin("refund")
        self.may_return = self._may_begin("return")
        self.may_replace = self._may_begin("replacement")
        self.may_give_coupon = self._may_begin("coupon")

    @api.model
    def _may_begin(self, kind):
        """Return whether the user may make such documents at all."""
        model = self._model_of(kind)
        return model in self.env and self.env[model].has_access("create")

    @api.model
    def _model_of(self, kind):
        return next(model for model, each in MODELS.items() if each == kind)

    def action_refund(self):
        """Return the host's dialog for a credit note on an invoice of the ticket."""
        return self._begin("refund")

    def action_return(self):
        """Return the host's dialog for the return of a delivery of the order."""
        return self._begin("return")

    def action_replace(self):
        """Make a quotation of the same products for nothing; return its screen."""
        return self._begin("replacement")

    def action_give_coupon(self):
        """Return the host's dialog that makes a coupon for the customer."""
        return self._begin("coupon")

    def _begin(self, kind):
        """Begin a document; where it may be of several things, have one chosen.

        :raises AccessError: where the user may not do it
        :raises UserError: where there is nothing to do it with
        """
        self.ensure_one()
        self.check_access("write")
        self._refuse_merged()
        model = self._model_of(kind)
        if model not in self.env:
            raise UserError(self.env._("The app that this needs is not installed."))
        self.env[model].check_access("create")
        sources = self._sources(kind)
        if not sources:
            raise UserError(self._nothing_to(kind))
        if len(sources) == 1:
            return self._begin_with(kind, sources)
        # Nobody else makes one: its names are those of what the user may read.
        choices = self.env["dcrm.ticket.choice"].sudo()
        choice = choices.create(
            {
                "ticket_id": self.id,
                "kind": kind,
                "line_ids": [
                    Command.create(
                        {
                            "name": source.display_name,
                            "res_model": source._name,
                            "res_id": source.id,
                        }
                    )
                    for source in sources
                ],
            }
        )
        return choice.with_env(self.env)._action_open()

    def _begin_with(self, kind, source):
        """Begin a document with what it is of; see :meth:`_sources`."""
        begin = {
            "refund": self._begin_refund,
            "return": self._begin_return,
            "replacement": self._begin_replacement,
            "coupon": self._begin_coupon,
        }
        return begin[kind](source)

    # -- what it may be of -----------------------------------------------------------

    def _sources(self, kind):
        """Return what a document may be of: invoices, deliveries, orders, programs.

        They are what the user may read, and those of the ticket's company.

        :raises ValidationError: the order or invoice is another customer's by now
        """
        self._check_documents()
        sources = {
            "refund": self._invoices_to_refund,
            "return": self._deliveries_to_return,
            "replacement": self._orders_to_replace,
            "coupon": self._programs_to_give,
        }
        return sources[kind]()

    def _invoices_to_refund(self):
        invoices = self.invoice_id or self.order_id.invoice_ids
        return invoices.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type in ("out_invoice", "out_receipt")
                and move.company_id == self.company_id
            )
        )

    def _deliveries_to_return(self):
        deliveries = self.env[DELIVERY]
        if "sale_id" not in deliveries._fields or not self.order_id:
            return deliveries
        return deliveries.search(
            [
                ("sale_id", "=", self.order_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "done"),
                ("picking_type_code", "=", "outgoing"),
            ]
        )

    def _orders_to_replace(self):
        if self.order_id or not self.product_id:
            return self.order_id
        return self.product_id

    def _programs_to_give(self):
        companies = Domain("company_id", "in", (False, self.company_id.id))
        return self.env[PROGRAM].search(companies & Domain("program_type", "in", GIVEN))

    def _nothing_to(self, kind):
        """Return why a document can't be begun, in words."""
        words = {
            "refund": self.env._(
                "Say which posted invoice it is about, or which order."
            ),
            "return": self.env._("Say which order it is about: none is delivered."),
            "replacement": self.env._("Say which order or product it is about."),
            "coupon": self.env._("There is no program of coupons or gift cards."),
        }
        return words[kind]

    # -- beginning it ----------------------------------------------------------------

    def _begun_here(self, **context):
        return {**context, ORIGIN: self.id}

    def _dialog(self, name, model, **context):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": self._begun_here(**context),
        }

    def _begin_refund(self, invoice):
        return self._dialog(
            self.env._("Credit Note"),
            "account.move.reversal",
            active_model=invoice._name,
            active_id=invoice.id,
            active_ids=invoice.ids,
            default_reason=self.display_name,
        )

    def _begin_return(self, delivery):
        return self._dialog(
            self.env._("Return"),
            "stock.return.picking",
            active_model=delivery._name,
            active_id=delivery.id,
            active_ids=delivery.ids,
        )

    def _begin_coupon(self, program):
        return self._dialog(
            self.env._("Coupon"),
            "loyalty.generate.wizard",
            default_program_id=program.id,
            default_mode="selected",
            default_customer_ids=self.partner_id.ids,
            default_description=self.display_name,
        )

    def _begin_replacement(self, source):
        """Make a quotation of an order's products, or of a product, for nothing."""
        if not self.partner_id:
            raise UserError(self.env._("Say who asked: a quotation is for somebody."))
        orders = self.env["sale.order"].with_context(**self._begun_here())
        quotation = orders.with_company(self.company_id).create(
            {
                "partner_id": (
                    source if source._name == orders._name else self
                ).partner_id.id,
                "company_id": self.company_id.id,
                "origin": self.number,
                "order_line": [
                    Command.create({**line, **FREE})
                    for line in self._lines_to_replace(source)
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": quotation._name,
            "res_id": quotation.id,
            "views": [(False, "form")],
        }

    def _lines_to_replace(self, source):
        """Return the values of lines with the products to be sent once more."""
        if source._name == "product.product":
            return [{"product_id": source.id, "product_uom_qty": 1}]
        lines = source.order_line.filtered(
            lambda line: (
                not line.display_type
                and not line.is_downpayment
                and line.product_id.type == "consu"
            )
        )
        return [
            {
                "product_id": line.product_id.id,
                "product_uom_qty": line.product_uom_qty,
                "product_uom_id": line.product_uom_id.id,
            }
            for line in lines
        ]
