"""Memberships end at the end of their last day, by themselves."""

from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from ..models import dcrm_membership_settle
from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestLapse(LoyaltyCase):
    def lapse(self):
        self.env.flush_all()
        cron = self.env.ref("dcrm_loyalty.ir_cron_lapse")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_after_the_last_day(self):
        club = self.club()
        with freeze_time("2026-03-10 12:00:00"):
            ends, stays, open_end = (
                self.join(self.partner(), club, date_end=day)
                for day in ("2026-03-10", "2026-03-11", False)
            )
            self.lapse()
            self.assertEqual(ends.state, "active", "the last day is a day of it")
        with freeze_time("2026-03-11 12:00:00"):
            self.lapse()
        self.assertEqual(
            (ends.state, stays.state, open_end.state), ("lapsed", "active", "active")
        )
        self.assertEqual(str(ends.date_end), "2026-03-10")
        self.assertEqual(self.price(ends.partner_id), 100)
        self.assertEqual(self.price(stays.partner_id), 95)

    def test_each_company_s_midnight(self):
        with freeze_time("2026-03-10 06:00:00"):
            here = self.join(self.partner(), self.club(), date_end="2026-03-10")
            far = self.join(
                self.partner(),
                self.club("Far", [("Only", 5)], company=self.company_b),
                date_end="2026-03-10",
            )
        # The 11th in Auckland, not yet in Brussels.
        with freeze_time("2026-03-10 12:00:00"):
            self.lapse()
        self.assertEqual((here.state, far.state), ("active", "lapsed"))
        with freeze_time("2026-03-10 23:30:00"):
            self.lapse()
        self.assertEqual(here.state, "lapsed")

    def test_in_batches(self):
        club = self.club()
        with freeze_time("2026-03-10 12:00:00"):
            memberships = self.env["dcrm.membership"].create(
                [
                    {
                        "partner_id": self.partner().id,
                        "club_id": club.id,
                        "date_end": "2026-03-10",
                    }
                    for _ in range(7)
                ]
            )
        with (
            freeze_time("2026-03-12 12:00:00"),
            patch.object(dcrm_membership_settle, "BATCH", 3),
        ):
            self.lapse()
        self.assertEqual(set(memberships.mapped("state")), {"lapsed"})
        for membership in memberships:
            self.assertFalse(self.list_of(membership.partner_id))
        self.assertNoViolations()

    def test_nobody_to_lapse(self):
        member = self.join(self.partner(), self.club(duration_months=12))
        self.lapse()
        self.assertEqual(member.state, "active")
