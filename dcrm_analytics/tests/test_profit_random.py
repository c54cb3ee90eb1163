"""Random books: whatever is posted, changed and undone, in whatever order, by refresh
or not, the P&L of customers is what pandas counts from the journal items."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common_profit import ProfitCase

FIRST = date(2023, 11, 1)
AMOUNTS = st.integers(1, 99_999).map(lambda cents: cents / 100)
ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                "invoice",
                "invoice",
                "dollars",
                "refund",
                "cost",
                "bill",
                "nobody",
                "shared",
                "pay",
                "reverse",
                "draft",
                "give",
                "redate",
                "reparent",
                "refresh",
            )
        ),
        st.integers(0, 5),
        AMOUNTS,
        st.integers(0, 150),
        st.booleans(),
    ),
    min_size=3,
    max_size=9,
)


@tagged("post_install", "-at_install")
class TestProfitRandom(ProfitCase):
    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(actions=ACTIONS)
    def test_random_books(self, actions):
        with self.env.cr.savepoint() as savepoint:
            self.partners = [self.partner(is_company=n == 0) for n in range(4)]
            self.moves = []
            for name, number, amount, days, far in actions:
                company = self.company_b if far else self.company_a
                if far:
                    amount = round(amount)
                day = FIRST + timedelta(days)
                getattr(self, f"do_{name}")(number, amount or 1, day, company)
            self.refresh(*self.companies)
            middle = FIRST + timedelta(75)
            for company in self.companies:
                self.assertLedger(company)
                self.assertLedger(company, date_from=middle)
                self.assertLedger(company, date_to=middle)
            self.assertNoViolations()
            savepoint.rollback()
        self.env.invalidate_all()

    def one(self, number):
        return self.partners[number % len(self.partners)]

    def move(self, number, company):
        """Return one of the posted invoices of a company, or none."""
        moves = [
            move
            for move in self.moves
            if move.company_id == company and move.state == "posted"
        ]
        return moves[number % len(moves)] if moves else self.env["account.move"]

    def do_invoice(self, number, amount, day, company, **values):
        self.moves.append(
            self.invoice(self.one(number), amount, day, company=company, **values)
        )

    def do_dollars(self, number, amount, day, company):
        self.do_invoice(number, amount, day, company, currency=self.usd)

    def do_refund(self, number, amount, day, company):
        self.invoice(
            self.one(number), amount, day, company=company, move_type="out_refund"
        )

    def do_cost(self, number, amount, day, company):
        self.cost(self.one(number), amount, date=day, company=company)

    def do_bill(self, number, amount, _day, company):
        self.bill(self.one(number), amount, company)

    def do_nobody(self, _number, amount, day, company):
        lines = (("income", None, -amount), ("expense_direct_cost", None, amount))
        self.entry(*lines, company=company, date=day)

    def do_shared(self, number, amount, day, company):
        self.entry(
            ("income", self.one(number), -amount),
            ("income", self.one(number + 1), 1),
            ("expense_direct_cost", self.one(number + 1), amount),
            company=company,
            date=day,
        )

    def do_pay(self, number, amount, day, company):
        """Pay some of an invoice, a month later: at another rate, if in dollars."""
        move = self.move(number, company)
        if move and move.amount_residual:
            amount = min(move.currency_id.round(amount) or 1, move.amount_residual)
            self.pay(move, amount, date=max(day, move.date) + timedelta(30))

    def do_reverse(self, number, _amount, day, company):
        if move := self.move(number, company):
            self.credit_note(move, date=max(day, move.date))

    def do_draft(self, number, _amount, _day, company):
        self.move(number, company).button_draft()

    def do_give(self, number, _amount, _day, company):
        """Post an invoice again, to another customer."""
        if move := self.move(number, company):
            move.button_draft()
            move.partner_id = self.one(number + 1)
            move.action_post()

    def do_redate(self, number, _amount, day, company):
        if move := self.move(number, company):
            move.button_draft()
            move.invoice_date = day
            move.action_post()

    def do_reparent(self, number, _amount, _day, _company):
        """A customer becomes a contact of the first one, or its own again."""
        partner = self.partners[1 + number % 3]
        partner.parent_id = False if partner.parent_id else self.partners[0]

    def do_refresh(self, _number, _amount, _day, company):
        self.refresh(company)
