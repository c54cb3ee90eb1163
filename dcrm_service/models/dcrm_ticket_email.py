from datetime import timedelta
from hashlib import sha256

from odoo import api, fields, models

from ..queries import ticket as queries

# Longer than any transaction that could process the same e-mail at the same time.
KEPT = timedelta(days=1)


class DcrmTicketEmail(models.Model):
    """That a ticket is made of an e-mail to a team: claimed before it is made.

    The host asks what has been processed; of what is being processed at this moment it
    knows nothing, and an e-mail that comes in twice at once would make two tickets.
    """

    _name = "dcrm.ticket.email"
    _description = "Claim on an E-mail"
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)

    _unique_key = models.Constraint("UNIQUE(key)", "The e-mail was claimed before.")

    @api.model
    def _claim(self, message_id, team_id):
        """Return whether nobody made a ticket of the e-mail for the team before.

        :raises psycopg2.errors.SerializationFailure: where somebody did it meanwhile
        """
        key = f"{team_id or 0} {message_id}".encode("utf-8", "replace")
        claimed = queries.claim(sha256(key).hexdigest(), self.env.uid)
        return bool(self.env.execute_query(claimed))

    @api.autovacuum
    def _gc_claims(self):
        self.search([("create_date", "<", fields.Datetime.now() - KEPT)]).unlink()
