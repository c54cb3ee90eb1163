from datetime import timedelta
from hashlib import sha256

from odoo import api, fields, models

from ..queries import ticket_email as queries

# The longest period that may be asked for.
LONGEST = timedelta(days=366)


class DcrmAutomaticEmail(models.Model):
    """When an address was last answered by the system itself.

    One row an address and kind of answer, however many e-mails come from it. The
    address can't be read from it.
    """

    _name = "dcrm.automatic.email"
    _inherit = ["dcrm.export.mixin"]
    _description = "Automatic E-mail to an Address"
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    sent_at = fields.Datetime(required=True, readonly=True, index=True)

    _unique_key = models.Constraint(
        "UNIQUE(key)", "The address was answered at the same moment."
    )

    @api.model
    def _claim(self, kind, address, period, company=None):
        """Return whether an address may be answered now, and note that it is.

        What stands behind a plus in it makes no other address of it. What one company
        sends keeps no other one silent.

        :param str kind: what is sent
        :param str address: normalized
        :param timedelta period: one answer in so much time
        :param company: whose answer it is; empty: nobody's in particular
        :raises psycopg2.errors.SerializationFailure: where it is answered right now
        """
        name, _at, domain = address.lower().rpartition("@")
        sender = company.id if company else 0
        plain = f"{kind} {sender} {name.partition('+')[0]}@{domain}"
        now = fields.Datetime.now()
        key = sha256(plain.encode("utf-8", "replace")).hexdigest()
        claimed = queries.claim_answer(key, now, now - min(period, LONGEST))
        return bool(self.env.execute_query(claimed))

    @api.autovacuum
    def _gc_sent(self):
        old = fields.Datetime.now() - LONGEST
        self.search([("sent_at", "<", old)], limit=100_000).unlink()
