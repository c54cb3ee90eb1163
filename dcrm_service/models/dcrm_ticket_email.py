from datetime import timedelta
from hashlib import sha256

from odoo import api, fields, models

from ..queries import ticket_email as queries

# Longer than any transaction that could process the same e-mail at the same time, and
# long enough that audits see what went wrong.
CLAIMS_KEPT = timedelta(days=31)


class DcrmTicketEmail(models.Model):
    """That an e-mail goes to a ticket, old or new: claimed before it is written there.

    The host asks what has been processed; of what is being processed at this moment it
    knows nothing, and an e-mail that comes in twice at once would be there twice.
    """

    _name = "dcrm.ticket.email"
    _inherit = ["dcrm.export.mixin"]
    _description = "Claim on an E-mail"
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    message_id = fields.Char("Message-Id", readonly=True, index="btree_not_null")
    ticket_id = fields.Many2one(
        "dcrm.ticket", readonly=True, index="btree_not_null", ondelete="cascade"
    )

    _unique_key = models.Constraint("UNIQUE(key)", "The e-mail was claimed before.")

    @api.model
    def _claim(self, message_id, team, ticket=None):
        """Return whether the e-mail did not go to the ticket before.

        :param str message_id: its Message-Id
        :param team: of whom it makes a new ticket, where no ticket is given
        :raises psycopg2.errors.SerializationFailure: where somebody did it meanwhile
        """
        claimed = queries.claim(
            self._key(message_id, team, ticket),
            message_id,
            ticket.id if ticket else None,
            self.env.uid,
        )
        return bool(self.env.execute_query(claimed))

    @api.model
    def _made(self, message_id, team, ticket):
        """Note which ticket was made of an e-mail that was claimed."""
        key = self._key(message_id, team)
        self.sudo().search([("key", "=", key)]).ticket_id = ticket

    @api.model
    def _tickets_made(self, message_id, teams):
        """Return the tickets of teams that were made of an e-mail."""
        keys = [self._key(message_id, team) for team in teams]
        return self.search([("key", "in", keys)]).ticket_id if keys else self.ticket_id

    @api.model
    def _key(self, message_id, team, ticket=None):
        target = f"ticket {ticket.id}" if ticket else team.id or 0
        key = f"{target} {message_id}".encode("utf-8", "replace")
        return sha256(key).hexdigest()

    @api.autovacuum
    def _gc_claims(self):
        old = fields.Datetime.now() - CLAIMS_KEPT
        self.search([("create_date", "<", old)], limit=100_000).unlink()
