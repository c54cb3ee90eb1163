"""Random ledgers: ageing as of any day equals an independent computation in pandas.

The computation knows lines and matches only: what is left of a line is its balance less
the matches of which both sides had happened. Beside it stands the ledger's balance.
"""

from datetime import date, timedelta

import pandas as pd
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..queries import late_payment
from .common_ledger import LedgerCase

DAY = date(2024, 6, 30)
CUSTOMERS = 4
EDGES = [-100_000, 0, 30, 60, 90, 180, 100_000]
NAMES = ["not_due", "d30", "d60", "d90", "d180", "over180"]

which = st.integers(0, 30)
ago = st.integers(0, 400)
share = st.sampled_from([0.25, 0.5, 1.0])
invoices = st.tuples(
    st.just("invoice"),
    st.integers(0, CUSTOMERS - 1),
    st.booleans(),
    st.sampled_from(["EUR", "USD", "JPY"]),
    ago,
    st.integers(1, 900_00),
    st.booleans(),
)
later = st.one_of(
    st.tuples(st.just("pay"), which, share, ago, st.booleans()),
    st.tuples(st.just("credit"), which, share, ago),
    st.tuples(st.just("advance"), which, share, ago),
    st.tuples(st.just("reverse"), which, ago),
    st.tuples(st.just("undo"), which),
)
books = st.tuples(
    st.lists(invoices, min_size=2, max_size=5), st.lists(later, max_size=7)
)

# In dollars billed before and paid after their rate fell, and so with an exchange
# difference; a write-off, an advance left alone and one allocated, a reversal, a
# credit note, installments, a payment undone.
EVERYTHING = (
    [
        ("invoice", 0, False, "USD", 300, 900_00, True),
        ("invoice", 1, False, "EUR", 250, 333_33, False),
        ("invoice", 2, True, "USD", 220, 700_00, False),
        ("invoice", 3, False, "EUR", 120, 50_01, False),
        ("invoice", 0, True, "JPY", 90, 120_00, True),
    ],
    [
        ("pay", 0, 0.5, 100, False),
        ("pay", 0, 1.0, 40, False),
        ("pay", 1, 0.5, 60, True),
        ("advance", 2, 0.25, 160),
        ("advance", 2, 0.5, 140),
        ("credit", 2, 0.25, 30),
        ("reverse", 3, 20),
        ("pay", 4, 1.0, 95, False),
        ("undo", 4),
    ],
)


