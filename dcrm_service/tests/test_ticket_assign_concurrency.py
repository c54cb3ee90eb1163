"""Tickets that come, are taken and shared out at once: each goes to one, and once.

These tests commit.
"""

import threading
from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.dcrm_analytics.tests.common_transaction import TransactionsCase

RACERS = 4
TICKETS = 30


@tagged("post_install", "-at_install")
class TestTicketAssignConcurrency(TransactionsCase):
    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            agent = env.ref("dcrm_service.group_service_agent")
            self.user_ids = (
                env["res.users"]
                .with_context(no_reset_password=True)
                .create(
                    [
                        {
                            "name": f"Racer {number}",
                            "login": f"dcrm_racer_{number}",
                            "group_ids": [Command.set(agent.ids)],
                        }
                        for number in range(3)
                    ]
                )
                .ids
            )
            hours = env["resource.calendar"].create(
                {"name": "Never closed", "attendance_ids": [Command.clear()]}
            )
            team = env["dcrm.ticket.team"].create(
                {
                    "name": "Race",
                    "assignment": "balanced",
                    "resource_calendar_id": hours.id,
                    "member_ids": [Command.set(self.user_ids)],
                }
            )
            self.team_id, self.hours_id = team.id, hours.id
        self.addCleanup(self._clean)

    def _clean(self):
        with self.transaction() as env:
            env["dcrm.ticket.request"].search([("key", "=", "race")]).unlink()
            self.tickets(env).unlink()
            env["dcrm.ticket.team"].browse(self.team_id).unlink()
            env["resource.calendar"].browse(self.hours_id).unlink()
            users = env["res.users"].browse(self.user_ids)
            partners = users.partner_id
            users.unlink()
            partners.unlink()

    @contextmanager
    def transaction(self):
        context = {"tracking_disable": True, "mail_auto_subscribe_no_notify": True}
        with super().transaction() as env:
            yield env(context=context)

    def tickets(self, env):
        tickets = env["dcrm.ticket"].with_context(active_test=False)
        return tickets.search([("team_id", "=", self.team_id)])

    def make(self, count):
        with self.transaction() as env:
            env["dcrm.ticket"].create(
                [{"name": "Race", "team_id": self.team_id} for _number in range(count)]
            )

    def race(self, run, racers=RACERS):
        """Run in transactions that all began before any ended; return the errors."""
        barrier, errors = threading.Barrier(racers), []

        def racer():
            try:
                with self.transaction() as env:
                    env["dcrm.ticket.team"].search([], limit=1)
                    barrier.wait()
                    run(env)
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=racer) for _number in range(racers)]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        return errors

    def share_out(self, env):
        env["dcrm.ticket.team"].browse(self.team_id)._share_out_all()

    def test_shared_out_by_several_at_once(self):
        self.make(TICKETS)
        self.assertFalse(self.race(self.share_out))
        with self.transaction() as env:
            self.share_out(env)
            load = self.tickets(env)._load_of(env["res.users"].browse(self.user_ids))
            self.assertEqual(set(load.values()), {TICKETS // 3})

    def test_tickets_that_come_at_once_are_shared_evenly(self):
        def come(env):
            env["dcrm.ticket"].create({"name": "Race", "team_id": self.team_id})
            env.cr.commit()
            self.share_out(env)

        self.assertFalse(self.race(come, 6))
        with self.transaction() as env:
            self.share_out(env)
            load = self.tickets(env)._load_of(env["res.users"].browse(self.user_ids))
            self.assertEqual(sorted(load.values()), [2, 2, 2])

    def test_one_that_is_taken_by_hand_stays_with_who_took_it(self):
        self.make(4)
        mine = self.user_ids[0]
        with self.transaction() as env:
            taken = self.tickets(env)[0]
            taken.user_id = mine
            env.flush_all()
            with self.transaction() as other:
                self.share_out(other)
            taken_id = taken.id
        with self.transaction() as env:
            tickets = self.tickets(env)
            self.assertEqual(tickets.browse(taken_id).user_id.id, mine)
            self.assertTrue(all(ticket.user_id for ticket in tickets))

    def test_a_request_that_is_sent_several_times_at_once(self):
        answers = []

        def ask(env):
            answers.append(
                env["dcrm.ticket"].open_request("race", "It leaks", team=self.team_id)
            )

        errors = self.race(ask)
        self.assertEqual({type(error) for error in errors}, {SerializationFailure})
        with self.transaction() as env:
            self.assertEqual(len(self.tickets(env)), 1)
            # The host tries the others again: they get the same answer.
            ask(env)
        self.assertEqual(answers[0], answers[-1])
