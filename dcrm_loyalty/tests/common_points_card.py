"""What the tests of points stand on: a club whose program a ledger keeps."""

from odoo.fields import Command

from .common import LoyaltyCase

PROGRAM = {
    "program_type": "loyalty",
    "applies_on": "both",
    "trigger": "auto",
    "portal_visible": True,
    "portal_point_name": "Points",
}


class PointsCardCase(LoyaltyCase):
    """A point an euro spent; a point is worth one off an order.

    Sellers and managers are so in the host's sales, too: it is they who see its cards.
    """

    @classmethod
    def _make_users(cls):
        made = super()._make_users()
        salesman = cls.env.ref("sales_team.group_sale_salesman")
        for role in ("seller", "other_seller", "seller_all", "analyst", "seller_b"):
            cls.users[role].group_ids |= salesman
        administrator = cls.env.ref("sales_team.group_sale_manager")
        for role in ("manager", "manager_ab"):
            cls.users[role].group_ids |= administrator
        cls.users["sales_manager"] = cls.make_user(
            "sales_manager", "sales_team.group_sale_manager", cls.company_a
        )
        return made

    def program(self, company=None, **values):
        """Return a loyalty program of company A, or of another; a point a unit."""
        company = company or self.company_a
        return (
            self.env["loyalty.program"]
            .with_company(company)
            .create(
                {
                    "name": f"Points {next(self.numbers)}",
                    **PROGRAM,
                    "company_id": company.id,
                    "currency_id": company.currency_id.id,
                    "rule_ids": [
                        Command.create(
                            {
                                "reward_point_mode": "money",
                                "reward_point_amount": 1,
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

    def points_club(self, company=None, program=None, **values):
        """Return a club of company A, or of another, that keeps a program's points."""
        company = company or self.company_a
        program = program or self.program(company)
        return self.club(
            f"Club {next(self.numbers)}",
            [("Member", None)],
            company=company,
            program_id=program.id,
            **values,
        )

    def account(self, club, partner):
        """Return the account of a customer, or its contact: a new one where is none."""
        account = self.env["dcrm.points.account"]._open(club, partner)
        self.env.flush_all()
        return account

    def card(self, club, partner):
        return self.account(club, partner).card_id

    def give(self, club, partner, points, **values):
        """Return the account of a customer who has just earned so many points."""
        account = self.account(club, partner)
        account._post("earn", points, **values)
        return account

    def kinds(self, account):
        """Return [(kind, points)] of an account's moves, the oldest first."""
        moves = account.sudo().move_ids.sorted("id")
        return [(move.kind, move.points) for move in moves]

    def lots(self, account):
        """Return [(last day, points that are left)] of what can be used."""
        lots = account.sudo().lot_ids.filtered("remaining")
        return [(lot.expires_on, lot.remaining) for lot in lots.sorted("id")]

    def assertPoints(self, account, balance, pending=0.0, debt=0.0):
        """The account has these points, and the host's card shows the same."""
        self.env.flush_all()
        self.env.invalidate_all()
        account = account.sudo()
        self.assertEqual(
            (account.balance, account.pending, account.debt), (balance, pending, debt)
        )
        self.assertEqual(account.card_id.points, balance)
        self.assertAlmostEqual(sum(account.move_ids.mapped("points")), balance, 4)

    def assertKept(self):
        """The database agrees with itself now, as it would at the end."""
        self.env.flush_all()
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.env.cr.execute("SET CONSTRAINTS ALL DEFERRED")
        self.assertNoViolations()
