"""What the tests of points stand on: a club that keeps a program's points, orders."""

from odoo.fields import Command

from .common import LoyaltyCase


class PointsCase(LoyaltyCase):
    """A club of company A: one point a euro, and 10 off an order for 50 points."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Acme", "email": "a@x.y"})
        cls.program = cls.make_program()
        cls.pot = cls.pots[cls.company_a]

    @classmethod
    def make_program(cls, mode="money", amount=1, company=None, rule=None, **values):
        """Return a loyalty program of company A; ``company`` False: of none."""
        company = cls.company_a if company is None else company
        return cls.env["loyalty.program"].create(
            {
                "name": f"Points {next(cls.numbers)}",
                "program_type": "loyalty",
                "applies_on": "both",
                "trigger": "auto",
                "company_id": company and company.id,
                "currency_id": (company or cls.company_a).currency_id.id,
                "rule_ids": [
                    Command.create(
                        {
                            "reward_point_mode": mode,
                            "reward_point_amount": amount,
                            "minimum_qty": 0,
                            **(rule or {}),
                        }
                    )
                ],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_order",
                            "discount": 10,
                            "required_points": 50,
                        }
                    )
                ],
                **values,
            }
        )

    def points_club(self, **values):
        """Return a club whose points are those of the program, or of ``program_id``."""
        values = {"program_id": self.program.id, "tiers": (("Member", 0),), **values}
        return self.club(**values)

    def order(self, quantity=1, partner=None, confirm=False, **values):
        """Return an order of pots at 100 in company A, or in ``company``."""
        company = values.pop("company", self.company_a)
        order = (
            self.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": (partner or self.customer).id,
                    "company_id": company.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.pots[company].id,
                                "product_uom_qty": quantity,
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        if confirm:
            order.action_confirm()
        return order

    def account(self, club, partner=None):
        return self.env["dcrm.points.account"]._find(club, partner or self.customer)

    def balance(self, club, partner=None):
        """Return the balance, which the host's card agrees with."""
        self.env.flush_all()
        account = self.account(club, partner)
        self.assertEqual(account.card_id.points, account.balance)
        self.assertEqual(
            account.balance, round(sum(account.move_ids.mapped("points")), 4)
        )
        return account.balance

    def give(self, club, points, partner=None):
        """Give a customer points of a club, as an import would."""
        account = self.env["dcrm.points.account"]._open(club, partner or self.customer)
        account._post("import", points)
        return account

    def reward(self, order, program=None):
        """Apply the one reward of a program on an order, as its wizard would."""
        order._update_programs_and_rewards()
        reward = (program or self.program).reward_ids
        claimable = order._get_claimable_rewards()
        cards = [card for card, rewards in claimable.items() if reward in rewards]
        self.assertEqual(len(cards), 1, f"{reward.description} can not be claimed")
        self.assertFalse(order._apply_program_reward(reward, cards[0]))
        return order.order_line.filtered(lambda line: line.reward_id == reward)

    def invoice(self, order, quantity=None, post=True):
        """Return an invoice of an order, or of so many of each of its lines."""
        invoice = order._create_invoices()
        if quantity is not None:
            for line in invoice.invoice_line_ids:
                line.quantity = quantity
        if post:
            invoice.action_post()
        return invoice

    def refund(self, invoice, quantity=None):
        """Return a posted credit note of an invoice, or of so many of each line."""
        credit = invoice._reverse_moves()
        if quantity is not None:
            for line in credit.invoice_line_ids:
                line.quantity = quantity
        credit.action_post()
        return credit

    def bank(self, company):
        """Return a bank journal that books payments on an account of their own."""
        journal = self.env["account.journal"].create(
            {
                "name": f"Bank {next(self.numbers)}",
                "code": f"XB{next(self.numbers)}",
                "type": "bank",
                "company_id": company.id,
            }
        )
        journal.inbound_payment_method_line_ids.payment_account_id = (
            self.env["account.account"]
            .with_company(company)
            .create(
                {
                    "name": "Outstanding",
                    "code": f"XO{next(self.numbers)}",
                    "account_type": "asset_current",
                    "reconcile": True,
                }
            )
        )
        return journal

    def pay(self, invoice, amount=None):
        """Return the payment of an invoice, or of so much of it."""
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": self.bank(invoice.company_id).id})
        )
        if amount is not None:
            wizard.amount = amount
        return wizard._create_payments()

    def pay_without_entry(self, invoice, amount):
        """Return a payment that the bank's statement will book."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": invoice.partner_id.id,
                "journal_id": self.bank(invoice.company_id).id,
                "amount": amount,
            }
        )
        payment.outstanding_account_id = False
        payment.action_post()
        invoice.matched_payment_ids += payment
        return payment

    def kinds(self, club, partner=None):
        """Return the moves of a customer as (kind, points), the oldest first."""
        moves = self.account(club, partner).move_ids.sorted("id")
        return [(move.kind, move.points) for move in moves]
