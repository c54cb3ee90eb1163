from markupsafe import Markup

from odoo import SUPERUSER_ID, api, models


class DcrmTicket(models.Model):
    """What e-mails become that can't be read, or whose sender can't."""

    _inherit = "dcrm.ticket"

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        # Without an address the host counts the tickets of all senders, and would drop
        # what comes after the twentieth. Nobody answers it, so there is no loop.
        if not email_from_normalized:
            return None
        return super()._detect_loop_sender_domain(email_from_normalized)

    def _make_of_unreadable(self, team, headers, content):
        """Make a ticket of an e-mail that can't be read, with all of it as a file.

        :param team: who answers it
        :param dict headers: as ``compute.raw_email.headers_of`` returns them
        :param bytes content: the e-mail
        """
        root = self.with_user(SUPERUSER_ID).with_context(
            mail_create_nosubscribe=True, mail_create_nolog=True
        )
        ticket = root.create(
            {
                "name": headers["subject"] or self.env._("E-mail that can't be read"),
                "team_id": team.id,
                "company_id": team.company_id.id,
                "email_from": headers["email_from"],
                "channel": "email",
                # Nothing is known of who sent it: nobody is told anything by itself.
                "is_of_machine": True,
            }
        )
        self.env["dcrm.ticket.email"]._made(headers["message_id"], team, ticket)
        ticket.with_context(mail_post_autofollow_author_skip=True).message_post(
            body=Markup("<p>%s</p>")
            % self.env._("This e-mail can't be read. The file has it as it came."),
            author_id=False,
            email_from=headers["email_from"],
            message_id=headers["message_id"],
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            attachments=[("e-mail.eml", content)],
        )
        return ticket
