"""Tickets that are merged, or gone on from, by two at the same moment.

These tests commit.
"""

import threading
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import LockError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.dcrm_analytics.tests.common_transaction import TransactionsCase


@tagged("post_install", "-at_install")
class TestTicketMergeRace(TransactionsCase):
    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            team = env["dcrm.ticket.team"].create({"name": "Race"})
            partner = env["res.partner"].create(
                {"name": "Racer", "email": "racer@race.example"}
            )
            tickets = env["dcrm.ticket"].create(
                [
                    {"name": name, "team_id": team.id, "partner_id": partner.id}
                    for name in ("One", "Other")
                ]
            )
            self.ids, self.team_id, self.partner_id = tickets.ids, team.id, partner.id
        self.addCleanup(self._clean)

    def _clean(self):
        with self.transaction() as env:
            self.tickets(env).unlink()
            env["dcrm.ticket.team"].browse(self.team_id).unlink()
            env["res.partner"].browse(self.partner_id).unlink()

    def tickets(self, env):
        tickets = env["dcrm.ticket"].with_context(active_test=False)
        return tickets.search([("team_id", "=", self.team_id)])

    def race(self, *works):
        """Run works in transactions that began before any ended; return the errors."""
        barrier, errors = threading.Barrier(len(works)), []

        def run(work):
            try:
                with self.transaction() as env:
                    self.tickets(env).mapped("name")
                    barrier.wait()
                    work(env)
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=run, args=[work]) for work in works]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        return errors

    def merge(self, ticket_id, into_id):
        def work(env):
            tickets = env["dcrm.ticket"]
            tickets.browse(ticket_id)._merge_into(tickets.browse(into_id))

        return work

    def answer(self, env):
        env["dcrm.ticket"].browse(self.ids[0]).message_post(
            body="Again",
            author_id=self.partner_id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )

    def test_each_into_the_other_at_once(self):
        one, other = self.ids
        for _attempt in range(3):
            errors = self.race(self.merge(one, other), self.merge(other, one))
            self.assertEqual(len(errors), 1, errors)
            self.assertIsInstance(errors[0], LockError | SerializationFailure)
            with self.transaction() as env:
                tickets = self.tickets(env)
                [merged] = tickets.filtered("merged_into_id")
                self.assertEqual(tickets._living(), tickets - merged)
                # And once more.
                merged.write(
                    {
                        "merged_into_id": False,
                        "active": True,
                        "stage_id": (tickets - merged).stage_id.id,
                    }
                )

    def test_the_same_merge_twice_at_once(self):
        errors = self.race(*[self.merge(*self.ids)] * 2)
        self.assertEqual(len(errors), 1, errors)
        with self.transaction() as env:
            living = env["dcrm.ticket"].browse(self.ids[1])
            notes = living.message_ids.filtered(lambda each: "Goes on" in each.body)
            self.assertEqual(len(notes), 1)

    def test_an_answer_while_it_is_merged_is_not_lost(self):
        with self.transaction() as merging:
            merging["dcrm.ticket"].search([], limit=1)
            self.merge(*self.ids)(merging)
            merging.flush_all()
            with self.transaction() as answering:
                self.answer(answering)
        with self.transaction() as env:
            merged, living = env["dcrm.ticket"].browse(self.ids)
            [said] = merged.message_ids.filtered(
                lambda message: message.message_type == "email"
            )
            env["dcrm.ticket"]._bring_strays()
            self.assertEqual(said.res_id, living.id)

    def test_two_answers_to_a_closed_one_open_one(self):
        long_ago = fields.Datetime.now() - timedelta(days=90)
        with self.transaction() as env:
            ticket = env["dcrm.ticket"].browse(self.ids[0])
            ticket.team_id.reopen_within_days = 30
            ticket.action_close()
            ticket.write(
                {
                    "opened_at": long_ago,
                    "first_response_at": long_ago,
                    "closed_at": long_ago,
                }
            )
        errors = self.race(self.answer, self.answer)
        self.assertEqual({type(error) for error in errors}, {SerializationFailure})
        # The host tries it again.
        self.assertFalse(self.race(self.answer))
        with self.transaction() as env:
            old = env["dcrm.ticket"].browse(self.ids[0])
            following = self.tickets(env) - old - env["dcrm.ticket"].browse(self.ids)
            self.assertEqual(following, old.continued_in_id)
            said = following.message_ids.filtered(
                lambda message: message.message_type == "email"
            )
            self.assertEqual(len(said), 2)
