"""Nothing is lost to transactions that run beside each other.

These tests commit. Time only decides how much happens, never whether they pass.
"""

import random
import threading
import time

import psycopg2.errors

from odoo import SUPERUSER_ID, api
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import tagged
from odoo.tools import SQL

from ..queries import horizon
from .common_committing import CommittingCase

WRITERS = 4
SECONDS = 4


@tagged("post_install", "-at_install")
class TestLateCommit(CommittingCase):
    """Who commits late, with an early stamp, and who comes at the same time."""

    def test_late_commit_is_seen(self):
        with self.transaction() as env:
            slow_id, _line = self.add_order(env, self.partner_ids[0], 10)
            fast_id, _line = self.add_order(env, self.partner_ids[1], 10)
        self.assertTrue(self.synced()["full"])
        self.synced()
        with self.transaction() as late:
            self.change(late, slow_id, amount_untaxed=11)
            for amount in (20, 21, 22):
                with self.transaction() as env:
                    self.change(env, fast_id, amount_untaxed=amount)
                self.assertFalse(self.synced()["full"])
                self.assertEqual(self.amounts(fast_id), [(amount,)])
            self.assertEqual(self.amounts(slow_id), [(10,)])
        self.assertFalse(self.synced()["full"])
        self.assertEqual(self.amounts(slow_id), [(11,)])

    def test_what_is_read_is_not_read_again(self):
        with self.transaction() as env:
            order_id, _line = self.add_order(env, self.partner_ids[0], 10)
        for _index in range(4):
            self.synced()
        with self.transaction() as env:
            [[mark]] = env.execute_query(
                SQL(
                    "SELECT min(mark) FROM dcrm_purchase_source WHERE company_id = %s",
                    self.company_id,
                )
            )
            [[written]] = env.execute_query(
                SQL("SELECT write_date FROM sale_order WHERE id = %s", order_id)
            )
        self.assertGreater(mark, written)

    def test_rolled_back_synchronisation_loses_nothing(self):
        self.synced(), self.synced()
        with self.transaction() as env:
            order_id, _line = self.add_order(env, self.partner_ids[0], 10)
        for _index in range(3):
            with self.transaction() as env:
                self.sync(env)
                env.cr.rollback()
        self.assertEqual(self.synced()["upserted"], 1)
        self.assertEqual(self.amounts(order_id), [(10,)])

    def test_transaction_of_unknown_start_holds_the_horizon(self):
        def known():
            with self.transaction() as env:
                [[moment]] = env.execute_query(SQL("SELECT %s", horizon.horizon()))
                return moment is not None

        with self.transaction() as hidden:
            [[superuser]] = hidden.execute_query(
                SQL("SELECT current_setting('is_superuser')::boolean")
            )
            if not superuser:
                self.skipTest("only superusers may hide what they do")
            hidden.cr.execute("SET track_activities = off")
            hidden.cr.commit()
            hidden.cr.execute("SELECT 1")
            self.assertFalse(known())
            hidden.cr.commit()
            self.assertTrue(known(), "a session that is idle holds nothing back")
            hidden.cr.execute("SET track_activities = on")

    def test_second_synchronisation_skips_or_conflicts(self):
        self.synced()
        outcome = []

        def wait():
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                cr.execute("SELECT 1")
                begun.set()
                try:
                    self.sync(env)
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
                    outcome.append(error)
                    cr.rollback()

        begun = threading.Event()
        with self.transaction() as first:
            self.sync(first)
            with self.transaction() as second:
                self.assertIsNone(self.sync(second, skip_locked=True))
            waiting = threading.Thread(target=wait)
            waiting.start()
            begun.wait()
        waiting.join()
        self.assertIsInstance(outcome[0], psycopg2.errors.SerializationFailure)
        self.assertIsNotNone(self.synced())

    def test_order_deleted_meanwhile_is_a_conflict(self):
        with self.transaction() as env:
            order_id, _line = self.add_order(env, self.partner_ids[0], 10)
        with self.transaction() as env:
            env.cr.execute("SELECT 1")
            with self.transaction() as other:
                other.cr.execute("DELETE FROM sale_order WHERE id = %s", [order_id])
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                self.sync(env)
            env.cr.rollback()
        self.synced()
        self.assertEqual(self.amounts(order_id), [])


