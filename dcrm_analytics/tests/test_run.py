from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.dcrm_run import PHASES
from .common import DcrmCase


@tagged("post_install", "-at_install")
class TestRun(DcrmCase):
    """The one way of long work: asked for, done in batches by a cron, ended."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Run = cls.env["dcrm.run"]
        cls.Run.search([]).unlink()
        cls.cron = cls.env.ref("dcrm_analytics.ir_cron_run")

    def process(self):
        """Let the cron do what is asked for, with cursors as in production."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_refresh_ends_with_what_it_did(self):
        partner = self.partner()
        self.order(partner, 120)
        run = self.Run._start("refresh", self.company_a)
        self.assertEqual(run.state, "waiting")
        self.assertEqual(run.company_id, self.company_a)
        self.process()
        self.assertEqual((run.state, run.error), ("done", False))
        self.assertEqual(run.progress, 100)
        self.assertTrue(run.result)
        self.assertTrue(run.started_on and run.ended_on)
        self.assertTrue(
            self.env["dcrm.purchase"].search([("partner_id", "=", partner.id)])
        )

    def test_one_refresh_of_a_company_at_a_time(self):
        run = self.Run._start("refresh", self.company_a)
        self.assertEqual(self.Run._start("refresh", self.company_a), run)
        self.assertNotEqual(self.Run._start("refresh", self.company_b), run)
        self.process()
        self.assertNotEqual(self.Run._start("refresh", self.company_a), run)

    def test_waking_the_cron(self):
        before = self.env["ir.cron.trigger"].search_count(
            [("cron_id", "=", self.cron.id)]
        )
        self.Run._start("refresh", self.company_a)
        after = self.env["ir.cron.trigger"].search_count(
            [("cron_id", "=", self.cron.id)]
        )
        self.assertEqual(after, before + 1)

    def test_batches_of_the_first_build(self):
        partner = self.partner()
        for _index in range(5):
            self.order(partner, 10)
        Purchase = self.env.registry["dcrm.purchase"]
        build, steps = Purchase._build_step, []

        def step(records, company, limit=2, **options):
            steps.append(build(records, company, limit, **options))
            return steps[-1]

        run = self.Run._start("refresh", self.company_a)
        with patch.object(Purchase, "_build_step", step):
            self.process()
        self.assertEqual(run.state, "done", run.error)
        self.assertEqual([done for done, _left in steps], [0, 2, 2, 1])
        self.assertEqual([left for _done, left in steps], [5, 3, 1, 0])

    def test_failure_is_told_and_the_next_run_goes_on(self):
        first = self.Run._start("refresh", self.company_a)
        second = self.Run._start("refresh", self.company_b)
        Run = self.env.registry["dcrm.run"]
        step, reason = Run._step_refresh, "The well is dry."

        def fail(run):
            if run.company_id == self.company_a:
                run.phase = "lost"
                raise UserError(reason)
            return step(run)

        with patch.object(Run, "_step_refresh", fail):
            self.process()
        self.assertEqual((first.state, first.error), ("failed", reason))
        self.assertNotEqual(first.phase, "lost", "what the batch did is rolled back")
        self.assertTrue(first.ended_on)
        self.assertEqual(second.state, "done", second.error)

    def test_unexpected_failure_names_no_secret(self):
        run = self.Run._start("refresh", self.company_a)

        def fail(run):
            raise ValueError("secret")

        with (
            patch.object(self.env.registry["dcrm.run"], "_step_refresh", fail),
            self.assertLogs("odoo.addons.dcrm_analytics.models.dcrm_run", "ERROR"),
        ):
            self.process()
        self.assertEqual(run.state, "failed")
        self.assertNotIn("secret", run.error)

    def test_waits_for_who_came_first(self):
        run = self.Run._start("refresh", self.company_a)
        self.env["dcrm.purchase"]._sync(self.company_a)
        triggers = [("cron_id", "=", self.cron.id)]
        before = self.env["ir.cron.trigger"].search(triggers)

        def locked(records, company, full=False, skip_locked=False):
            self.assertTrue(skip_locked)

        with patch.object(self.env.registry["dcrm.purchase"], "_sync", locked):
            self.process()
        self.assertIn(run.state, ("waiting", "running"))
        later = self.env["ir.cron.trigger"].search(triggers) - before
        self.assertGreater(later.call_at, fields.Datetime.now())
        self.process()
        self.assertEqual(run.state, "done", run.error)

    def test_goes_on_where_it_was_killed(self):
        run = self.Run._start("refresh", self.company_a)
        self.env["dcrm.purchase"]._sync(self.company_a)
        run.write({"state": "running", "cursor": {"phase": "score"}, "done": 2})

        def again(records, *args, **options):
            self.fail("the purchases have been read already")

        with patch.object(self.env.registry["dcrm.purchase"], "_sync", again):
            self.process()
        done = 2 + len(PHASES) - 1 - PHASES.index("score")
        self.assertEqual((run.state, run.done, run.total), ("done", done, done))

    def test_cancelled_run_is_not_done(self):
        run = self.Run._start("refresh", self.company_a)
        run.with_env(self.env_as("analyst")).action_cancel()
        self.process()
        self.assertEqual(run.state, "cancelled")
        self.assertFalse(run.started_on)

    def test_only_analysts_cancel(self):
        run = self.Run._start("refresh", self.company_a)
        for role in ("seller", "seller_all", "nobody", "portal"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                run.with_env(self.env_as(role)).action_cancel()
        other = self.Run._start("refresh", self.company_b)
        with self.assertRaises(AccessError):
            other.with_env(self.env_as("analyst")).action_cancel()

    def test_daily_does_nothing_for_companies_that_do_not_score(self):
        self.Run._start_daily()
        self.assertFalse(self.Run.search([]))
        self.company_a.customer_scoring = True
        self.Run._start_daily()
        run = self.Run.search([])
        self.assertEqual(run.company_id, self.company_a)
        self.assertTrue(run.options["full"])

    def test_old_runs_are_forgotten(self):
        old, recent = (
            self.Run._start("refresh", company) for company in self.companies
        )
        (old | recent).state = "done"
        old.ended_on = fields.Datetime.now() - timedelta(days=91)
        recent.ended_on = fields.Datetime.now()
        self.Run._gc_runs()
        self.assertEqual(self.Run.search([]), recent)
