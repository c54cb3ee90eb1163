"""What a row of history must say to be accepted, and what is said of it otherwise."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import DcrmCase


class ImportCase(DcrmCase):
    """Helpers for tests of the import of history."""

    def frame(self, *rows, columns="customer date amount"):
        return pd.DataFrame(list(rows), columns=columns.split())

    def load(self, frame, company=None, accepted=None):
        """Import a frame, of which ``accepted`` rows (or all) must be accepted."""
        result = self.env["dcrm.purchase"].import_history(
            frame, company or self.company_a
        )
        if accepted is None:
            accepted = len(frame)
        self.assertEqual(result["accepted"], accepted, result)
        return result

    def rejected(self, frame, company=None, accepted=0):
        """Import a frame and return {row: [columns]} of what is rejected."""
        found = {}
        result = self.load(frame, company, accepted)
        for row, column, reason in result["errors"]:
            self.assertTrue(reason)
            found.setdefault(row, []).append(column)
        self.assertEqual(result["rejected"], len(found))
        return found

    def reason(self, code):
        return self.env["dcrm.purchase"]._import_reasons()[code]

    def purchases(self, company=None, **values):
        company = company or self.company_a
        domain = [("company_id", "=", company.id), ("source", "=", "import")]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["dcrm.purchase"].search(domain, order="id")

    def customer(self, reference, company=None):
        partner = self.env["res.partner"].search(
            [
                ("ref", "=", reference),
                ("company_id", "in", [False, (company or self.company_a).id]),
            ]
        )
        self.assertEqual(len(partner), 1, reference)
        return partner


@tagged("post_install", "-at_install")
class TestImport(ImportCase):
    def test_rows_become_purchases_of_new_customers(self):
        frame = self.frame(
            ("C1", "2024-01-31", 10.5),
            ("C2", "2024-02-01", 7),
            ("C1", "2024-03-01", -2),
        )
        result = self.env["dcrm.purchase"].import_history(frame, self.company_a)
        self.assertEqual(
            result, {"accepted": 3, "rejected": 0, "customers": 2, "errors": []}
        )
        partner = self.customer("C1")
        self.assertEqual(partner.name, "C1")
        self.assertEqual(partner.company_id, self.company_a)
        self.assertEqual(partner.customer_rank, 1)
        first, second = self.purchases(partner_id=partner.id)
        self.assertEqual(first.date, date(2024, 1, 31))
        self.assertEqual(first.mapped("amount") + second.mapped("amount"), [10.5, -2.0])
        self.assertEqual(first.contact_id, partner)
        self.assertFalse(first.margin_known)
        self.assertFalse(self.purchases(self.company_b))

    def test_a_second_run_adds_nothing(self):
        frame = self.frame(
            ("C1", "2024-01-31", 10.5, None, "pot"),
            ("C1", "2024-01-31", 10.5, None, "lid"),
            ("C1", "2024-01-31", 10.5, "R1", "pot"),
            ("C1", "2024-01-31", 10.5, "R1", "pot"),
            (None, "2024-01-31", 10.5, "R2", "pot"),
            columns="customer date amount reference product",
        )
        self.load(frame, accepted=4)
        before = self.purchases()
        self.assertEqual(before.mapped("amount"), [10.5, 10.5, 21.0])
        self.assertEqual(len(before.line_ids), 4)
        again = self.load(frame, accepted=0)
        self.assertEqual((again["rejected"], again["customers"]), (1, 0))
        self.assertEqual(self.purchases(), before)
        self.assertEqual(len(before.line_ids), 4)
        # The order of the rows and how numbers are written make no difference.
        shuffled = frame.iloc[::-1].assign(amount="10.50")
        self.load(shuffled, accepted=0)
        self.assertEqual(len(self.purchases().line_ids), 4)

    def test_columns_are_checked_before_anything_is_written(self):
        frame = self.frame(("C1", "2024-01-31"), columns="customer date")
        with self.assertRaisesRegex(UserError, "amount"):
            self.load(frame)
        frame = self.frame(("C1", 3), columns="customer price")
        with self.assertRaisesRegex(UserError, "date, amount"):
            self.load(frame)
        frame = self.frame(
            ("C1", "2024-01-31", 1, 2), columns="customer date amount amount"
        )
        with self.assertRaisesRegex(UserError, "amount"):
            self.load(frame)
        self.assertFalse(self.purchases())
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "C1")]))

    def test_a_frame_without_rows_is_no_error(self):
        result = self.load(self.frame())
        self.assertEqual(result["rejected"], 0)

    def test_bad_cells_reject_their_row_with_the_reason(self):
        good = ["C1", "2024-01-31", 5.0, "R", "pot", 1.0, 2.0, "EUR", "web"]
        columns = "customer date amount reference product quantity margin currency"
        columns = [*columns.split(), "channel"]
        bad = [
            ("customer", None, "empty"),
            ("customer", "  ", "empty"),
            ("customer", "=1+1", "formula"),
            ("customer", "x" * 501, "too_long"),
            ("date", None, "empty"),
            ("date", "yesterday", "not_date"),
            ("date", "2024-02-30", "not_date"),
            ("date", "1/2/2024", "not_date"),
            ("date", "0001-01-01", "early"),
            ("date", "9999-12-31", "future"),
            ("amount", None, "empty"),
            ("amount", float("nan"), "empty"),
            ("amount", float("inf"), "not_finite"),
            ("amount", 1e308, "too_large"),
            ("amount", "1e308", "too_large"),
            ("amount", "ten", "not_number"),
            ("quantity", "many", "not_number"),
            ("quantity", float("-inf"), "not_finite"),
            ("margin", -1e308, "too_large"),
            ("currency", "XXQ", "unknown_currency"),
            ("reference", "=R", "formula"),
            ("product", "=cmd|' /C calc'!A0", "formula"),
            ("channel", "=1", "formula"),
        ]
        rows = []
        for number, (column, value, _code) in enumerate(bad):
            row = dict(zip(columns, good, strict=True), reference=f"R{number}")
            rows += [{**row, column: value}, {**row, "reference": f"G{number}"}]
        frame = pd.DataFrame(rows, columns=columns).astype(object)
        result = self.load(frame, accepted=len(bad))
        self.assertEqual(
            result["errors"],
            [
                (2 * number + 1, column, self.reason(code))
                for number, (column, _value, code) in enumerate(bad)
            ],
        )
        self.assertEqual(len(self.purchases()), len(bad))
        self.assertEqual(set(self.purchases().mapped("amount")), {5.0})

    def test_all_that_is_wrong_with_a_row_is_said(self):
        frame = self.frame(("", "soon", "much"))
        self.assertEqual(self.rejected(frame), {1: ["customer", "date", "amount"]})

    def test_other_signs_than_equal_are_text(self):
        names = ["+49 30 1", "-R", "@home", "\ufeffB", "Zoë\n Ltd ", "a\x00b"]
        self.load(self.frame(*[(name, "2024-01-31", 1) for name in names]))
        self.assertEqual(
            self.purchases().partner_id.mapped("name"),
            ["+49 30 1", "-R", "@home", "\ufeffB", "Zoë Ltd", "a b"],
        )

    def test_numeric_keys_are_the_text_that_people_read(self):
        self.partner("Numbered", ref="12345", company_id=self.company_a.id)
        frame = self.frame((12345.0, "2024-01-31", 1), (np.nan, "2024-01-31", 1))
        self.load(frame, accepted=1)
        self.load(frame.head(1).assign(customer="12345"), accepted=0)
        self.load(frame.head(1).assign(customer=np.int64(12345)), accepted=0)
        self.assertEqual(self.purchases().partner_id.name, "Numbered")

    def test_days_in_every_form(self):
        days = [
            20240131,
            20240131.0,
            "20240131",
            "2024-01-31",
            "2024-01-31 23:59:59",
            "2024-01-31T22:59:00Z",
            "2024-01-31T00:30:00+01:00",
            "2024-01-31T00:30:00+01",
            "2024-01-30T23Z",
            "2024-01-31 12:00:00.123456789",
            date(2024, 1, 31),
            pd.Timestamp("2024-01-31 12:00"),
            pd.Timestamp("2024-01-30 23:30", tz="UTC"),
        ]
        frame = self.frame(*[(f"C{n}", day, 1) for n, day in enumerate(days)])
        self.load(frame.astype({"date": object}))
        self.assertEqual(set(self.purchases().mapped("date")), {date(2024, 1, 31)})
        instants = pd.to_datetime(["2024-01-30 23:30"], utc=True)
        self.load(self.frame(("Another", None, 1)).assign(date=instants))
        self.assertEqual(self.purchases()[-1].date, date(2024, 1, 31))

    def test_the_company_decides_what_is_the_future(self):
        for company in self.companies:
            today = self.today(company)
            frame = self.frame(("C1", today, 1), ("C1", today + timedelta(1), 1))
            self.assertEqual(self.rejected(frame, company, accepted=1), {2: ["date"]})

    def test_a_fixed_day_of_scores_is_not_the_end_of_history(self):
        self.company_a.customer_scoring_today = date(2020, 1, 1)
        found = self.env["dcrm.purchase"].import_history(
            self.frame(("C1", "2024-01-31", 1)), self.company_a
        )
        self.assertEqual((found["accepted"], found["rejected"]), (1, 0))

    def test_rows_are_counted_by_position(self):
        frame = self.frame(("C1", "2024-01-31", 1), ("", "2024-01-31", 1))
        frame.index = [70, 70]
        self.assertEqual(self.rejected(frame, accepted=1), {2: ["customer"]})

    def test_customers_whose_purchases_changed_are_queued_for_scoring(self):
        self.load(self.frame(("C1", "2024-01-31", 1)))
        queued = self.env.execute_query(
            SQL("SELECT partner_id, company_id FROM dcrm_purchase_change")
        )
        self.assertIn((self.customer("C1").id, self.company_a.id), queued)

    def test_only_analysts_of_the_company_import(self):
        frame = self.frame(("C1", "2024-01-31", 1))
        for role in ("nobody", "portal", "seller", "seller_all"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.env_as(role)["dcrm.purchase"].import_history(frame)
        analyst = self.env_as("analyst")
        with self.assertRaises(AccessError):
            analyst["dcrm.purchase"].import_history(frame, self.company_b)
        self.assertFalse(self.purchases())
        # Not even a customer may an analyst make by hand; an import makes them.
        result = analyst["dcrm.purchase"].import_history(frame)
        self.assertEqual(result["accepted"], 1)
        self.assertEqual(self.customer("C1").create_uid, self.users["analyst"])
        manager = self.env_as("manager_ab", self.company_a, self.company_b)
        result = manager["dcrm.purchase"].import_history(frame, self.company_b.id)
        self.assertEqual(result["accepted"], 1)

    def test_companies_have_histories_of_their_own(self):
        frame = self.frame(
            ("C1", "2024-01-31", 100, "R1"), columns="customer date amount reference"
        )
        for company in self.companies:
            self.load(frame, company)
        one, other = (self.purchases(company) for company in self.companies)
        self.assertEqual((one.amount, other.amount), (100.0, 100.0))
        self.assertNotEqual(one.partner_id, other.partner_id)
        self.assertEqual(other.partner_id.company_id, self.company_b)
