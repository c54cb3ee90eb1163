from odoo import api, fields, models

KINDS = [
    ("refund", "Refund"),
    ("return", "Return"),
    ("replacement", "Replacement"),
    ("coupon", "Coupon"),
]
# Which of the host's documents is what, where its app is installed.
MODELS = {
    "account.move": "refund",
    "stock.picking": "return",
    "sale.order": "replacement",
    "loyalty.card": "coupon",
}
# Which of those that come about with it were begun: its backorders, and what the books
# need besides, were not.
BEGUN = {
    "account.move": lambda move: move.move_type == "out_refund",
    "stock.picking": lambda picking: picking.return_id,
}
# In the context of what is done from a ticket: its id.
ORIGIN = "dcrm_of_ticket_id"


class DcrmTicketDocument(models.Model):
    """A document of the host that was begun in a ticket."""

    _name = "dcrm.ticket.document"
    _inherit = ["dcrm.export.mixin"]
    _description = "Document of a Ticket"
    _order = "id desc"
    _rec_name = "document_name"

    ticket_id = fields.Many2one(
        "dcrm.ticket", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True, index=True
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Document", model_field="res_model", required=True, readonly=True
    )
    document_name = fields.Char("Name", compute="_compute_document_name")

    _unique_document = models.Constraint(
        "UNIQUE(res_model, res_id)", "The document is of a ticket already."
    )

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_document_name(self):
        """Name the documents that the user may read, by the user's own rights."""
        names = {}
        for model, links in self.grouped("res_model").items():
            if model in self.env:
                documents = self.env[model].browse(links.mapped("res_id")).exists()
                documents = documents._filtered_access("read")
                names |= {(model, each.id): each.display_name for each in documents}
        for link in self:
            link.document_name = names.get((link.res_model, link.res_id))

    @api.model
    def _link(self, ticket_id, documents):
        """Note that documents were begun in a ticket, by who may change both."""
        # Whatever makes them as superuser: it is the user who says where it began.
        ticket = self.env["dcrm.ticket"].sudo(False).browse(ticket_id)
        ticket.check_access("write")
        documents = documents.filtered(BEGUN.get(documents._name, bool))
        self.sudo().create(
            [
                {
                    "ticket_id": ticket.id,
                    "kind": MODELS[documents._name],
                    "res_model": documents._name,
                    "res_id": document.id,
                }
                for document in documents
            ]
        )

    def action_open(self):
        """Return the action that shows the document, by the user's own rights."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
