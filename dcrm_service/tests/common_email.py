"""What comes in by e-mail: a team's address, a customer who writes, the gateway."""

from odoo.tools import mute_logger

from .common import ServiceCase

MAIL = "odoo.addons.mail.models.mail_thread"
OURS = "odoo.addons.dcrm_service.models.mail_thread_ticket"


class EmailCase(ServiceCase):
    """Teams A and B have the addresses help@ and helpb@care.example.

    ``contact`` is Ann of the company ``customer``, who writes from
    ann@customer.example.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # As the gateway works: with tracking, and for nobody in particular.
        cls.env = cls.env(
            context={
                key: value
                for key, value in cls.env.context.items()
                if key not in ("tracking_disable", "mail_create_nolog")
            }
        )
        domain = cls.env["mail.alias.domain"].create(
            {
                "name": "care.example",
                "bounce_alias": "bounce",
                "catchall_alias": "catchall",
                "company_ids": cls.companies.ids,
            }
        )
        cls.companies.alias_domain_id = domain
        cls.team_a.alias_name, cls.team_b.alias_name = "help", "helpb"
        cls.customer = cls.env["res.partner"].create(
            {"name": "Customer", "is_company": True}
        )
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Ann",
                "email": "ann@customer.example",
                "parent_id": cls.customer.id,
            }
        )

    def email(self, body="It leaks.", **headers):
        """Return an e-mail as bytes; underlines in names of headers are hyphens."""
        headers = {
            "From": "Ann <ann@customer.example>",
            "To": "help@care.example",
            "Subject": "It leaks",
            "Message_Id": f"<{next(self.numbers)}@customer.example>",
            **headers,
        }
        lines = [
            f"{name.replace('_', '-')}: {value}"
            for name, value in headers.items()
            if value is not None
        ]
        text = "\r\n".join([*lines, "", body])
        return text.encode()

    @mute_logger(MAIL, OURS)
    def receive(self, message):
        """Let the gateway process an e-mail; return the tickets that it made."""
        tickets = self.env["dcrm.ticket"].sudo()
        before = tickets.search([])
        self.env["mail.thread"].message_process(None, message)
        self.env.flush_all()
        return tickets.search([]) - before

    def sent(self, ticket):
        """Return the messages that were written to the ticket, newest first."""
        return ticket.message_ids.filtered("message_id")

    def received(self, ticket):
        """Return the e-mails that came in to the ticket, newest first."""
        return ticket.message_ids.filtered(lambda each: each.message_type == "email")

    def answer(self, ticket):
        return ticket.with_env(self.env_as("agent")).message_post(
            body="Which one?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=ticket.partner_id.ids,
        )

    def reply(self, ticket, body="It leaks.", **headers):
        message = self.sent(ticket)[:1].message_id
        return self.receive(self.email(body, In_Reply_To=message, **headers))

    def outgoing(self, address=None):
        """Return the e-mails that were written, to an address where one is given."""
        sent = self.env["mail.mail"].sudo().search([], order="id")
        if not address:
            return sent
        return sent.filtered(
            lambda mail: (
                address in f"{mail.email_to} {mail.recipient_ids.mapped('email')}"
            )
        )
