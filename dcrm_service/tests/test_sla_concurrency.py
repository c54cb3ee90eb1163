"""What happens at once to one ticket starts one clock and one pause.

These tests commit.
"""

import threading

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.dcrm_analytics.tests.common_transaction import TransactionsCase

RACERS = 4


@tagged("post_install", "-at_install")
class TestSlaConcurrency(TransactionsCase):
    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            company = env["res.company"].search([], order="id", limit=1)
            team = env["dcrm.ticket.team"].create(
                {"name": "Race", "company_id": company.id}
            )
            policy = env["dcrm.sla.policy"].create(
                {
                    "name": "Race",
                    "company_id": company.id,
                    "team_ids": team.ids,
                    "next_response_hours": 4,
                    "resolution_hours": 40,
                }
            )
            customer = env["res.partner"].create({"name": "Racer"})
            ticket = env["dcrm.ticket"].create(
                {"name": "Race", "partner_id": customer.id, "team_id": team.id}
            )
            ticket._answered()
            made = [ticket, policy, team, customer]
            self.ids = {record._name: record.id for record in made}
        self.addCleanup(self._clean)

    def _clean(self):
        with self.transaction() as env:
            for model, res_id in self.ids.items():
                env[model].browse(res_id).unlink()

    def ticket(self, env):
        return env["dcrm.ticket"].browse(self.ids["dcrm.ticket"])

    def race(self, work):
        """Do the work in transactions that all began before any ended; try again."""
        barrier, errors = threading.Barrier(RACERS), []

        def run():
            try:
                with self.transaction() as env:
                    self.ticket(env).read(["name"])
                    barrier.wait()
                    work(self.ticket(env))
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=run) for _each in range(RACERS)]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        # These the host tries again; a violation of a constraint it would not.
        self.assertLessEqual({type(error) for error in errors}, {SerializationFailure})
        self.assertLess(len(errors), RACERS)
        for _error in errors:
            with self.transaction() as env:
                work(self.ticket(env))

    def test_words_at_once_are_one_wait(self):
        def say(ticket):
            ticket.message_post(
                body="And now?",
                author_id=ticket.partner_id.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

        self.race(say)
        with self.transaction() as env:
            ticket = self.ticket(env)
            clocks = ticket.clock_ids.filtered(lambda c: c.target == "next_response")
            self.assertEqual(len(clocks), 1)
            self.assertFalse(clocks.reached_at)
            self.assertEqual(clocks.started_at, ticket.customer_waits_since)

    def test_the_same_stage_at_once_is_one_pause(self):
        def wait(ticket):
            ticket.stage_id = ticket.env.ref("dcrm_service.ticket_stage_waiting")

        self.race(wait)
        with self.transaction() as env:
            ticket = self.ticket(env)
            self.assertEqual(len(ticket.pause_ids), 1)
            self.assertFalse(ticket.pause_ids.ended_at)
            self.assertEqual(ticket.sla_state, "paused")
