"""What must not happen to tickets, whoever tries it, and whatever is deleted."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ServiceCase


@tagged("post_install", "-at_install")
class TestTicketGuard(ServiceCase):
    def setUp(self):
        super().setUp()
        self.customer = self.partner(is_company=True)
        self.contact = self.partner(parent_id=self.customer.id)

    def ticket_of_buyer(self, **values):
        """Return a ticket as the customer who opened it has it."""
        self.users["buyer"] = self.make_user(
            "buyer", "base.group_portal", self.company_a
        )
        ticket = self.ticket(self.users["buyer"].partner_id, **values)
        return ticket.with_env(self.env_as("buyer"))

    # -- what is deleted ---------------------------------------------------------------

    def test_what_a_policy_covers_is_not_deleted(self):
        level = self.env["dcrm.service.level"].create({"name": "Golden"})
        kind = self.env["dcrm.ticket.kind"].create({"name": "Recall"})
        team = self.make_team("Night", self.company_a)
        for name, record in (
            ("service_level_ids", level),
            ("kind_ids", kind),
            ("team_ids", team),
        ):
            policy = self.env["dcrm.sla.policy"].create(
                {
                    "name": name,
                    "company_id": self.company_a.id,
                    "first_response_hours": 0.5,
                    name: [Command.set(record.ids)],
                }
            )
            with self.subTest(name):
                with (
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(IntegrityError),
                    self.env.cr.savepoint(),
                ):
                    record.unlink()
                policy.unlink()
                record.unlink()

    def test_a_stage_of_a_team_does_not_become_everybodys(self):
        team = self.make_team("Night", self.company_a)
        self.env["dcrm.ticket.stage"].create(
            {"name": "Dark", "team_ids": [Command.set(team.ids)]}
        )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            team.unlink()

    def test_a_contact_is_deleted(self):
        ticket = self.ticket(self.contact)
        self.env.flush_all()
        self.contact.unlink()
        self.assertEqual(ticket.partner_id, self.customer)
        self.assertEqual(ticket.commercial_partner_id, self.customer)
        self.assertEqual(self.env["dcrm.audit"].run(), [])

    def test_a_ticket_that_was_put_away_follows_its_customers_level(self):
        ticket = self.ticket(self.contact)
        ticket.active = False
        level = self.env["dcrm.service.level"].create({"name": "Golden"})
        self.customer.with_company(self.company_a).service_level_id = level
        self.assertEqual(ticket.service_level_id, level)
        self.assertEqual(self.env["dcrm.audit"].run(), [])

    # -- what is forged ----------------------------------------------------------------

    def test_the_context_says_nothing_of_what_the_system_says(self):
        forged = {
            "default_first_response_at": "2030-01-01 00:00:00",
            "default_opened_at": "2020-01-01 00:00:00",
            "default_commercial_partner_id": self.customer.id,
        }
        tickets = self.env_as("agent")["dcrm.ticket"].with_context(**forged)
        ticket = tickets.create({"name": "Forged"})
        self.assertFalse(ticket.first_response_at or ticket.commercial_partner_id)
        self.assertGreater(ticket.opened_at.year, 2020)

    def test_customers_send_no_emails_to_whom_they_please(self):
        victim = self.partner(email="victim@elsewhere.example")
        ticket = self.ticket_of_buyer()
        said = {"body": "Spam", "subtype_xmlid": "mail.mt_comment"}
        for forged in (
            {"partner_ids": victim.ids},
            {"outgoing_email_to": victim.email},
            {"email_from": "boss@ours.example"},
            {"author_id": self.users["agent"].partner_id.id},
        ):
            with self.subTest(forged), self.assertRaises(AccessError):
                ticket.message_post(**said, **forged)
        with self.assertRaises(AccessError):
            ticket.message_notify(body="Spam", partner_ids=victim.ids)
        self.assertTrue(ticket.message_post(**said))

    def test_no_name_of_a_ticket_by_an_interaction(self):
        ticket = self.ticket(self.contact, name="Secret")
        interactions = self.env_as("nobody")["dcrm.interaction"]
        values = {"subject": "Talk", "partner_id": self.contact.id}
        with self.assertRaises(AccessError):
            interactions.create({**values, "ticket_id": ticket.id})
        talk = interactions.create(values)
        with self.assertRaises(AccessError):
            talk.ticket_id = ticket.id

    def test_what_we_wrote_down_is_not_shown_to_the_customer(self):
        ticket = self.ticket_of_buyer(description="<p>They never pay.</p>")
        self.assertTrue(ticket.read(["name"]))
        with self.assertRaises(AccessError):
            ticket.read(["description"])
