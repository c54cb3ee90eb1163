import logging
from email.message import EmailMessage
from xmlrpc.client import Binary

from markupsafe import Markup
from psycopg2 import OperationalError

from odoo import api, models
from odoo.fields import Domain

from ..compute import incoming_email, raw_email

# What the host leaves of a body that it can't read.
UNREAD = ("Unknown error when sanitizing", "ParserError when sanitizing")
# How often an e-mail is tried that others' changes got in the way of.
TRIES = 10

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    """No e-mail to a team is lost, neither for its form nor for what else happens."""

    _inherit = "mail.thread"

    @api.model
    def message_process(self, model, message, *args, **kwargs):
        """Process an e-mail; one that can't be read is kept as a ticket all the same.

        Where the host fetches e-mails it calls those done that failed: one that failed
        for what somebody else changed at that moment is tried again here. The others
        are tried again by whoever hands them in. E-mails to others than teams are the
        host's alone.
        """
        if isinstance(message, Binary):
            message = bytes(message.data)
        if isinstance(message, str):
            message = message.encode("utf-8", "surrogateescape")
        if not self._teams_written_to(model, raw_email.headers_of(message)):
            return super().message_process(model, message, *args, **kwargs)
        content = raw_email.named(message)
        mending = self.with_context(dcrm_mends_emails=True)
        fetched = self.env.context.get("default_fetchmail_server_id")
        for tries_left in reversed(range(TRIES if fetched else 1)):
            try:
                with self.env.cr.savepoint():
                    return super(MailThread, mending).message_process(
                        model, content, *args, **kwargs
                    )
            except OperationalError:
                if not tries_left:
                    raise
                # Each e-mail has a transaction of its own there.
                self.env.cr.rollback()
            except Exception as error:
                kept = self._keep_unreadable(model, content)
                if kept is None:
                    raise
                _logger.warning("An e-mail can't be read, see %s: %r", kept, error)
                return kept[:1].id
        return False

    # -- what can't be read ----------------------------------------------------------

    @api.model
    def _keep_unreadable(self, model, content):
        """Make a ticket of an e-mail that can't be read, with all of it as a file.

        :param str model: what is made of e-mails to no address of ours
        :param bytes content: the e-mail
        :return: the tickets, one a team that it was sent to, empty where they are there
            already; None where the user hands no e-mails in
        """
        if not self.env["mail.alias"].has_access("read"):
            # Whoever may not look for whom it is for hands nothing in.
            return None
        headers = raw_email.headers_of(content)
        teams = self._teams_written_to(model, headers)
        tickets = self.env["dcrm.ticket"].sudo()
        for team in teams:
            if tickets.env["dcrm.ticket.email"]._claim(headers["message_id"], team):
                tickets |= tickets._make_of_unreadable(team, headers, content)
        return tickets

    @api.model
    def _teams_written_to(self, model, headers):
        """Return the teams that an e-mail was sent to, or whose ticket it answers.

        :param str model: what is made of e-mails to no address of ours
        :param dict headers: as ``compute.raw_email.headers_of`` returns them
        :return: as sudo
        """
        teams = self.env["dcrm.ticket.team"].sudo()
        names = [address.partition("@")[0] for address in headers["recipients"]]
        local = Domain("alias_incoming_local", "=", True)
        found = teams.search(
            Domain("alias_full_name", "in", headers["recipients"])
            | (local & Domain("alias_name", "in", names))
        )
        ticket = self._ticket_answered(headers)
        found = found or ticket.team_id
        if found or not ticket and model != "dcrm.ticket":
            return found
        return ticket._default_team(ticket.company_id or self.env.company)

    @api.model
    def _ticket_answered(self, headers):
        tickets = self.env["dcrm.ticket"].sudo()
        if not headers["references"]:
            return tickets
        answered = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("message_id", "in", headers["references"]),
                    ("model", "=", "dcrm.ticket"),
                ],
                limit=1,
            )
        )
        return tickets.browse(answered.res_id).exists()

    # -- what can be mended ----------------------------------------------------------

    def message_parse(self, message, save_original=False):
        """Read what the host can not: charsets that nobody knows, and zero bytes.

        Where it goes to a team only.
        """
        if not self.env.context.get("dcrm_mends_emails"):
            return super().message_parse(message, save_original=save_original)
        is_file = isinstance(message, EmailMessage) and incoming_email.mend(message)
        parsed = super().message_parse(message, save_original=save_original)
        for key, value in parsed.items():
            if isinstance(value, str):
                # Markup stays what it is.
                parsed[key] = type(value)(value.replace(incoming_email.ZERO, ""))
        attachments = parsed.get("attachments") or []
        for position, attachment in enumerate(attachments):
            name = (attachment.fname or "").replace(incoming_email.ZERO, "")
            attachments[position] = attachment._replace(fname=name)
        body = parsed.get("body") or ""
        if any(words in body for words in UNREAD):
            content = message.as_bytes()
            attachments.append(self._Attachment("e-mail.eml", content, {}))
        if is_file and not body.strip():
            parsed["body"] = Markup("<p>%s</p>") % self.env._(
                "The text of this e-mail can't be shown: it is in the file."
            )
        return parsed