@tagged("post_install", "-at_install")
class TestManyWriters(CommittingCase):
    """Writers of all kinds, two synchronisations, and a reader of the queue."""

    def setUp(self):
        super().setUp()
        self.seed = random.randrange(2**32)
        self.errors = []
        self.done = threading.Event()
        self.synchronised = {True: 0, False: 0}
        with self.transaction() as env:
            for amount in range(40):
                self.add_order(env, random.choice(self.partner_ids), amount)
            env.cr.execute(
                "CREATE TABLE dcrm_test_total"
                " (partner_id int PRIMARY KEY, amount numeric)"
            )
        self.addCleanup(self._drop_totals)

    def _drop_totals(self):
        with self.transaction() as env:
            env.cr.execute("DROP TABLE dcrm_test_total")

    def test_facts_equal_a_rebuild(self):
        writers = [
            threading.Thread(target=self.guard, args=(self.keep_writing, index))
            for index in range(WRITERS)
        ]
        readers = [
            threading.Thread(target=self.guard, args=(self.keep_reading, index))
            for index in range(2)
        ]
        for thread in writers + readers:
            thread.start()
        for thread in writers:
            thread.join()
        self.done.set()
        for thread in readers:
            thread.join()
        self.assertEqual(self.errors, [], f"seed {self.seed}")
        self.assertTrue(self.synchronised[False], "none was incremental")
        self.retry(self.consume)
        with self.transaction() as env:
            kept, totals = self.facts(env), self.totals(env)
            self.assertGreater(len(kept), 40)
            self.assertEqual(totals, self.recount(env))
            env.cr.execute(
                "DELETE FROM dcrm_purchase WHERE company_id = %s", [self.company_id]
            )
            self.sync(env, full=True)
            rebuilt = self.facts(env)
            env.cr.rollback()
        self.assertEqual(kept, rebuilt, f"seed {self.seed}")

    def guard(self, work, index):
        try:
            work(index)
        except Exception as error:
            self.errors.append(error)

    # -- readers ---------------------------------------------------------------------

    def keep_reading(self, index):
        """Build in small batches, then synchronise and consume until all is done."""
        rng = random.Random(self.seed - index - 1)
        while self.retry(self.build):
            pass
        while not self.done.is_set():
            try:
                with self.transaction() as env:
                    self.consume(env, skip_locked=True)
                    time.sleep(rng.random() / 20)
                    if rng.random() < 0.2:
                        env.cr.rollback()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                continue

    def build(self, env):
        company = env["res.company"].browse(self.company_id)
        return env["dcrm.purchase"]._build_step(company, limit=7)[1]

    def consume(self, env, **options):
        """Bring the facts up to date, and the totals of the customers in the queue."""
        counts = self.sync(env, **options)
        if counts is None:
            return
        self.synchronised[counts["full"]] += 1
        env.cr.execute(
            """
            WITH queue AS (
                DELETE FROM dcrm_purchase_change WHERE company_id = %(company)s
                RETURNING partner_id
            )
            INSERT INTO dcrm_test_total
            SELECT queue.partner_id, COALESCE(sum(amount), 0)
            FROM (SELECT DISTINCT partner_id FROM queue) queue
            LEFT JOIN dcrm_purchase purchase ON purchase.company_id = %(company)s
                AND purchase.partner_id = queue.partner_id
            GROUP BY queue.partner_id
            ON CONFLICT (partner_id) DO UPDATE SET amount = excluded.amount
            """,
            {"company": self.company_id},
        )

    def totals(self, env):
        return env.execute_query(
            SQL("SELECT * FROM dcrm_test_total WHERE amount <> 0 ORDER BY partner_id")
        )

    def recount(self, env):
        return env.execute_query(
            SQL(
                """
                SELECT partner_id, sum(amount) FROM dcrm_purchase WHERE company_id = %s
                GROUP BY partner_id HAVING sum(amount) <> 0 ORDER BY partner_id
                """,
                self.company_id,
            )
        )

    # -- writers ---------------------------------------------------------------------

    def keep_writing(self, index):
        """Change documents of one's own; now and then slowly, or for nothing."""
        rng = random.Random(self.seed + index)
        until = time.monotonic() + SECONDS
        mine = []
        while time.monotonic() < until:
            kept = list(mine)
            try:
                with self.transaction() as env:
                    for _index in range(rng.randint(1, 4)):
                        self.act(env, rng, kept)
                        time.sleep(rng.choice((0, 0, 0.01, 0.05)))
                    if rng.random() < 0.05:
                        time.sleep(0.4)
                    if rng.random() < 0.2:
                        env.cr.rollback()
                        kept = mine
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                continue
            mine = kept

    def act(self, env, rng, mine):
        partner_id, amount = rng.choice(self.partner_ids), rng.randint(0, 99)
        kind = rng.choice(
            ("add", "bill", "cancel", "confirm", "amount", "partner", "drop")
        )
        if kind == "add" or not mine:
            mine.append(self.add_order(env, partner_id, amount))
            return
        order_id, line_id = rng.choice(mine)
        if kind == "bill":
            self.add_invoice(env, partner_id, amount, rng.choice((line_id, None)))
        elif kind == "cancel":
            self.change(env, order_id, state="cancel")
        elif kind == "confirm":
            self.change(env, order_id, state="sale")
        elif kind == "amount":
            self.change(env, order_id, amount_untaxed=amount)
        elif kind == "partner":
            self.change(env, order_id, partner_id=partner_id)
        else:
            self.change(env, order_id, state="cancel")
            env["sale.order"].browse(order_id).unlink()
            mine.remove((order_id, line_id))
