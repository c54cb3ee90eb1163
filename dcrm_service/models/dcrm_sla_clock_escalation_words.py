from datetime import timedelta

from odoo import fields, models
from odoo.tools import email_normalize

# One address is told of lateness once in so much time, whatever it has opened.
PERIOD = timedelta(hours=1)


class DcrmSlaClock(models.Model):
    """What is said of a deadline that climbs: to us, and to the customer once."""

    _inherit = "dcrm.sla.clock"

    def _due_in_words(self):
        """Return until when what is due, as a sentence."""
        targets = dict(self._fields["target"]._description_selection(self.env))
        words = {
            "target": targets[self.target],
            "due": self._instant_of_team(self.deadline),
        }
        if self.deadline > fields.Datetime.now():
            return self.env._("%(target)s due %(due)s.", **words)
        return self.env._("%(target)s was due %(due)s.", **words)

    def _tell_customer(self, ladder):
        """Tell the customer, once a ticket, that the deadline has passed.

        Where the ladder has an e-mail for it. Machines, addresses that come back here
        and senders who may not be who they say are not told.
        """
        ticket, template = self.ticket_id, ladder.customer_template_id
        address = email_normalize(ticket.email_from)
        if (
            not template
            or not address
            or self.deadline > fields.Datetime.now()
            or ticket.customer_told_at
            or ticket.is_of_machine
            or ticket.sender_doubt
            or template._quotes_ticket()
            or self.env["mail.thread"]._is_ours(address)
        ):
            return
        if self.env["dcrm.automatic.email"]._claim("late", address, PERIOD):
            ticket.customer_told_at = fields.Datetime.now()
            ticket._send_acknowledgement(template)
