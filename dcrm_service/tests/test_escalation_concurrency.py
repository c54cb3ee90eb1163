"""Killed half way or run twice at once, the scheduled action tells nobody twice.

These tests commit, and kill processes of their own by SIGKILL.
"""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common_escalation_commit import TICKETS, CommittingEscalationCase

BATCH = 3


@tagged("post_install", "-at_install")
class TestEscalationConcurrency(CommittingEscalationCase):
    def setUp(self):
        super().setUp()
        self.clocks = self.registry["dcrm.sla.clock"]
        self.enterContext(
            patch(
                "odoo.addons.dcrm_service.models.dcrm_sla_clock_escalation.BATCH",
                BATCH,
            )
        )

    def kill_in(self, batch):
        """Kill the action in a batch, after it is done and before it is committed."""
        done = []
        whole = self.clocks._climb

        def in_part(records, *args, **kwargs):
            result = whole(records, *args, **kwargs)
            records.env.flush_all()
            done.append(result)
            if len(done) == batch:
                self.kill()
            return result

        with patch.object(self.clocks, "_climb", in_part):
            self.killed(self.climb)

    def pass_time(self, **span):
        """Let what was told have been told so much earlier."""
        with self.transaction() as env:
            earlier = fields.Datetime.now() - timedelta(**span)
            env.cr.execute(
                SQL(
                    "UPDATE dcrm_escalation_notice SET told_at = %s"
                    " WHERE ticket_id = ANY(%s)",
                    earlier,
                    self.ticket_ids,
                )
            )
            env.cr.execute(
                SQL(
                    "UPDATE dcrm_sla_clock SET climb_at = %s WHERE ticket_id = ANY(%s)",
                    earlier,
                    self.ticket_ids,
                )
            )

    def test_killed_and_run_again(self):
        self.kill_in(1)
        self.assertEqual(self.told(), (0, 0, 0, 0))
        self.kill_in(2)
        self.assertEqual(self.told(), (BATCH,) * 4)
        self.kill_in(2)
        self.assertEqual(self.told(), (2 * BATCH,) * 4)
        with self.transaction() as env:
            self.climb(env)
        self.assertEqual(self.told(), (TICKETS,) * 4)
        with self.transaction() as env:
            self.climb(env)
        self.assertEqual(self.told(), (TICKETS,) * 4)

    def test_killed_on_the_second_rung(self):
        with self.transaction() as env:
            self.climb(env)
        self.pass_time(hours=1)
        self.kill_in(2)
        with self.transaction() as env:
            self.climb(env)
        notices, todos, notes, mails = self.told()
        self.assertEqual((notices, notes, mails), (2 * TICKETS,) * 3)
        self.assertEqual(todos, TICKETS)
        with self.transaction() as env:
            states = self.notices(env).mapped("state")
            self.assertEqual(sorted(states), ["expired"] * TICKETS + ["open"] * TICKETS)

    def test_at_once(self):
        self.assertFalse(self.at_once(*[self.climb] * 4))
        with self.transaction() as env:
            self.climb(env)
        self.assertEqual(self.told(), (TICKETS,) * 4)
        self.pass_time(hours=1)
        self.assertFalse(self.at_once(*[self.climb] * 4))
        with self.transaction() as env:
            self.climb(env)
        self.assertEqual(self.told()[0], 2 * TICKETS)

    def test_accepted_while_it_climbs(self):
        with self.transaction() as env:
            self.climb(env)
        self.pass_time(hours=1)
        refused = []

        def accept(env):
            def work(env):
                for notice in self.notices(env).filtered(
                    lambda each: each.user_id.id == self.user_ids[0]
                ):
                    try:
                        notice.with_user(self.user_ids[0]).action_accept()
                        env.cr.commit()
                    except UserError:
                        refused.append(notice.id)

            self.retry(work)

        self.assertFalse(self.at_once(self.climb, accept))
        with self.transaction() as env:
            self.climb(env)
            notices = self.notices(env)
            lower = notices.filtered(lambda each: each.user_id.id == self.user_ids[0])
            upper = notices - lower
            accepted = lower.filtered(lambda each: each.state == "accepted")
            # Each was either accepted, or had climbed on before.
            self.assertEqual(len(accepted) + len(upper), TICKETS)
            self.assertFalse(accepted.ticket_id & upper.ticket_id)
            self.assertLessEqual(set((lower - accepted).ids), set(refused))
        self.told()

    def test_the_database_has_the_last_word(self):
        """Even who bypasses the lock of the deadline makes no second notice."""
        with self.transaction() as env:
            self.climb(env)

        def double(env):
            notice = self.notices(env)[0]
            notice.copy({"state": "open", "clock_id": notice.clock_id.id})
            env.flush_all()

        [error] = self.at_once(double)
        self.assertIn("unique_step", str(error))
