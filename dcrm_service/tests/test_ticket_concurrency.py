"""An e-mail that comes in several times at once makes one ticket.

These tests commit.
"""

import threading

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.dcrm_analytics.tests.common_transaction import TransactionsCase

RACERS = 6
DOMAIN = "race.example"


@tagged("post_install", "-at_install")
class TestTicketConcurrency(TransactionsCase):
    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            company = env["res.company"].search([], order="id", limit=1)
            self.company_id = company.id
            self.before = {
                model: env[model].search([("alias_domain_id", "=", False)]).ids
                for model in ("mail.alias", "res.company")
            }
            self.domain_before = company.alias_domain_id.id
            domain = env["mail.alias.domain"].create({"name": DOMAIN})
            company.alias_domain_id = domain
            team = env["dcrm.ticket.team"].create(
                {"name": "Race", "company_id": company.id, "alias_name": "race"}
            )
            # As after the first e-mail, which sets it.
            team.alias_id.alias_status = "valid"
            self.domain_id, self.team_id = domain.id, team.id
        self.addCleanup(self._clean)

    def _clean(self):
        with self.transaction() as env:
            self.tickets(env).unlink()
            env["dcrm.ticket.email"].search([]).unlink()
            env["dcrm.automatic.email"].search([]).unlink()
            env["dcrm.ticket.team"].browse(self.team_id).unlink()
            company = env["res.company"].browse(self.company_id)
            company.alias_domain_id = self.domain_before
            # The first domain is given to whatever has none.
            for model, ids in self.before.items():
                env[model].browse(ids).alias_domain_id = False
            env["mail.alias.domain"].browse(self.domain_id).unlink()

    def tickets(self, env):
        return env["dcrm.ticket"].search([("team_id", "=", self.team_id)])

    def email(self, number=0, **headers):
        headers = {
            "From": "who@else.example",
            "To": f"race@{DOMAIN}",
            "Subject": "Race",
            "Message-Id": f"<{self.id()}{number}@{DOMAIN}>",
            **headers,
        }
        lines = [
            f"{name.replace('_', '-')}: {value}" for name, value in headers.items()
        ]
        return "\r\n".join([*lines, "", "It leaks."]).encode()

    def race(self, emails, **context):
        """Process the e-mails in transactions that all began before any ended."""
        barrier, errors = threading.Barrier(len(emails)), []

        def run(email):
            try:
                with self.transaction() as env:
                    env["mail.message"].search([], limit=1)
                    barrier.wait()
                    threads = env["mail.thread"].with_context(**context)
                    threads.message_process(None, email)
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=run, args=[email]) for email in emails]
        with mute_logger("odoo.sql_db", "odoo.addons.mail.models.mail_thread"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        return errors

    def test_the_same_email_at_once(self):
        errors = self.race([self.email()] * RACERS)
        with self.transaction() as env:
            self.assertEqual(len(self.tickets(env)), 1)
            # Nobody is told that something is wrong, and the address stays good.
            team = env["dcrm.ticket.team"].browse(self.team_id)
            self.assertNotEqual(team.alias_id.alias_status, "invalid")
            bounces = env["mail.mail"].search([("email_to", "ilike", DOMAIN)])
            self.assertFalse(bounces)
        # The host tries these again, and sees then that it was processed.
        self.assertEqual({type(error) for error in errors}, {SerializationFailure})
        self.assertFalse(self.race([self.email()]))
        with self.transaction() as env:
            self.assertEqual(len(self.tickets(env)), 1)

    def test_many_emails_at_once(self):
        self.assertFalse(self.race([self.email(n) for n in range(RACERS)]))
        with self.transaction() as env:
            numbers = self.tickets(env).mapped("number")
            self.assertEqual(len(set(numbers)), RACERS)

    # -- answers -----------------------------------------------------------------------

    def answered(self):
        """Return the id of a closed ticket, and the Message-Id of its e-mail."""
        self.assertFalse(self.race([self.email("first")]))
        with self.transaction() as env:
            ticket = self.tickets(env)
            message_id = ticket.message_ids[-1:].message_id
            ticket.action_close()
            return ticket.id, message_id

    def test_the_same_answer_at_once(self):
        ticket_id, message_id = self.answered()
        self.race([self.email(In_Reply_To=message_id)] * RACERS)
        with self.transaction() as env:
            ticket = env["dcrm.ticket"].browse(ticket_id)
            received = ticket.message_ids.filtered(lambda m: m.message_type == "email")
            self.assertEqual(len(received), 2)

    def test_answers_that_are_fetched_at_once_are_all_kept(self):
        """The host tries none of them again: it takes them from the server."""
        ticket_id, message_id = self.answered()
        errors = self.race(
            [self.email(n, In_Reply_To=message_id) for n in range(RACERS)],
            default_fetchmail_server_id=1,
        )
        self.assertFalse(errors)
        with self.transaction() as env:
            ticket = env["dcrm.ticket"].browse(ticket_id)
            received = ticket.message_ids.filtered(lambda m: m.message_type == "email")
            self.assertEqual(len(received), 1 + RACERS)
            self.assertFalse(ticket.is_closed)

    def test_the_same_email_fetched_at_once(self):
        errors = self.race([self.email()] * RACERS, default_fetchmail_server_id=1)
        self.assertFalse(errors)
        with self.transaction() as env:
            self.assertEqual(len(self.tickets(env)), 1)

    def test_one_acknowledgement_of_many_at_once(self):
        with self.transaction() as env:
            env["dcrm.ticket.team"].browse(self.team_id).acknowledges = True
        errors = self.race(
            [self.email(n) for n in range(RACERS)], default_fetchmail_server_id=1
        )
        self.assertFalse(errors)
        with self.transaction() as env:
            self.assertEqual(len(self.tickets(env)), RACERS)
            told = self.tickets(env).message_ids.filtered(
                lambda m: m.message_type == "auto_comment"
            )
            self.assertEqual(len(told), 1)