@tagged("post_install", "-at_install")
class TestReceivableRandom(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies.customer_scoring_today = DAY
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(CUSTOMERS)]
        )
        for partner in cls.partners[:2]:
            partner.user_id = cls.users["seller"]
        cls.currencies = {"EUR": cls.eur, "USD": cls.usd, "JPY": cls.jpy}

    # -- what happens ------------------------------------------------------------------

    def play(self, bills, events):
        moves = [self.play_invoice(*bill[1:]) for bill in bills]
        for kind, index, *rest in events:
            move = moves[index % len(moves)]
            getattr(self, f"play_{kind}")(move, *rest)
        self.env.flush_all()

    def play_invoice(self, who, far, currency, days, amount, installments):
        terms = {}
        if installments:
            terms["invoice_payment_term_id"] = self.installments.id
        return self.bill(
            self.partners[who],
            float(amount) if currency == "JPY" else amount / 100,
            DAY - timedelta(days),
            company=self.company_b if far else self.company_a,
            currency=self.currencies[currency],
            **terms,
        )

    def left_of(self, move, part):
        return move.currency_id.round(move.amount_residual * part)

    def play_pay(self, move, part, days, write_off):
        amount = self.left_of(move, part)
        if amount > 0:
            self.pay(move, amount, DAY - timedelta(days), write_off and part < 1)

    def play_credit(self, move, part, days):
        amount = move.currency_id.round(move.amount_total * part)
        note = self.credit_note(move, amount, DAY - timedelta(days))
        if self.left_of(move, 1) > 0:
            self.allocate(move, note)

    def play_advance(self, move, part, days):
        """Money comes in without a document, and is allocated or left alone."""
        payment = self.advance(
            move.partner_id,
            move.currency_id.round(move.amount_total * part) or 1.0,
            DAY - timedelta(days),
            move.company_id,
            currency_id=move.currency_id.id,
        )
        if self.left_of(move, 1) > 0 and part != 0.5:
            self.allocate(move, payment.move_id)

    def play_reverse(self, move, days):
        if move.reversal_move_ids:
            return
        day = DAY - timedelta(days)
        move._reverse_moves([{"invoice_date": day, "date": day}], cancel=True)

    def play_undo(self, move):
        self.receivable_lines(move).remove_move_reconcile()

    # -- what is expected --------------------------------------------------------------

    def ledger(self):
        """Return the frames of receivable lines and of matches."""
        lines = self.env["account.move.line"].search(
            [
                ("account_id.account_type", "=", "asset_receivable"),
                ("company_id", "in", self.companies.ids),
                ("parent_state", "=", "posted"),
            ]
        )
        frame = pd.DataFrame(
            {
                "id": lines.ids,
                "company_id": [line.company_id.id for line in lines],
                "partner_id": [line.partner_id.id for line in lines],
                "move": [line.move_id.id for line in lines],
                "type": [line.move_id.move_type for line in lines],
                "date": pd.to_datetime([line.date for line in lines]),
                "due": pd.to_datetime(
                    [line.date_maturity or line.date for line in lines]
                ),
                "balance": [line.balance for line in lines],
                "residual": [line.amount_residual for line in lines],
                "open": [not line.reconciled for line in lines],
            }
        ).set_index("id")
        matches = self.env["account.partial.reconcile"].search([])
        pairs = pd.DataFrame(
            [
                (match.debit_move_id.id, match.credit_move_id.id, match.amount)
                for match in matches
            ],
            columns=["debit", "credit", "amount"],
        )
        pairs = pairs[pairs["debit"].isin(frame.index)]
        pairs["date"] = pd.concat(
            [pairs[side].map(frame["date"]) for side in ("debit", "credit")], axis=1
        ).max(axis=1)
        return frame, pairs

    def expected(self, frame, pairs, day):
        """Return the residuals that are left at the end of a day, by line."""
        until = pairs[pairs["date"] <= pd.Timestamp(day)]
        left = (
            frame["balance"]
            .sub(until.groupby("debit")["amount"].sum(), fill_value=0)
            .add(until.groupby("credit")["amount"].sum(), fill_value=0)
            .round(2)
        )
        frame = frame.assign(left=left)
        frame = frame[(frame["date"] <= pd.Timestamp(day)) & (left != 0)]
        late = (pd.Timestamp(day) - frame["due"]).dt.days
        return frame.assign(
            late=late, bucket=pd.cut(late, EDGES, labels=NAMES).astype(str)
        )

    def found(self, as_of=None):
        items = (
            self.env["dcrm.receivable"]
            .with_context(as_of=as_of and str(as_of))
            .search([("company_id", "in", self.companies.ids)])
        )
        return items, {
            item.id: (
                item.company_id.id,
                item.partner_id.id,
                round(item.residual, 2),
                item.days_overdue,
                item.bucket,
            )
            for item in items
            if item.residual
        }

    def assertItems(self, frame, pairs, day, as_of):
        expected = self.expected(frame, pairs, day)
        _items, found = self.found(as_of)
        self.assertEqual(
            found,
            {
                row.Index: (
                    row.company_id,
                    row.partner_id,
                    row.left,
                    row.late,
                    row.bucket,
                )
                for row in expected.itertuples()
            },
            f"as of {as_of}",
        )
        self.env.invalidate_all()
        for company in self.companies:
            self.assertAgeing(
                expected[expected["company_id"] == company.id], frame, company, as_of
            )

    def assertAgeing(self, expected, frame, company, as_of):
        """The buckets' sums, and the ledger's balance of that day."""
        env = self.env_as("manager_ab")
        ageing = env["dcrm.receivable"].ageing({"company_id": company.id}, as_of)
        sums = expected.groupby("bucket")["left"].sum()
        for bucket in ageing["buckets"]:
            self.assertAlmostEqual(
                bucket["amount"], sums.get(bucket["key"], 0.0), places=2
            )
        of_company = frame[frame["company_id"] == company.id]
        if as_of:
            of_company = of_company[of_company["date"] <= pd.Timestamp(as_of)]
        self.assertAlmostEqual(
            ageing["total"]["amount"], of_company["balance"].sum(), places=2
        )

    def lent(self, frame, pairs, day):
        """Return amount × days by invoice: day by day, what was open and overdue.

        What a credit note has taken back by then was never owed.
        """
        lent = {}
        bills = frame[frame["type"].isin(["out_invoice", "out_receipt"])]
        for line_id, line in bills[bills["balance"] > 0].iterrows():
            own = pairs[pairs["debit"] == line_id]
            own = own.assign(credited=own["credit"].map(frame["type"]) == "out_refund")
            own = own[own["date"] <= pd.Timestamp(day)]
            owed = line["balance"] - own[own["credited"]]["amount"].sum()
            paid = own[~own["credited"]]
            for each in pd.date_range(line["due"], day, inclusive="left"):
                part = owed - paid[paid["date"] <= each]["amount"].sum()
                lent[line["move"]] = lent.get(line["move"], 0.0) + part
        return lent

    def assertLate(self, frame, pairs, day):
        """Late payment costs what was lent: a thousandth of it each day."""
        for company in self.companies:
            rows = self.env.execute_query(late_payment.select(company.id, day, 36.5))
            lent = self.lent(frame[frame["company_id"] == company.id], pairs, day)
            found = {move_id: float(amount) for move_id, _partner, amount in rows}
            self.assertLessEqual(set(found), set(lent))
            for move_id, each in lent.items():
                self.assertAlmostEqual(
                    found.get(move_id, 0.0),
                    each / 1000,
                    delta=company.currency_id.rounding * 0.51,
                )

    @settings(
        max_examples=6,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @example(book=EVERYTHING, days=[10, 150, 200])
    @given(book=books, days=st.lists(st.integers(1, 400), min_size=2, max_size=3))
    def test_ageing_of_any_day(self, book, days):
        with self.env.cr.savepoint() as savepoint:
            self.play(*book)
            frame, pairs = self.ledger()
            for back in days:
                day = DAY - timedelta(back)
                self.assertItems(frame, pairs, day, day)
                self.assertLate(frame, pairs, day)
            self.assertItems(frame, pairs, DAY, DAY)
            # Now is what the host says is left.
            items, found = self.found()
            self.assertEqual(
                {line_id: each[2] for line_id, each in found.items()},
                frame[frame["residual"] != 0]["residual"].round(2).to_dict(),
            )
            self.assertEqual(set(items.ids), set(frame[frame["open"]].index))
            savepoint.rollback()
