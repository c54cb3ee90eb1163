from odoo import fields, models
from odoo.exceptions import UserError


class DcrmTicketRequest(models.Model):
    """A request for a ticket that came with a key: what was asked and answered.

    Written by ``dcrm.ticket.open_request`` alone.
    """

    _name = "dcrm.ticket.request"
    _description = "Request for a Ticket"
    _order = "id desc"
    _rec_name = "key"

    key = fields.Char(
        required=True, readonly=True, help="By which the sender knows the request"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    asked = fields.Json(readonly=True, help="What was asked")
    answer = fields.Json(readonly=True, help="What was answered, each time")
    ticket_id = fields.Many2one(
        "dcrm.ticket", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _unique_key = models.Constraint(
        "UNIQUE(company_id, key)", "The key is that of another request."
    )

    def _find_request(self, company, key, asked):
        """Return the request of a key that was done already.

        :raises UserError: something else was asked then
        """
        request = self.search([("company_id", "=", company.id), ("key", "=", key)])
        if request.asked != asked:
            raise UserError(
                self.env._(
                    "Key %s is that of another request, which was done already.", key
                )
            )
        return request
