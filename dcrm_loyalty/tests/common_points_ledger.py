"""What the tests of points stand on: a club whose points a ledger keeps."""

from contextlib import contextmanager

import psycopg2

from odoo.fields import Command
from odoo.tools import mute_logger

from .common import LoyaltyCase

# What the database refuses, it refuses with one of these.
REFUSALS = (
    psycopg2.errors.RaiseException,
    psycopg2.errors.CheckViolation,
    psycopg2.errors.ForeignKeyViolation,
    psycopg2.errors.NotNullViolation,
    psycopg2.errors.UniqueViolation,
)


class LedgerCase(LoyaltyCase):
    """A club of company A with a program: a point for each 1.00 that is spent, and
    a discount of 1.00 for each point."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.moves = cls.env["dcrm.points.move"]
        cls.accounts = cls.env["dcrm.points.account"]

    def setUp(self):
        super().setUp()
        self.program = self.make_program()
        self.kept = self.club("Points Club", program_id=self.program.id)

    def make_program(self, company=None, **values):
        """Return a loyalty program of company A, or of another."""
        company = company or self.company_a
        return (
            self.env["loyalty.program"]
            .with_company(company)
            .create(
                {
                    "name": f"Points {next(self.numbers)}",
                    "program_type": "loyalty",
                    "applies_on": "both",
                    "trigger": "auto",
                    "company_id": company.id,
                    "currency_id": company.currency_id.id,
                    "rule_ids": [
                        Command.create(
                            {
                                "reward_point_mode": "money",
                                "reward_point_amount": 1,
                                "minimum_qty": 0,
                            }
                        )
                    ],
                    "reward_ids": [
                        Command.create(
                            {
                                "reward_type": "discount",
                                "discount_mode": "per_point",
                                "discount": 1,
                                "required_points": 1,
                            }
                        )
                    ],
                    **values,
                }
            )
        )

    def account(self, partner=None, club=None):
        """Return the account of a customer, or a new one's, in the club."""
        partner = partner or self.partner()
        return self.accounts._open(club or self.kept, partner)

    def card(self, partner=None, points=0.0, program=None):
        """Return a card as the host makes it: of a program that no ledger keeps."""
        return self.env["loyalty.card"].create(
            {
                "program_id": (program or self.program).id,
                "partner_id": partner and partner.id,
                "points": points,
            }
        )

    def lots(self, account):
        """Return ``[(points, what is left, last day)]`` of the lots of an account."""
        return [
            (lot.points, lot.remaining, lot.expires_on)
            for lot in account.lot_ids.sorted("id")
        ]

    def uses(self, debit):
        """Return ``{credit: points}``: what a debit took of which credit."""
        return {use.credit_id: use.points for use in debit.use_ids}

    def moved(self, account):
        """Return ``[(kind, points)]`` of the moves of an account, the oldest first."""
        return [(move.kind, move.points) for move in account.move_ids.sorted("id")]

    # -- the database ----------------------------------------------------------------

    def settle(self):
        """Have the database check now what it checks when the transaction ends."""
        self.env.flush_all()
        self.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.cr.execute("SET CONSTRAINTS ALL DEFERRED")

    @contextmanager
    def assertDatabaseFails(self):
        """The work inside is refused, at the latest where the transaction would end."""
        self.settle()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.Error) as caught:
            yield
            self.env.flush_all()
            self.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.assertIsInstance(caught.exception, REFUSALS)
        self.env.invalidate_all()

    def assertDatabaseRefuses(self, statement, *values):
        with self.assertDatabaseFails():
            self.cr.execute(statement, values)

    def assertBalance(self, account, balance, debt=0.0, pending=0.0):
        """Account, card and moves say the same, and this."""
        self.settle()
        self.env.invalidate_all()
        self.assertEqual(
            (account.balance, account.debt, account.pending), (balance, debt, pending)
        )
        self.assertEqual(account.card_id.points, balance)
        self.assertAlmostEqual(sum(account.move_ids.mapped("points")), balance, 4)
        self.assertAlmostEqual(
            sum(account.lot_ids.mapped("remaining")), balance + debt, 4
        )
