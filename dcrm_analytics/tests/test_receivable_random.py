"""Random ledgers: ageing as of any day equals an independent computation in pandas.

The computation knows lines and matches only: what is left of a line is its balance less
the matches of which both sides had happened. Beside it stands the ledger's balance.
"""

from datetime import date, timedelta

import pandas as pd
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

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

    @settings(
        max_examples=10,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(book=books, days=st.lists(st.integers(1, 400), min_size=2, max_size=3))
    def test_ageing_of_any_day(self, book, days):
        with self.env.cr.savepoint() as savepoint:
            self.play(*book)
            frame, pairs = self.ledger()
            for back in days:
                day = DAY - timedelta(back)
                self.assertItems(frame, pairs, day, day)
            self.assertItems(frame, pairs, DAY, DAY)
            # Now is what the host says is left.
            items, found = self.found()
            self.assertEqual(
                {line_id: each[2] for line_id, each in found.items()},
                frame[frame["residual"] != 0]["residual"].round(2).to_dict(),
            )
            self.assertEqual(set(items.ids), set(frame[frame["open"]].index))
            savepoint.rollback()
