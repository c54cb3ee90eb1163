"""Two refreshes at once do what one does: one score, one stay, one activity each.

These tests commit. Time only decides how much happens, never whether they pass.
"""

import random
import threading
import time

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import tagged
from odoo.tools import SQL

from .common_committing import CommittingCase

SECONDS = 3


class RefreshingCase(CommittingCase):
    """Customers with a salesperson, in segments that ask for an activity on entry."""

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            kind = env["mail.activity.type"].create({"name": "Race"})
            segments = env["dcrm.segment"].search([])
            self.kinds = [(each.id, each.activity_type_id.id) for each in segments]
            segments.activity_type_id = kind
            self.kind_id = kind.id
            customers = env["res.partner"].browse(self.partner_ids)
            customers.user_id = env.ref("base.user_admin")
            for number, partner_id in enumerate(self.partner_ids):
                for _index in range(number + 1):
                    self.add_order(env, partner_id, 10 ** (number + 1))

    def _clean(self):
        with self.transaction() as env:
            for segment_id, kind_id in self.kinds:
                env["dcrm.segment"].browse(segment_id).activity_type_id = kind_id
            env["mail.activity"].search(
                [("activity_type_id", "=", self.kind_id)]
            ).unlink()
            env["mail.activity.type"].browse(self.kind_id).unlink()
            env["dcrm.run"].search([("company_id", "=", self.company_id)]).unlink()
            for table in (
                "customer_score",
                "customer_score_history",
                "segment_stay",
                "rfm_cut",
            ):
                env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE company_id = %s",
                        SQL.identifier(f"dcrm_{table}"),
                        self.company_id,
                    )
                )
        return super()._clean()

    def company(self, env):
        return env["res.company"].browse(self.company_id)

    def refresh(self, env, **options):
        return env["dcrm.customer.score"].refresh(self.company(env), **options)

    def retry(self, work):
        """Do work in a transaction, again where another came first; as the host.

        :return: the result, and how often another came first
        """
        beaten = 0
        while True:
            try:
                with self.transaction() as env:
                    return work(env), beaten
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                beaten += 1

    def at_once(self, first, second):
        """Do ``second`` from before ``first`` commits on; return both their results.

        The second has begun, and waits for the first wherever it has to.
        """
        outcome, begun = [], threading.Event()

        def begin(env):
            env.cr.execute("SELECT 1")
            begun.set()
            return second(env)

        waiting = threading.Thread(
            target=lambda: outcome.append(self.retry(begin)), daemon=True
        )
        with self.transaction() as env:
            result = first(env)
            waiting.start()
            begun.wait()
            time.sleep(0.2)
            self.assertFalse(outcome, "the second did not wait for the first")
        waiting.join()
        return result, *outcome[0]

    def assertOneOfEach(self):
        """A score, an open stay and its activity for each customer; nothing broken."""
        with self.transaction() as env:
            company = self.company(env)
            mine = [
                ("partner_id", "in", self.partner_ids),
                ("company_id", "=", company.id),
            ]
            scores = env["dcrm.customer.score"].search(mine)
            self.assertEqual(sorted(scores.partner_id.ids), sorted(self.partner_ids))
            stays = env["dcrm.segment.stay"].search(mine)
            here = stays.filtered(lambda stay: not stay.left_on)
            self.assertEqual(
                sorted((stay.partner_id.id, stay.segment_id.id) for stay in here),
                sorted((score.partner_id.id, score.segment_id.id) for score in scores),
            )
            done = [stay.activity_id.id for stay in stays if stay.treated_on]
            activities = env["mail.activity"].search(
                [("activity_type_id", "=", self.kind_id)]
            )
            self.assertEqual(len(done), len(set(done)), "stays share an activity")
            self.assertLessEqual(set(here.activity_id.ids), set(activities.ids))
            self.assertEqual(sorted(done), sorted(activities.ids))
            audit = env["dcrm.audit"]
            env.flush_all()
            violations = [audit._violation(each) for each in audit._invariants(company)]
            self.assertFalse(list(filter(None, violations)))

    def scores(self, env):
        return env.execute_query(
            SQL(
                """
                SELECT partner_id, frequency, monetary, rfm_score, segment_id,
                    value_class
                FROM dcrm_customer_score WHERE company_id = %s ORDER BY partner_id
                """,
                self.company_id,
            )
        )


