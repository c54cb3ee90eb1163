"""Random histories: imported again they add nothing, whatever is in them."""

from collections import Counter
from datetime import date

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..compute import history
from .test_import import ImportCase

COLUMNS = ["customer", "date", "amount", "reference", "product", "currency", "channel"]

amounts = st.one_of(
    st.integers(-500, 500).map(lambda cents: cents / 100),
    st.sampled_from([None, float("nan"), float("inf"), 1e308, "x", 0.0, -0.0]),
)
rows = st.tuples(
    st.sampled_from(["A", "B", "C", "a@example.com", "", None, "=A"]),
    st.sampled_from(["2024-01-01", "2024-01-02", "2023-12-31", "soon", None]),
    amounts,
    st.sampled_from([None, None, "R1", "R2", "R3", "=R"]),
    st.sampled_from([None, "pot", "lid"]),
    st.sampled_from([None, "EUR", "USD", "XXQ"]),
    st.sampled_from([None, None, "web"]),
)
frames = st.lists(rows, max_size=25).map(
    lambda found: pd.DataFrame(found, columns=COLUMNS).astype(object)
)


@tagged("post_install", "-at_install")
class TestImportRandom(ImportCase):
    def undone(self, check, *args):
        """Run a check and take back what it wrote."""
        savepoint = self.env.cr.savepoint()
        try:
            check(*args)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def run_on(self, check, *strategies):
        @settings(
            max_examples=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.tuples(*strategies))
        def run(args):
            self.undone(check, *args)

        run()

    def book(self):
        """Return what is imported: each purchase with its lines, as comparable data."""
        return Counter(
            (
                purchase.partner_id.ref,
                purchase.date,
                purchase.amount,
                purchase.reference,
                purchase.channel,
                tuple(
                    sorted(
                        (line.product or "", line.amount) for line in purchase.line_ids
                    )
                )
                # Which of equal purchases has which product is a matter of order.
                if purchase.reference
                else len(purchase.line_ids) > 1,
            )
            for purchase in self.purchases()
        )

    def bring(self, frame):
        return self.env["dcrm.purchase"].import_history(frame, self.company_a)

    def test_each_row_is_accepted_or_rejected_once(self):
        def check(frame):
            result = self.bring(frame)
            self.assertEqual(result["accepted"] + result["rejected"], len(frame))
            rejected = {row for row, _column, _reason in result["errors"]}
            self.assertEqual(len(rejected), result["rejected"])
            lines = self.purchases().line_ids
            bare = self.purchases().filtered(lambda purchase: not purchase.line_ids)
            self.assertEqual(len(lines) + len(bare), result["accepted"])
            for purchase in self.purchases() - bare:
                self.assertAlmostEqual(
                    purchase.amount,
                    sum(purchase.line_ids.mapped("amount")),
                    delta=0.0051,
                )

        self.run_on(check, frames)

    def test_a_second_run_adds_nothing(self):
        def check(frame):
            first = self.bring(frame)
            book = self.book()
            second = self.bring(frame)
            self.assertEqual(second["accepted"], 0)
            self.assertEqual(second["errors"], first["errors"])
            self.assertEqual(self.book(), book)

        self.run_on(check, frames)

    def test_the_order_of_rows_makes_no_difference(self):
        def check(frame, random):
            order = list(range(len(frame)))
            random.shuffle(order)
            first = self.bring(frame)
            book = self.book()
            shuffled = self.bring(frame.iloc[order])
            self.assertEqual(shuffled["accepted"], 0)
            self.assertEqual(shuffled["rejected"], first["rejected"])
            self.assertEqual(self.book(), book)

        self.run_on(check, frames, st.randoms(use_true_random=False))

    def test_a_second_file_loses_and_doubles_nothing(self):
        def check(one, other):
            self.bring(one)
            book = self.book()
            result = self.bring(other)
            known = len(other) - result["accepted"] - result["rejected"]
            self.assertGreaterEqual(known, 0)
            # What was there is there, and of each row at most what a file holds.
            for again in (one, other):
                self.assertEqual(self.bring(again)["accepted"], 0)
            kept = {key[:2] + key[3:5] for key in self.book()}
            references = {key[:1] + key[3:5] for key in self.book()}
            for key in book:
                if key[3]:
                    self.assertIn(key[:1] + key[3:5], references)
                else:
                    self.assertIn(key[:2] + key[3:5], kept)

        self.run_on(check, frames, frames)

    def test_batches_of_any_size_make_the_same_book(self):
        def check(frame, size):
            self.bring(frame)
            book = self.book()
            self.env.cr.execute("DELETE FROM dcrm_purchase WHERE source = 'import'")
            self.env.invalidate_all()
            Purchase = self.env["dcrm.purchase"]
            found = Purchase._read_history(frame, self.company_a)
            accepted = start = 0
            while start < len(found.rows):
                rows, start = history.batch(found.rows, start, size)
                accepted += Purchase._import_rows(rows, self.company_a).accepted
            self.assertEqual(self.book(), book)
            self.assertEqual(self.bring(frame)["accepted"], 0)

        self.run_on(check, frames, st.integers(1, 10))

    def test_all_days_are_possible(self):
        def check(day):
            result = self.bring(pd.DataFrame([("A", day, 1)], columns=COLUMNS[:3]))
            possible = date(1900, 1, 2) <= day <= self.today()
            self.assertEqual(result["accepted"], int(possible))

        self.run_on(check, st.dates())
