"""Every document that has to do with points × what may become of it.

An order earns 300 points and takes 50; what happens to it and to its documents brings
the points to what it then deserves, in whichever order and company, and twice is once.
"""

from itertools import product

from odoo.tests import tagged

from .common_points import PointsCase

# When points are earned, and for how many days they are pending.
TERMS = [("order", 0), ("order", 9), ("invoice", 0), ("paid", 0)]


@tagged("post_install", "-at_install")
class TestPointsDocuments(PointsCase):
    def setUp(self):
        super().setUp()
        there = self.make_program(company=self.company_b)
        self.clubs = {
            self.company_a: self.points_club(),
            self.company_b: self.points_club(
                company=self.company_b, program_id=there.id
            ),
        }
        self.places = [
            (self.company_a, self.eur),
            (self.company_a, self.usd),
            (self.company_b, self.jpy),
        ]
        for club in self.clubs.values():
            self.give(club, 50)

    def each_case(self, work):
        """Do work with a club and a confirmed order, on all terms; audit each time."""
        for (earn_on, days), (where, currency) in product(TERMS, self.places):
            with (
                self.subTest(earn_on=earn_on, days=days, currency=currency.name),
                self.cr.savepoint() as savepoint,
            ):
                club = self.clubs[where]
                club.write({"earn_on": earn_on, "pending_days": days})
                work(club, self.sold(club, currency))
                self.assertNoViolations()
                savepoint.rollback()
            self.env.invalidate_all()

    def sold(self, club, currency):
        company = club.company_id
        values = {}
        if currency != company.currency_id:
            values["pricelist_id"] = self._pricelist(currency, company).id
        order = self.order(3, company=company, **values)
        order.order_line.price_unit = 100.0
        self.reward(order, club.program_id)
        order.action_confirm()
        # A dollar is 0.50 EUR.
        self.whole = 150 if currency == self.usd else 300
        return order

    def assertPoints(self, club, earned, used=50):
        """So much is earned, pending or not, and so much of the given 50 is used."""
        account = self.account(club)
        self.env.flush_all()
        self.assertAlmostEqual(
            account.balance + account.pending, 50 - used + earned, delta=0.01
        )
        self.assertFalse(account.debt and account.balance + account.debt)

    def at_once(self, club):
        return self.whole if club.earn_on == "order" else 0

    def test_confirmed(self):
        def work(club, _order):
            self.assertPoints(club, self.at_once(club))

        self.each_case(work)

    def test_cancelled_and_opened_again(self):
        def work(club, order):
            for _time in range(2):
                order._action_cancel()
                self.assertPoints(club, 0, 0)
                order._action_cancel()
                self.assertPoints(club, 0, 0)
                # The host has taken the reward off.
                order.action_draft()
                order.action_confirm()
                self.assertPoints(club, self.at_once(club), 0)

        self.each_case(work)

    def test_invoiced_and_refunded(self):
        def work(club, order):
            invoice = self.invoice(order)
            self.assertPoints(club, self.whole if club.earn_on != "paid" else 0)
            self.refund(invoice)
            self.assertPoints(club, 0, 0)
            order._action_cancel()
            self.assertPoints(club, 0, 0)

        self.each_case(work)

    def test_invoiced_in_part_and_refunded_in_part(self):
        def work(club, order):
            invoice = self.bill_goods(order, 2)
            self.assertPoints(
                club,
                {"order": 1, "invoice": 2 / 3, "paid": 0}[club.earn_on] * self.whole,
            )
            refund = self.refund_goods(invoice, 1)
            self.assertPoints(
                club,
                {"order": 2 / 3, "invoice": 1 / 3, "paid": 0}[club.earn_on]
                * self.whole,
            )
            refund.button_draft()
            refund.button_cancel()
            self.assertPoints(
                club,
                {"order": 1, "invoice": 2 / 3, "paid": 0}[club.earn_on] * self.whole,
            )

        self.each_case(work)

    def test_an_invoice_taken_back_and_posted_again(self):
        def work(club, order):
            invoice = self.invoice(order)
            for _time in range(2):
                invoice.button_draft()
                self.assertPoints(club, self.at_once(club))
                invoice.action_post()
                self.assertPoints(club, self.whole if club.earn_on != "paid" else 0)

        self.each_case(work)

    def test_paid_and_refunded(self):
        def work(club, order):
            invoice = self.invoice(order)
            self.pay(invoice)
            self.assertPoints(club, self.whole)
            self.refund(invoice)
            self.assertPoints(club, 0, 0)

        self.each_case(work)

    def test_shrunk_grown_and_refunded(self):
        def work(club, order):
            goods = order.order_line.filtered(lambda line: not line.is_reward_line)
            goods.product_uom_qty = 1
            self.assertPoints(club, self.at_once(club) / 3)
            goods.product_uom_qty = 6
            self.assertPoints(club, self.at_once(club) * 2)
            self.refund(self.invoice(order))
            self.assertPoints(club, 0, 0)

        self.each_case(work)

    def test_the_reward_removed_and_the_order_cancelled(self):
        def work(club, order):
            order.order_line.filtered("is_reward_line").product_uom_qty = 0
            self.assertPoints(club, self.at_once(club), 0)
            order._action_cancel()
            self.assertPoints(club, 0, 0)

        self.each_case(work)

    def bill_goods(self, order, quantity):
        """Invoice so many of the goods, and the rest as the host does."""
        invoice = order._create_invoices()
        for line in invoice.invoice_line_ids:
            if not line.sale_line_ids.is_reward_line:
                line.quantity = quantity
        invoice.action_post()
        return invoice

    def refund_goods(self, invoice, quantity):
        credit = invoice._reverse_moves()
        for line in credit.invoice_line_ids:
            if line.sale_line_ids.is_reward_line:
                line.quantity = 0
            else:
                line.quantity = quantity
        credit.action_post()
        return credit

    def test_a_credit_note_that_settles_an_invoice_is_no_payment(self):
        """Whether the credit note comes before the payment, after it or between two."""

        def credit_and_pay(club, order, before=0):
            invoice = self.bill_goods(order, 3)
            if before:
                self.pay(invoice, before)
            self.settle_by(invoice, self.refund_goods(invoice, 1))
            part = before / (invoice.amount_total - 100)
            earned = {"order": 2 / 3, "invoice": 2 / 3, "paid": 2 / 3 * part}
            self.assertPoints(club, self.whole * earned[club.earn_on])
            self.pay(invoice)
            self.assertEqual(invoice.amount_residual, 0)
            self.assertPoints(club, self.whole * 2 / 3)

        self.each_case(credit_and_pay)
        self.each_case(lambda club, order: credit_and_pay(club, order, before=95))

    def settle_by(self, invoice, credit):
        lines = (invoice | credit).line_ids
        lines.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
