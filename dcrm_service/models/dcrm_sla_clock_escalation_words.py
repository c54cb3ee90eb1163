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

        Where the ladder has an e-mail for it, and has told one of us since. Machines,
        addresses that come back here and senders who may not be who they say are not
        told. Whoever was told of another ticket just now is told later.
        """
        ticket, template = self.ticket_id, ladder.customer_template_id
        now = fields.Datetime.now()
        if (
            not template
            or self.deadline > now
            or ticket.customer_told_at
            or not any(
                notice.told_at >= self.deadline
                for notice in self._standing_notices(ladder)
            )
            or not self._may_tell_customer()
        ):
            return
        address = email_normalize(ticket.email_from)
        claims = self.env["dcrm.automatic.email"]
        if not claims._claim("late", address, PERIOD, self.company_id):
            self.climb_at = min(self.climb_at, now + PERIOD)
            return
        ticket.customer_told_at = now
        # It leaves when this is in the database, and if it never comes there, not.
        quiet = ticket.with_context(mail_notify_force_send=False)
        quiet._send_by_itself(template)
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _may_tell_customer(self):
        """Return whether what we send by ourselves reaches who has asked."""
        ticket = self.ticket_id
        address = email_normalize(ticket.email_from)
        return bool(
            address
            and not ticket.is_of_machine
            and not ticket.sender_doubt
            and not self.env["mail.thread"]._is_ours(address)
        )
