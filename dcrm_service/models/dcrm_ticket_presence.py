from datetime import timedelta

from odoo import api, fields, models

# Screens tell every 20 seconds that they are there: who misses two has gone.
GONE = timedelta(seconds=50)


class DcrmTicketPresence(models.Model):
    """That somebody has a ticket on the screen, and whether they write an answer."""

    _name = "dcrm.ticket.presence"
    _inherit = ["dcrm.export.mixin"]
    _description = "Presence on a Ticket"
    _rec_name = "user_id"

    ticket_id = fields.Many2one(
        "dcrm.ticket", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade", index=True
    )
    is_writing = fields.Boolean("Writing", readonly=True)
    seen_at = fields.Datetime("Last Seen", required=True, readonly=True)

    _unique_user = models.Constraint(
        "UNIQUE(ticket_id, user_id)", "Somebody is there once."
    )

    @api.model
    def _domain_there(self):
        return [("seen_at", ">", fields.Datetime.now() - GONE)]

    @api.autovacuum
    def _gc_gone(self):
        self.search([("seen_at", "<=", fields.Datetime.now() - GONE)]).unlink()
