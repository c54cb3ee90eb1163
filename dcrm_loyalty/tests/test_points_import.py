"""Balances are imported, with errors row by row, once."""

from datetime import date, timedelta

import pandas as pd

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_points_card import PointsCardCase


@tagged("post_install", "-at_install")
class TestPointsImport(PointsCardCase):
    def setUp(self):
        super().setUp()
        self.kitchen = self.points_club()
        self.anna = self.partner("Anna", ref="A-1")
        self.company = self.partner("Company", is_company=True, email="c@example.com")
        self.contact = self.partner("Contact", ref="C-1", parent_id=self.company.id)

    def load(self, rows, columns=("customer", "points"), role=None, **values):
        env = self.env_as(role) if role else self.env
        frame = pd.DataFrame(rows, columns=list(columns))
        club = values.get("club", self.kitchen)
        result = env["dcrm.points.account"].import_balances(frame, club.id)
        self.env.invalidate_all()
        return result

    def test_balances(self):
        result = self.load([("A-1", 120.5), ("C-1", 30), ("c@example.com", "12")])
        self.assertEqual(
            result, {"accepted": 3, "rejected": 0, "customers": 2, "errors": []}
        )
        anna = self.account(self.kitchen, self.anna)
        self.assertPoints(anna, 120.5)
        self.assertEqual(self.kinds(anna), [("import", 120.5)])
        self.assertEqual(anna.move_ids.reason, "Imported balance")
        company = self.account(self.kitchen, self.company)
        self.assertPoints(company, 42)
        self.assertEqual(company.card_id.partner_id, self.company)
        self.assertKept()

    def test_again(self):
        rows = [("A-1", 120.5), ("A-1", 120.5), ("C-1", 30), ("A-1", 7)]
        self.assertEqual(self.load(rows)["accepted"], 4)
        again = self.load([*rows, ("A-1", 1)])
        self.assertEqual((again["accepted"], again["rejected"]), (1, 0))
        self.assertPoints(self.account(self.kitchen, self.anna), 249)
        other = self.points_club()
        self.assertEqual(self.load(rows, club=other)["accepted"], 4)
        self.assertKept()

    def test_errors_row_by_row(self):
        twins = [self.partner("Twin", ref="T") for _number in range(2)]
        self.assertTrue(twins)
        yesterday = str(self.today() - timedelta(1))
        result = self.load(
            [
                ("A-1", 5, None),
                ("A-1", -5, None),
                ("A-1", "ten", None),
                ("A-1", float("inf"), None),
                ("A-1", 1e12, None),
                ("A-1", None, None),
                ("", 5, None),
                ("=A1", 5, None),
                ("Nobody", 5, None),
                ("T", 5, None),
                ("A-1", 5, yesterday),
                ("A-1", 5, "1/2/2099"),
            ],
            ("customer", "points", "expires_on"),
        )
        self.assertEqual(
            [(row, column) for row, column, _reason in result["errors"]],
            [
                (2, "points"),
                (3, "points"),
                (4, "points"),
                (5, "points"),
                (6, "points"),
                (7, "customer"),
                (8, "customer"),
                (9, "customer"),
                (10, "customer"),
                (11, "expires_on"),
                (12, "expires_on"),
            ],
        )
        words = {row: reason for row, _column, reason in result["errors"]}
        self.assertEqual(words[2], "Points are not below zero.")
        self.assertEqual(words[9], "No customer matches.")
        self.assertEqual(words[11], "The day is over.")
        self.assertEqual((result["accepted"], result["rejected"]), (1, 11))
        self.assertPoints(self.account(self.kitchen, self.anna), 5)

    def test_references(self):
        columns = ("customer", "points", "reference")
        self.load([("A-1", 5, "R1"), ("A-1", 5, "R2")], columns)
        result = self.load(
            [
                ("A-1", 5, "R1"),
                ("A-1", 6, "R1"),
                ("C-1", 5, "R2"),
                ("A-1", 5, "R3"),
                ("A-1", 5, "R3"),
                ("A-1", 7, "R3"),
            ],
            columns,
        )
        self.assertEqual(
            [(row, column) for row, column, _reason in result["errors"]],
            [(2, "reference"), (3, "reference"), (6, "reference")],
        )
        self.assertEqual(result["accepted"], 1)
        anna = self.account(self.kitchen, self.anna)
        self.assertPoints(anna, 15)
        self.assertEqual(
            anna.move_ids.sorted("id").mapped("reference"), ["R1", "R2", "R3"]
        )

    def test_last_day(self):
        self.kitchen.points_expiry = "earned"
        self.load(
            [("A-1", 5, date(2099, 5, 1)), ("A-1", 6, None)],
            ("customer", "points", "expires_on"),
        )
        last = self.kitchen._last_day_of_points(self.today())
        self.assertEqual(
            sorted(self.lots(self.account(self.kitchen, self.anna))),
            [(last, 6), (date(2099, 5, 1), 5)],
        )

    def test_works_off_what_is_owed(self):
        account = self.give(self.kitchen, self.anna, 50)
        earned = account.move_ids
        account._post("redeem", -30)
        account._reverse(earned, 50)
        self.assertPoints(account, -30, debt=30)
        self.load([("A-1", 100)])
        self.assertPoints(account, 70)
        self.assertKept()

    def test_none(self):
        self.assertEqual(self.load([("A-1", 0)])["accepted"], 1)
        account = self.account(self.kitchen, self.anna)
        self.assertPoints(account, 0)
        self.assertFalse(account.move_ids)
        self.assertEqual(self.load([]), self.load([]))

    def test_columns(self):
        with self.assertRefused("no column points"):
            self.load([("A-1",)], ("customer",))
        with self.assertRefused("points is there twice"):
            self.load([("A-1", 1, 2)], ("customer", "points", "points"))

    def test_who_may(self):
        adjusts = self.env.ref("dcrm_loyalty.group_dcrm_points_adjust")
        self.users["seller"].group_ids |= adjusts
        for role in ("seller", "seller_all", "analyst", "nobody", "portal"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.load([("A-1", 5)], role=role)
        self.assertEqual(self.load([("A-1", 5)], role="manager")["accepted"], 1)
        far = self.points_club(self.company_b)
        with self.assertRaises(AccessError):
            self.load([("A-1", 5)], role="manager", club=far)

    def test_many(self):
        """Set-based: as many statements for a thousand rows as for ten."""
        partners = self.env["res.partner"].create(
            [{"name": f"Member {n}", "ref": f"M-{n}"} for n in range(1010)]
        )
        self.env.flush_all()
        rows = [(partner.ref, 1) for partner in partners]
        counts = []
        for part in (rows[:10], rows[10:]):
            before = self.cr.sql_log_count
            self.assertEqual(self.load(part)["customers"], len(part))
            counts.append(self.cr.sql_log_count - before)
        self.assertLess(counts[1], counts[0] + 60, counts)
        self.assertKept()
