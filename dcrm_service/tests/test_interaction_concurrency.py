"""Each e-mail and meeting makes one interaction, whoever is at it at the same time.

These tests commit.
"""

import threading
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.dcrm_analytics.tests.common_transaction import TransactionsCase

RACERS = 4


@tagged("post_install", "-at_install")
class TestConcurrency(TransactionsCase):
    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            company = env["res.company"].search([], order="id", limit=1)
            self.company_id = company.id
            self.before = company.interaction_capture
            company.interaction_capture = True
            company.interaction_capture_since = fields.Datetime.now() - timedelta(9)
            self.partner_ids = (
                env["res.partner"]
                .create([{"name": name, "email": f"{name}@r.example"} for name in "ab"])
                .ids
            )
            admin = env.ref("base.user_admin")
            self.user_id = admin.id
            start = fields.Datetime.now() - timedelta(hours=2)
            event = env["calendar.event"].with_context(no_mail_to_attendees=True)
            self.event_id = event.create(
                {
                    "name": "Race",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "user_id": admin.id,
                    "partner_ids": [
                        (6, 0, [admin.partner_id.id, *self.partner_ids]),
                    ],
                }
            ).id
            env["dcrm.interaction"].search(self.domain).unlink()
        self.addCleanup(self._clean)

    @property
    def domain(self):
        return [("commercial_partner_id", "in", self.partner_ids)]

    def _clean(self):
        with self.transaction() as env:
            env["res.company"].browse(self.company_id).interaction_capture = self.before
            env["dcrm.interaction"].search(self.domain).unlink()
            env["calendar.event"].browse(self.event_id).unlink()
            env["res.partner"].browse(self.partner_ids).unlink()

    def race(self, work):
        """Let ``work(env)`` run in transactions that all began before any ended."""
        barrier, errors = threading.Barrier(RACERS), []

        def run():
            try:
                with self.transaction() as env:
                    env.cr.execute("SELECT 1")
                    barrier.wait()
                    work(env)
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=run) for _racer in range(RACERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(errors, [])

    def count(self):
        with self.transaction() as env:
            return env["dcrm.interaction"].search_count(self.domain)

    def test_meeting(self):
        self.race(
            lambda env: env["dcrm.interaction"]._capture_meetings(
                env["calendar.event"].browse(self.event_id)
            )
        )
        self.assertEqual(self.count(), len(self.partner_ids))

    def test_email_that_several_fetch(self):
        """Each of them makes a message of it; the interaction is one."""
        values = {
            "subject": "Race",
            "origin_key": "<race@r.example>",
            "res_model": "mail.message",
            "res_id": 1,
            "partner_id": self.partner_ids[0],
            "company_id": self.company_id,
            "user_id": self.user_id,
        }
        self.race(lambda env: env["dcrm.interaction"]._capture([dict(values)]))
        self.assertEqual(self.count(), 1)