@tagged("post_install", "-at_install")
class TestTwoRefreshes(RefreshingCase):
    def test_the_first_time(self):
        first, second, beaten = self.at_once(self.refresh, self.refresh)
        self.assertEqual(first["created"], len(self.partner_ids))
        self.assertEqual(first["treated"], len(self.partner_ids))
        self.assertTrue(beaten)
        self.assertEqual(self.work_of(second), {})
        self.assertOneOfEach()

    def test_when_all_change(self):
        self.retry(self.refresh)
        with self.transaction() as env:
            for _index in range(9):
                self.add_order(env, self.partner_ids[0], 10**9)

        def in_full(env):
            return self.refresh(env, full=True)

        first, second, beaten = self.at_once(in_full, in_full)
        self.assertTrue(first["changed"] and first["entered"])
        self.assertTrue(beaten)
        self.assertEqual(self.work_of(second), {"full": 1})
        self.assertOneOfEach()

    def test_scoring_alone_beside_a_refresh(self):
        """A run of the cron scores in a transaction that did not read the facts."""
        self.synced()
        first, second, beaten = self.at_once(
            self.refresh,
            self.score,
        )
        self.assertEqual(first["created"], len(self.partner_ids))
        self.assertTrue(beaten)
        self.assertEqual(self.work_of(second), {"full": 1})
        self.retry(self.refresh)
        self.assertOneOfEach()

    def test_scoring_alone_twice(self):
        """Each by the cut points of its own moment would not be by those of now."""
        self.retry(self.refresh)
        with self.transaction() as env:
            for _index in range(9):
                self.add_order(env, self.partner_ids[0], 10**9)
        self.synced()

        first, second, beaten = self.at_once(self.score, self.score)
        self.assertTrue(first["changed"])
        self.assertTrue(beaten)
        self.assertEqual(self.work_of(second), {"full": 1})
        self.retry(self.refresh)
        self.assertOneOfEach()

    def test_scoring_begun_before_there_was_anything(self):
        with self.transaction() as late:
            late.cr.execute("SELECT 1")
            self.retry(self.refresh)
            with self.assertRaises(SerializationFailure):
                self.score(late)
            late.cr.rollback()
        self.assertOneOfEach()

    def test_activities_alone_beside_a_refresh(self):
        with self.transaction() as env:
            # What customers are worth is worked out after their scores.
            self.company(env).customer_worth = False
            self.sync(env)
            env["dcrm.customer.score"]._score(self.company(env))

        def treat(env):
            counts = env["dcrm.segment.stay"]._treat_all(self.company(env))
            env.flush_all()
            return counts

        first, second, beaten = self.at_once(treat, self.refresh)
        self.assertEqual(first, {"treated": len(self.partner_ids), "untreated": 0})
        self.assertTrue(beaten)
        self.assertEqual(self.work_of(second), {})
        self.assertOneOfEach()

    def test_run_of_the_cron_waits_and_goes_on(self):
        with self.transaction() as env:
            run_id = env["dcrm.run"]._start("refresh", self.company(env)).id
            while env["dcrm.purchase"]._build_step(self.company(env))[1]:
                pass
        with self.transaction() as env:
            self.refresh(env)
            with self.transaction() as cron:
                cron["dcrm.run"]._process()
            self.assertEqual(self.run_of(run_id), ("waiting", False))
        with self.transaction() as cron:
            cron["dcrm.run"]._process()
        state, result = self.run_of(run_id)
        self.assertEqual(state, "done")
        self.assertIn("0 purchases written, 0 removed", result)
        self.assertIn("0 customers scored for the first time, 0 changed", result)
        self.assertOneOfEach()

    def score(self, env):
        return env["dcrm.customer.score"]._score(self.company(env), full=True)

    def run_of(self, run_id):
        with self.transaction() as env:
            run = env["dcrm.run"].browse(run_id)
            return run.state, run.result

    def work_of(self, counts):
        """Return what a refresh says that it did, without what it did not do."""
        return {
            name: count
            for name, count in counts.items()
            if count and name != "companies"
        }


@tagged("post_install", "-at_install")
class TestManyRefreshes(RefreshingCase):
    def test_scores_are_those_of_one_refresh(self):
        """Some refresh, some in full, by some the cron's steps; others sell."""
        seed = random.randrange(2**32)
        errors, until = [], time.monotonic() + SECONDS

        def guard(work, rng):
            try:
                while time.monotonic() < until:
                    self.retry(lambda env: work(env, rng))
            except Exception as error:
                errors.append(error)

        threads = [
            threading.Thread(target=guard, args=(work, random.Random(seed + index)))
            for index, work in enumerate(
                (self.sell, self.sell, self.refresh_some, self.refresh_some, self.step)
            )
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(errors, [], f"seed {seed}")
        for _index in range(2):
            self.retry(lambda env: self.refresh(env, full=True))
        self.assertOneOfEach()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            kept = self.scores(env)
            for table in ("dcrm_purchase", "dcrm_customer_score"):
                cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
            self.refresh(env, full=True)
            self.assertEqual(kept, self.scores(env), f"seed {seed}")
            cr.rollback()

    def sell(self, env, rng):
        partner_id = rng.choice(self.partner_ids)
        order_id, _line_id = self.add_order(env, partner_id, rng.randint(1, 10**5))
        time.sleep(rng.choice((0, 0.01, 0.1)))
        if rng.random() < 0.3:
            self.change(env, order_id, state="cancel")

    def refresh_some(self, env, rng):
        self.refresh(env, full=rng.random() < 0.5)
        time.sleep(rng.choice((0, 0.05)))

    def step(self, env, rng):
        company = self.company(env)
        if rng.random() < 0.5:
            env["dcrm.purchase"]._sync(company, skip_locked=True)
        elif rng.random() < 0.5:
            env["dcrm.customer.score"]._score(company, full=rng.random() < 0.5)
        else:
            env["dcrm.segment.stay"]._treat(company)
