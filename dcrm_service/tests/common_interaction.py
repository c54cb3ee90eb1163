"""What the tests of interactions share: customers with people, mail in and out."""

from datetime import timedelta
from email.message import EmailMessage
from email.utils import make_msgid

from odoo import fields
from odoo.fields import Command

from .common import ServiceCase


class InteractionCase(ServiceCase):
    """Company A captures, company B does not.

    ``cls.bistro`` is a customer with two people, ``cls.jan`` and ``cls.mia``;
    ``cls.hotel`` another with ``cls.leo``. ``cls.team_a`` has an e-mail address.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.interaction_capture = True
        cls.domain = cls.env["mail.alias.domain"].create({"name": "dcrm.example"})
        cls.companies.alias_domain_id = cls.domain
        cls.team_a.write({"alias_name": "care-a", "alias_domain_id": cls.domain.id})
        # Everybody who works here has an address of their own.
        for role, user in cls.users.items():
            user.partner_id.email = f"{role.replace('_', '-')}@ours.example"
        partners = cls.env["res.partner"]
        cls.bistro = partners.create({"name": "Bistro", "is_company": True})
        cls.hotel = partners.create({"name": "Hotel", "is_company": True})
        cls.jan, cls.mia, cls.leo = partners.create(
            [
                {
                    "name": name,
                    "email": f"{name.lower()}@{customer.name.lower()}.example",
                    "parent_id": customer.id,
                }
                for name, customer in (
                    ("Jan", cls.bistro),
                    ("Mia", cls.bistro),
                    ("Leo", cls.hotel),
                )
            ]
        )

    def interactions(self, *customers):
        """Return all interactions, or those of customers, the earliest first."""
        domain = [("commercial_partner_id", "in", [each.id for each in customers])]
        return (
            self.env["dcrm.interaction"]
            .with_context(active_test=False)
            .search(domain if customers else [], order="id")
        )

    def log(self, role="agent", partner=None, **values):
        """Return an interaction that a role's user logged."""
        return self.env_as(role)["dcrm.interaction"].create(
            {
                "subject": f"Talk {next(self.numbers)}",
                "partner_id": (partner or self.jan).id,
                "channel": "phone",
                **values,
            }
        )

    # -- e-mail ----------------------------------------------------------------------

    def send(self, role, thread, partners=(), company=None, **values):
        """Return the message that a role's user sends from a document.

        Whether they may write there is the host's business, and not looked at.
        """
        env = self.env_as(role, company) if company else self.env_as(role)
        return (
            thread.with_env(env)
            .sudo()
            .message_post(
                **{
                    "body": "Dear customer",
                    "subject": "Our offer",
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_comment",
                    "partner_ids": [partner.id for partner in partners],
                    **values,
                }
            )
        )

    def email(self, sender, to="care-a@dcrm.example", subject="Broken pan", **headers):
        """Return an e-mail as it comes in from outside."""
        message = EmailMessage()
        message["From"] = getattr(sender, "email", sender)
        message["To"] = to
        message["Subject"] = subject
        message["Message-Id"] = headers.pop(
            "message_id", make_msgid(domain="x.example")
        )
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content("It broke.")
        return message

    def receive(self, sender, *args, **headers):
        """Let an e-mail come in; return the id of the document that it went to."""
        return self.process(self.email(sender, *args, **headers))

    def answer(self, sender, sent, **headers):
        """Let the answer to a message of ours come in."""
        to = self.domain.catchall_email
        return self.receive(
            sender, to, "Re: Our offer", In_Reply_To=sent.message_id, **headers
        )

    def process(self, message):
        threads = self.env["mail.thread"].with_user(self.env.ref("base.user_root"))
        return threads.message_process(None, message.as_bytes())

    # -- meetings --------------------------------------------------------------------

    def meeting(self, people, begin=-2, hours=1, role="agent", **values):
        """Return a meeting that a role's user holds, from so many hours from now on."""
        start = fields.Datetime.now() + timedelta(hours=begin)
        organiser = self.users[role]
        events = (
            self.env_as(role)["calendar.event"]
            .sudo()
            .with_context(no_mail_to_attendees=True)
        )
        return events.create(
            {
                "name": "Tasting",
                "start": start,
                "stop": start + timedelta(hours=hours),
                "user_id": organiser.id,
                "partner_ids": [
                    Command.set(
                        [organiser.partner_id.id, *(person.id for person in people)]
                    )
                ],
                **values,
            }
        )

    def long_since(self):
        """Let company A have captured for ten days."""
        self.company_a.interaction_capture_since = fields.Datetime.now() - timedelta(10)
        self.env.registry.clear_cache()
