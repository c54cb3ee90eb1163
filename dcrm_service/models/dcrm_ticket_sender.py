from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import hmac

from ..queries import ticket_sender as queries

COUNTS_KEPT = timedelta(days=1)
HOUR = timedelta(hours=1)
# How many forms an hour: of one sender, of one address of the net, to one team.
LIMITS = {"email": 5, "address": 10, "team": 200}


class DcrmTicketSender(models.Model):
    """How many forms came in an hour of a sender, and of an address of the net.

    Neither is kept, but a keyed digest of it, and that for a day.
    """

    _name = "dcrm.ticket.sender"
    _inherit = ["dcrm.export.mixin"]
    _description = "Sender of Forms"
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    forms = fields.Integer(readonly=True)

    _unique_key = models.Constraint("UNIQUE(key)", "The sender is counted already.")

    @api.model
    def _count_form(self, team, email, address):
        """Count a form; return whether it is not one too many.

        To a team its tickets are counted, so that its forms do not wait for each other.

        :param str address: of the net; of version 6 its network is who sends, and one
            within a house is that of a proxy, behind which everybody is
        :raises psycopg2.errors.SerializationFailure: where one is counted meanwhile
        """
        hour = fields.Datetime.now().strftime("%Y-%m-%d %H")
        counted = {"address": _network(address), "email": email}
        return not self._is_flooded(team) and all(
            self.env.execute_query(
                queries.count(self._key(hour, kind, who), LIMITS[kind])
            )
            for kind, who in counted.items()
            if who
        )

    @api.model
    def _is_flooded(self, team):
        tickets = self.env["dcrm.ticket"].sudo().with_context(active_test=False)
        most = LIMITS["team"]
        return most <= tickets.search_count(
            Domain("team_id", "=", team.id)
            & Domain("channel", "=", "web")
            & Domain("create_date", ">", fields.Datetime.now() - HOUR),
            limit=most,
        )

    def _key(self, hour, kind, who):
        return hmac(self.env(su=True), "dcrm.ticket.sender", (hour, kind, who), sha256)

    @api.autovacuum
    def _gc_senders(self):
        self.search(
            [("create_date", "<", fields.Datetime.now() - COUNTS_KEPT)]
        ).unlink()


def _network(address):
    """Return the network that one sender has, of version 6 of 64 bits; "": nobody's."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return ""
    if found.is_private:
        return ""
    if found.version == 6:
        return str(ip_network(f"{address}/64", strict=False))
    return address
