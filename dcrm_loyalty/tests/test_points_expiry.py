"""Points expire at the end of their last day, and customers are warned before."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import dcrm_points_account_expiry
from .common_points_card import PointsCardCase


@tagged("post_install", "-at_install")
class TestPointsExpiry(PointsCardCase):
    def setUp(self):
        super().setUp()
        self.kitchen = self.points_club(points_expiry="earned")
        self.anna = self.partner("Anna", email="anna@example.com")

    def run_cron(self, name):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"dcrm_loyalty.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def expire(self):
        self.run_cron("ir_cron_points_expire")
        self.assertKept()

    def earn(self, points, club=None, partner=None):
        """Return the account of a customer who earns points today, as an order has
        them earned."""
        club = club or self.kitchen
        today = club.company_id._customer_today()
        last = club._last_day_of_points(today)
        return self.give(club, partner or self.anna, points, expires_on=last)

    # -- when ------------------------------------------------------------------------

    def test_months_after_they_were_earned(self):
        with freeze_time("2026-01-31 12:00:00"):
            account = self.earn(100)
        self.assertEqual(self.lots(account), [(date(2027, 1, 31), 100)])
        with freeze_time("2026-06-01 12:00:00"):
            self.earn(20)
            account._post("redeem", -30)
        with freeze_time("2027-01-31 12:00:00"):
            self.expire()
            self.assertPoints(account, 90)
        with freeze_time("2027-02-01 12:00:00"):
            self.expire()
            self.assertPoints(account, 20)
            self.expire()
        expired = account.move_ids[0]
        self.assertEqual(
            (expired.kind, expired.points, expired.day, expired.reason),
            ("expire", -70, date(2027, 2, 1), "Expired"),
        )
        self.assertEqual(
            [(use.credit_id.points, use.points) for use in expired.use_ids], [(100, 70)]
        )
        self.assertPoints(account, 20)

    def test_months_that_are_shorter(self):
        self.kitchen.expiry_months = 1
        with freeze_time("2028-01-31 12:00:00"):
            account = self.earn(1)
        self.assertEqual(self.lots(account), [(date(2028, 2, 29), 1)])

    def test_on_a_day_of_the_year(self):
        self.kitchen.write(
            {"points_expiry": "fixed", "expiry_month": 2, "expiry_day": 29}
        )
        for day, last in (
            ("2026-02-28", date(2026, 2, 28)),
            ("2026-03-01", date(2027, 2, 28)),
            ("2027-06-01", date(2028, 2, 29)),
            ("2028-02-29", date(2028, 2, 29)),
        ):
            with freeze_time(f"{day} 12:00:00"):
                account = self.earn(1, partner=self.partner())
                self.assertEqual(self.lots(account), [(last, 1)])

    def test_after_inactivity(self):
        self.kitchen.points_expiry = "inactive"
        with freeze_time("2026-01-10 12:00:00"):
            account = self.earn(100)
        with freeze_time("2026-12-01 12:00:00"):
            account._post("redeem", -10)
        with freeze_time("2027-12-01 12:00:00"):
            self.expire()
            self.assertPoints(account, 90)
            idle = self.account(self.kitchen, self.partner("Idle"))
            idle._adjust(5, "Gift")
        with freeze_time("2027-12-02 12:00:00"):
            self.expire()
            self.assertPoints(account, 0)
            self.assertPoints(idle, 5)
        with freeze_time("2028-12-02 12:00:00"):
            self.expire()
            self.assertPoints(idle, 0)

    def test_given_back_and_transferred_points_live_no_longer(self):
        self.kitchen.write({"points_expiry": "inactive", "expiry_months": 1})
        with freeze_time("2026-01-10 12:00:00"):
            account = self.earn(100)
            used = account._post("redeem", -40)
        with freeze_time("2026-02-08 12:00:00"):
            account._reverse(used, 40, reason="Back")
            merged = self.account(self.kitchen, self.partner("Bob"))
            account._give_to(merged.partner_id, "Merged")
        with freeze_time("2026-02-10 12:00:00"):
            self.expire()
            self.assertPoints(merged, 100)
        with freeze_time("2026-02-11 12:00:00"):
            self.expire()
            self.assertPoints(merged, 0)

    def test_a_gift_is_no_activity(self):
        self.kitchen.points_expiry = "inactive"
        with freeze_time("2026-01-10 12:00:00"):
            account = self.earn(100)
        with freeze_time("2026-12-01 12:00:00"):
            account._adjust(5, "Gift")
        with freeze_time("2027-01-11 12:00:00"):
            self.expire()
            self.assertPoints(account, 5)

    def test_a_changed_setting_leaves_what_was_promised(self):
        with freeze_time("2026-01-31 12:00:00"):
            account = self.earn(100)
            self.kitchen.expiry_months = 1
            self.earn(20)
            self.kitchen.points_expiry = "never"
            self.earn(3)
        with freeze_time("2026-03-05 12:00:00"):
            self.expire()
            self.assertPoints(account, 103)
        with freeze_time("2027-03-05 12:00:00"):
            self.expire()
            self.assertPoints(account, 3)

    def test_each_company_s_midnight(self):
        far = self.points_club(self.company_b, points_expiry="earned", expiry_months=1)
        self.kitchen.expiry_months = 1
        with freeze_time("2026-01-10 06:00:00"):
            here, there = self.earn(10), self.earn(10, far)
        # The 11th in Auckland, not yet in Brussels.
        with freeze_time("2026-02-10 12:00:00"):
            self.expire()
            self.assertPoints(here, 10)
            self.assertPoints(there, 0)
        with freeze_time("2026-02-10 23:30:00"):
            self.expire()
            self.assertPoints(here, 0)

    # -- before the cron comes -------------------------------------------------------

    def test_expired_points_are_not_redeemed(self):
        with freeze_time("2026-01-31 12:00:00"):
            account = self.earn(100)
        with freeze_time("2027-02-01 12:00:00"):
            with self.assertRaisesRegex(UserError, "not enough for 1.0"):
                account._post("redeem", -1)
            self.earn(5)
            self.assertPoints(account, 5)
        self.assertKept()

    def test_nor_those_of_who_was_away(self):
        self.kitchen.points_expiry = "inactive"
        with freeze_time("2026-01-31 12:00:00"):
            account = self.earn(100)
        with freeze_time("2027-02-01 12:00:00"):
            self.assertEqual(account.usable, 0)
            self.earn(5)
            self.assertPoints(account, 5)

    def test_given_back_after_their_day(self):
        """What was redeemed comes back as it was: by now it has expired."""
        with freeze_time("2026-01-31 12:00:00"):
            account = self.earn(100)
            redeemed = account._post("redeem", -40)
        with freeze_time("2027-02-01 12:00:00"):
            account._reverse(redeemed, 40)
            self.expire()
        self.assertPoints(account, 0)
        self.assertEqual(
            self.kinds(account),
            [
                ("earn", 100),
                ("redeem", -40),
                ("expire", -60),
                ("reverse", 40),
                ("expire", -40),
            ],
        )

    # -- in batches ------------------------------------------------------------------

    def test_in_batches(self):
        with freeze_time("2026-01-31 12:00:00"):
            accounts = [self.earn(n + 1, partner=self.partner()) for n in range(7)]
        with (
            freeze_time("2027-02-01 12:00:00"),
            patch.object(dcrm_points_account_expiry, "EXPIRED", 2),
        ):
            self.assertEqual(
                self.env["dcrm.points.account"]._expire_batch(
                    self.company_a.id, date(2027, 2, 1), accounts[1].id, 2
                ),
                (accounts[3].id, 2),
            )
            self.expire()
        for number, account in enumerate(accounts, 1):
            self.assertEqual(
                self.kinds(account), [("earn", number), ("expire", -number)]
            )

    # -- warnings --------------------------------------------------------------------

    def warn(self):
        """Return the mails that the cron writes: (to whom, subject, body)."""
        before = self.env["mail.mail"].search([])
        self.run_cron("ir_cron_points_warn")
        mails = self.env["mail.mail"].search([]) - before
        return [
            (mail.recipient_ids.name, mail.subject, str(mail.body_html))
            for mail in mails
        ]

    def test_warned_once_of_each(self):
        self.kitchen.warning_days = 30
        with freeze_time("2026-01-31 12:00:00"):
            self.earn(100)
            self.earn(7, partner=self.partner("No address"))
        with freeze_time("2026-02-10 12:00:00"):
            self.earn(11)
        with freeze_time("2026-12-31 12:00:00"):
            self.assertEqual(self.warn(), [], "31 days are left")
        with freeze_time("2027-01-01 12:00:00"):
            [(name, subject, body)] = self.warn()
            self.assertEqual(name, "Anna")
            self.assertIn(self.kitchen.name, subject)
            self.assertIn("100 Points", body)
            self.assertIn("01/31/2027", body)
            self.assertNotIn("11 Points", body)
            self.assertNotIn("They stay yours", body)
        with freeze_time("2027-01-02 12:00:00"):
            self.assertEqual(self.warn(), [])
        with freeze_time("2027-01-20 12:00:00"):
            [(_name, _subject, body)] = self.warn()
            self.assertIn("11 Points", body)
            self.assertNotIn("100 Points", body)
        with freeze_time("2027-02-20 12:00:00"):
            self.assertEqual(self.warn(), [], "what is over is no warning")

    def test_not_warned_of_what_is_used(self):
        self.kitchen.warning_days = 30
        with freeze_time("2026-01-31 12:00:00"):
            account = self.earn(100)
            account._post("redeem", -100)
        with freeze_time("2027-01-20 12:00:00"):
            self.assertEqual(self.warn(), [])

    def test_warned_of_inactivity_again_after_activity(self):
        self.kitchen.write({"warning_days": 10, "points_expiry": "inactive"})
        with freeze_time("2026-01-31 12:00:00"):
            account = self.earn(100)
        with freeze_time("2027-01-25 12:00:00"):
            [(_name, _subject, body)] = self.warn()
            self.assertIn("They stay yours", body)
            self.assertIn("01/31/2027", body)
            self.assertEqual(self.warn(), [])
            account._post("redeem", -1)
        with freeze_time("2028-01-20 12:00:00"):
            [(_name, _subject, body)] = self.warn()
            self.assertIn("01/25/2028", body)

    def test_nobody_is_warned_where_no_club_warns(self):
        with freeze_time("2026-01-31 12:00:00"):
            self.earn(100)
        with freeze_time("2027-01-25 12:00:00"):
            self.assertEqual(self.warn(), [])

    def test_warned_in_the_customer_s_language(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.anna.lang = "nl_NL"
        self.kitchen.warning_days = 30
        with freeze_time("2026-01-31 12:00:00"):
            self.earn(100)
        with freeze_time("2027-01-20 12:00:00"):
            [(_name, _subject, body)] = self.warn()
        self.assertIn("31-01-2027", body)

    def test_many_are_warned_in_batches(self):
        self.kitchen.warning_days = 30
        names = [f"Customer {number}" for number in range(5)]
        with freeze_time("2026-01-31 12:00:00"):
            for name in names:
                self.earn(1, partner=self.partner(name, email="x@example.com"))
        with (
            freeze_time("2027-01-20 12:00:00"),
            patch.object(dcrm_points_account_expiry, "WARNED", 2),
        ):
            self.assertEqual(sorted(name for name, *_ in self.warn()), names)
