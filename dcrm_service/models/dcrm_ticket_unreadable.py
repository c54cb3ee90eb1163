from markupsafe import Markup

from odoo import SUPERUSER_ID, models


class DcrmTicket(models.Model):
    """What an e-mail that can't be read becomes."""

    _inherit = "dcrm.ticket"

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
