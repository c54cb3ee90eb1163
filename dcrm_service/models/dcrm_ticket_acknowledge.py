from datetime import timedelta

from odoo import models
from odoo.tools import email_normalize

from ..compute import incoming_email
from .mail_thread_route import MACHINE


class DcrmTicket(models.Model):
    """Telling who wrote that their e-mail has come, where the team does."""

    _inherit = "dcrm.ticket"

    def _acknowledge(self, message):
        """Tell the sender of an e-mail that a ticket was made of it; as sudo.

        Nothing is told to machines, lists, addresses that come back here or are
        doubtful, and to nobody twice in the team's period. Nothing of the e-mail is in
        what is told: nobody sends their words to others by it.

        :param email.message.EmailMessage message: the e-mail
        """
        self.ensure_one()
        team = self.team_id
        template = team.acknowledgement_template_id
        address = email_normalize(self.email_from) or ""
        if (
            not team.acknowledges
            or not template
            or self.sender_doubt
            or not incoming_email.may_be_answered(message, address)
            or self._is_own_address(address)
        ):
            return
        period = timedelta(hours=team.acknowledgement_hours)
        claims = self.env["dcrm.automatic.email"]
        if claims._claim("acknowledged", address, period, self.company_id):
            self._send_by_itself(template)

    def _send_by_itself(self, template):
        """Post what the template says to the sender, marked as written by a machine."""
        rendered = {
            name: template._render_field(name, self.ids, compute_lang=True)[self.id]
            for name in ("subject", "body_html", "email_from")
        }
        self.with_user(self.env.ref("base.user_root")).sudo().message_post(
            author_id=False,
            # The customer has the e-mail, and the page shows what people said.
            is_internal=True,
            email_from=rendered["email_from"] or self.company_id.email_formatted,
            subject=rendered["subject"],
            body=rendered["body_html"],
            outgoing_email_to=self.email_from,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_light",
            # Their subject, too, is theirs.
            force_record_name=self.number,
            notify_skip_followers=True,
            mail_headers=MACHINE,
        )
