"""What is due is done once, however often at once and however it is interrupted.

These tests commit.
"""

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_refresh_concurrency import RefreshingCase


@tagged("post_install", "-at_install")
class TestActingAtOnce(RefreshingCase):
    """Each customer's segment schedules an activity on entry, beside its treatment."""

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            segments = env["dcrm.segment"].search([])
            segments.activity_type_id = False
            self.action_ids = (
                env["dcrm.segment.action"]
                .create(
                    [
                        {"segment_id": segment.id, "activity_type_id": self.kind_id}
                        for segment in segments
                    ]
                )
                .ids
            )
            self.sync(env)
            env["dcrm.customer.score"]._score(self.company(env))

    def _clean(self):
        with self.transaction() as env:
            env["dcrm.segment.action"].browse(self.action_ids).unlink()
        return super()._clean()

    def env_of(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def act(self, env, limit=100):
        """Do what is due; return how much of it was done."""
        counts = {}
        env["dcrm.segment.action.log"]._act(self.company(env), counts, limit)
        env.flush_all()
        return counts["acted"]

    def assertDoneOnce(self):
        with self.transaction() as env:
            logs = env["dcrm.segment.action.log"].search(
                [("action_id", "in", self.action_ids)]
            )
            self.assertEqual(logs.mapped("state"), ["done"] * len(self.partner_ids))
            activities = env["mail.activity"].search(
                [("activity_type_id", "=", self.kind_id)]
            )
            self.assertEqual(
                sorted(activities.mapped("res_id")), sorted(self.partner_ids)
            )

    def test_two_at_once(self):
        with self.transaction() as first, self.transaction() as second:
            self.assertEqual(self.act(first, limit=4), 4)
            # What the first holds is left to it.
            self.assertEqual(self.act(second), 2)
        self.assertDoneOnce()

    def test_one_that_began_before_the_other_ended(self):
        with self.registry.cursor() as cr:
            late = self.env_of(cr)
            late.cr.execute("SELECT 1")
            with self.transaction() as env:
                self.act(env)
            with self.assertRaises(SerializationFailure):
                self.act(late)
            cr.rollback()
            self.assertEqual(self.act(late), 0)
        self.assertDoneOnce()

    def test_killed_in_the_midst(self):
        with self.transaction() as env:
            self.assertEqual(self.act(env, limit=2), 2)
        with self.registry.cursor() as cr:
            self.assertEqual(self.act(self.env_of(cr), limit=3), 3)
            cr.rollback()
        with self.transaction() as env:
            self.assertEqual(self.act(env), 4)
        self.assertDoneOnce()

    def test_refreshing_twice_at_once(self):
        first, second, beaten = self.at_once(
            lambda env: self.refresh(env, full=True),
            lambda env: self.refresh(env, full=True),
        )
        self.assertTrue(beaten)
        self.assertEqual((first["acted"], second["acted"]), (len(self.partner_ids), 0))
        self.assertDoneOnce()

    def test_rules_that_settle_twice_at_once(self):
        with self.transaction() as env:
            rule = env["dcrm.segment.rule"].create(
                {
                    "name": "Race",
                    "segment_id": env["dcrm.segment"].search([], limit=1).id,
                    "company_id": self.company_id,
                    "domain": repr([("id", "in", self.partner_ids[:3])]),
                }
            )
            rule_id = rule.id
        try:
            _first, _second, beaten = self.at_once(self.refresh, self.refresh)
            self.assertTrue(beaten)
            with self.transaction() as env:
                stays = env["dcrm.segment.stay"].search(
                    [
                        ("partner_id", "in", self.partner_ids),
                        ("company_id", "=", self.company_id),
                        ("left_on", "=", False),
                    ]
                )
                self.assertEqual(sorted(stays.partner_id.ids), sorted(self.partner_ids))
                self.assertEqual(len(stays), len(self.partner_ids))
                by_rule = env["dcrm.customer.score"].search(
                    [("segment_rule_id", "=", rule_id)]
                )
                self.assertEqual(sorted(by_rule.partner_id.ids), self.partner_ids[:3])
                self.assertEqual(env["dcrm.audit"].run(), [])
        finally:
            with self.transaction() as env, mute_logger("odoo.models.unlink"):
                env["dcrm.segment.rule"].browse(rule_id).unlink()
