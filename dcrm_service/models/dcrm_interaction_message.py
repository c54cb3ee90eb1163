from odoo import api, fields, models
from odoo.tools import email_split

from .inside import INSIDE

# Written by somebody. Notifications, automatic answers and mailings are not.
WRITTEN = {"email", "comment"}


class DcrmInteraction(models.Model):
    """Interactions of e-mails with customers, in and out."""

    _inherit = "dcrm.interaction"

    @api.model
    def _capture_message(self, thread, message, recipients):
        """Make the interactions of a message between a customer and us.

        What a customer writes makes one for that customer; what one of us writes makes
        one for each customer that it was sent to. Internal notes make none.

        :param thread: the document that it was posted on
        :param recipients: who was notified, as ``_notify_thread`` returns it
        """
        thread, message = thread.sudo(), message.sudo()
        if message.message_type not in WRITTEN or self._is_note(message):
            return
        author = message.author_id or thread._partner_find_from_emails_single(
            [message.email_from] if message.email_from else [], no_create=True
        )
        author = author[:1]
        if author._filter_customers():
            values = [self._incoming_values(thread, message, author, recipients)]
        else:
            values = self._outgoing_values(thread, message, author, recipients)
        self._capture(values)

    @api.model
    def _is_note(self, message):
        """Return whether a message is for us alone, whomever it is from."""
        return message.is_internal or message.subtype_id == self.env.ref("mail.mt_note")

    @api.model
    def _incoming_values(self, thread, message, author, recipients):
        partners = self._notified(recipients) | message.partner_ids
        theirs = partners.filtered(
            lambda partner: (
                partner.commercial_partner_id == author.commercial_partner_id
            )
        )
        users = self._responsible(thread) | (
            message.partner_ids.user_ids or partners.user_ids
        ).filtered(lambda user: user._is_internal())
        users = users or author.commercial_partner_id.user_id
        return self._message_values(
            thread,
            message,
            author | theirs,
            users[:1],
            (message.parent_id.record_company_id, users[:1].company_id),
            channel=self._message_channel(message),
            direction="in",
        )

    @api.model
    def _outgoing_values(self, thread, message, author, recipients):
        # Whoever is archived, as the system's own user is, writes nothing.
        user = author.user_ids.filtered(lambda user: user._is_internal())[:1]
        if not user or message.subtype_id.internal:
            return []
        colleagues = message.partner_ids.user_ids.filtered(
            lambda colleague: colleague._is_internal()
        )
        company = self.env.company if user == self.env.user else user.company_id
        addressed = self._addressed(thread, message, recipients)._filter_customers()
        return [
            self._message_values(
                thread,
                message,
                people,
                user | colleagues,
                (company,),
                channel="email",
                direction="out",
            )
            for people in addressed.grouped("commercial_partner_id").values()
        ]

    @api.model
    def _message_values(self, thread, message, people, users, companies, **values):
        captured = self._capture_values(
            people,
            users,
            (
                thread._mail_get_companies()[thread.id],
                people[0].company_id,
                *companies,
                self.env.company,
            ),
            subject=message.subject or thread.display_name,
            date=min(message.date, fields.Datetime.now()),
            origin_key=self._message_key(thread, message),
            res_model="mail.message",
            res_id=message.id,
            **values,
        )
        return {**captured, **self._link_values(thread, captured["company_id"])}

    @api.model
    def _message_channel(self, message):
        """Return on which channel a customer wrote a message."""
        if message.message_type == "email":
            return "email"
        return "web" if self._is_opening() else "portal"

    @api.model
    def _is_opening(self):
        """Return whether a message is the first of a ticket that a form opens."""
        return self.env.context.get("dcrm_opening_message") is INSIDE

    @api.model
    def _message_key(self, thread, message):
        """Return the key of a message.

        That of the rating which it tells, or of the ticket that a form opened by it.
        """
        if rating := message.rating_ids[:1]:
            return f"rating.rating,{rating.id}"
        if self._is_opening():
            return f"{thread._name},{thread.id}"
        return message.message_id

    @api.model
    def _addressed(self, thread, message, recipients):
        """Return the partners that a message of ours reached by e-mail.

        An e-mail that one of us sent to the customer and, as a copy, to us reached the
        customer without our notifying anybody.
        """
        notified = self._notified(recipients, by_email=True)
        addresses = email_split(
            f"{message.incoming_email_to or ''}, {message.incoming_email_cc or ''}"
        )
        if message.message_type == "email" and addresses:
            notified |= thread._partner_find_from_emails_single(
                addresses, no_create=True
            )
        # Who is named comes before who follows.
        return (notified & message.partner_ids) | notified

    @api.model
    def _notified(self, recipients, by_email=False):
        return (
            self.env["res.partner"]
            .sudo()
            .browse(
                recipient["id"]
                for recipient in recipients or ()
                if recipient["id"]
                and (
                    not by_email
                    or (recipient["notif"] == "email" and recipient["email_normalized"])
                )
            )
        )

    @api.model
    def _responsible(self, thread):
        """Return the user whom the document belongs to, where it has such."""
        field = thread._fields.get("user_id")
        if field and field.comodel_name == "res.users":
            return thread.user_id.filtered(lambda user: user._is_internal())
        return self.env["res.users"].sudo()
