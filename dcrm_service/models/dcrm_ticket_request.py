from odoo import fields, models


class DcrmTicketRequest(models.Model):
    """A request for a ticket. Written by ``dcrm.ticket.open_request`` alone."""

    _name = "dcrm.ticket.request"
    _inherit = ["dcrm.export.mixin", "dcrm.request.mixin"]
    _description = "Request for a Ticket"

    ticket_id = fields.Many2one(
        "dcrm.ticket", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _unique_key = models.Constraint(
        "UNIQUE(company_id, key)", "The key is that of another request."
    )
