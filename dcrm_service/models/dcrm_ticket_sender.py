from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network

from odoo import api, fields, models
from odoo.tools import hmac

from ..queries import ticket_request as queries

KEPT = timedelta(days=1)
# How many forms an hour: of one sender, of one address of the net, to one team.
LIMITS = {"email": 5, "address": 10, "team": 200}


class DcrmTicketSender(models.Model):
    """How many forms came in an hour: of a sender, of an address, to a team.

    Neither is kept, but a keyed digest of it, and that for a day.
    """

    _name = "dcrm.ticket.sender"
    _description = "Sender of Forms"
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    forms = fields.Integer(readonly=True)

    _unique_key = models.Constraint("UNIQUE(key)", "The sender is counted already.")

    @api.model
    def _count_form(self, team, email, address):
        """Count a form; return whether it is not one too many.

        :param str address: of the net; of version 6 its network is who sends
        :raises psycopg2.errors.SerializationFailure: where one is counted meanwhile
        """
        hour = fields.Datetime.now().strftime("%Y-%m-%d %H")
        network = _network(address)
        return all(
            self.env.execute_query(queries.count(self._key(hour, kind, who), most))
            for kind, who, most in (
                ("address", network, LIMITS["address"]),
                ("email", email, LIMITS["email"]),
                ("team", team.id, LIMITS["team"]),
            )
        )

    def _key(self, hour, kind, who):
        return hmac(self.env(su=True), "dcrm.ticket.sender", (hour, kind, who), sha256)

    @api.autovacuum
    def _gc_senders(self):
        self.search([("create_date", "<", fields.Datetime.now() - KEPT)]).unlink()


def _network(address):
    """Return the network that one sender has: of version 6 of 64 bits."""
    try:
        if ip_address(address or "").version == 6:
            return str(ip_network(f"{address}/64", strict=False))
    except ValueError:
        return ""
    return address
