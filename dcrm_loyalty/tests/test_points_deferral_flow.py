from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .common_deferral import DeferralCase

CENTS = 2


@tagged("post_install", "-at_install")
class TestPointsDeferralFlow(DeferralCase):
    """Invoices, credit notes, redemptions and expiry, and what they do to a cohort."""

    def setUp(self):
        super().setUp()
        self.kept = self.deferring_club(expected_redemption=100)

    def last_period(self, month="2026-01"):
        return self.cohort(self.kept, month).period_ids[0]

    # -- granting ----------------------------------------------------------------------

    def test_an_order_is_not_deferred_before_its_invoice(self):
        order = self.order(11, confirm=True)
        self.close(self.kept, "2026-01-31")
        self.assertFalse(self.cohort(self.kept))
        self.at("2026-02-03")
        self.invoice(order)
        self.close(self.kept, "2026-02-28")
        self.assertFalse(self.cohort(self.kept))
        # 1,100 for goods of 1,100 and 110 points of one.
        self.assertCohort(
            self.cohort(self.kept, "2026-02"), deferred=100, liability=100
        )

    def test_an_invoice_grants_points_of_two_clubs(self):
        """Its price is divided over the goods and both rights at once."""
        program = self.make_program(amount=0.1)
        other = self.deferring_club(program_id=program.id, expected_redemption=50)
        invoice = self.sell(1_150, "2026-01-10")
        for club in (self.kept, other):
            self.close(club, "2026-01-31")
        # 1,150 for goods of 1,150, 115 points of one, and 57.50 of the other club.
        first, second = self.cohort(self.kept), self.cohort(other)
        self.assertEqual((first.issued, first.deferred), (115, 100))
        self.assertEqual((second.issued, second.deferred), (115, 50))
        self.assertEqual(self.owed(self.kept), 150)
        other.expected_redemption = 100
        self.refund(invoice)
        for club in (self.kept, other):
            self.close(club, "2026-02-28")
        self.assertEqual((first.issued, first.deferred), (0, 0))
        self.assertEqual((second.issued, second.deferred), (0, 0))
        self.assertEqual(self.owed(self.kept), 0)
        self.assertNoViolations()

    def test_parts_of_an_order_are_deferred_as_they_are_invoiced(self):
        order = self.order(10, confirm=True)
        self.invoice(order, quantity=4)
        self.at("2026-02-03")
        self.invoice(order, quantity=6)
        self.close(self.kept, "2026-01-31")
        self.assertCohort(self.cohort(self.kept), issued=40, deferred=36.36)
        self.close(self.kept, "2026-02-28")
        self.assertCohort(self.cohort(self.kept), issued=40, deferred=36.36)
        self.assertCohort(self.cohort(self.kept, "2026-02"), issued=60, deferred=54.55)

    def test_the_entry_moves_revenue_to_the_liability(self):
        invoice = self.sell(1_100)
        self.close(self.kept, "2026-01-31")
        entry = self.last_period().entry_id
        self.assertEqual(entry.state, "posted")
        self.assertEqual(entry.date, date(2026, 1, 31))
        self.assertEqual(entry.journal_id, self.kept.deferral_journal_id)
        self.assertEqual(
            self.amounts(entry),
            {
                self.kept.deferral_account_id: -100,
                self.kept.deferral_revenue_account_id: 100,
            },
        )
        # From the entry to its points, to the invoices, and back.
        action = entry.action_open_deferred_points()
        self.assertEqual(action["res_id"], self.cohort(self.kept).id)
        self.assertEqual(entry.points_period_ids.line_ids.invoice_id, invoice)
        action = invoice.action_open_deferred_points()
        self.assertEqual(action["res_id"], self.cohort(self.kept).id)
        entries = self.cohort(self.kept).action_open_entries()
        self.assertEqual(self.env["account.move"].search(entries["domain"]), entry)

    def test_goods_count_at_their_price_before_discounts(self):
        order = self.order(10)
        order.order_line.discount = 20
        order.action_confirm()
        self.invoice(order)
        self.close(self.kept, "2026-01-31")
        # 800 paid for goods of 1,000 and 80 points of one.
        self.assertCohort(
            self.cohort(self.kept), issued=80, revenue=800, deferred=59.26
        )

    def test_points_spent_on_an_order_are_no_price_of_it(self):
        self.give(self.kept, 50)
        order = self.order(1)
        self.reward(order)
        order.action_confirm()
        self.invoice(order)
        self.close(self.kept, "2026-01-31")
        issued = self.cohort(self.kept).issued
        # 90 paid for what costs 90 beside the points, and so many points.
        deferred = round(90 * issued / (90 + issued), CENTS)
        self.assertCohort(self.cohort(self.kept), revenue=90, deferred=deferred)

    def test_a_down_payment_grants_with_the_invoice_that_deducts_it(self):
        order = self.order(11, confirm=True)
        self.down_payment(order, 500)
        self.close(self.kept, "2026-01-31")
        self.assertFalse(self.cohort(self.kept).deferred)
        self.at("2026-02-03")
        order._create_invoices(final=True).action_post()
        self.close(self.kept, "2026-02-28")
        self.assertCohort(
            self.cohort(self.kept, "2026-02"), revenue=1_100, deferred=100
        )

    def test_invoices_before_the_first_day_stay_out(self):
        self.kept.deferral_ids.unlink()
        self.kept.deferral_from = "2026-02-15"
        self.sell(1_100, "2026-02-14")
        self.sell(1_100, "2026-02-15")
        self.close(self.kept, "2026-02-28")
        self.assertCohort(
            self.cohort(self.kept, "2026-02"), revenue=1_100, deferred=100
        )

    def test_earned_on_payment_is_deferred_when_it_is_paid(self):
        self.kept.earn_on = "paid"
        invoice = self.sell(1_100)
        self.close(self.kept, "2026-01-31")
        self.assertFalse(self.cohort(self.kept))
        self.at("2026-02-03")
        self.pay(invoice)
        self.close(self.kept, "2026-02-28")
        self.assertCohort(self.cohort(self.kept), issued=110, deferred=100)
        self.assertEqual(self.last_period().entry_id.date, date(2026, 2, 28))

    def test_pending_points_are_deferred_and_released_ones_once(self):
        self.kept.pending_days = 40
        self.sell(1_100)
        self.close(self.kept, "2026-01-31")
        self.assertCohort(self.cohort(self.kept), outstanding=110, deferred=100)
        account = self.account(self.kept)
        self.at("2026-02-20")
        [(root, points)] = account._pending_roots()
        account._post("release", points, pending=-points, origin_id=root.id)
        self.close(self.kept, "2026-02-28")
        self.assertCohort(
            self.cohort(self.kept), outstanding=110, deferred=100, liability=100
        )

    # -- redeeming and expiring --------------------------------------------------------

    def test_what_is_redeemed_becomes_revenue(self):
        self.sell(1_100)
        self.redeem(self.kept, 33)
        self.close(self.kept, "2026-01-31")
        self.assertCohort(
            self.cohort(self.kept), redeemed=33, recognised=30, liability=70
        )
        self.assertEqual(
            self.amounts(self.last_period().entry_id)[self.kept.deferral_account_id],
            -70,
        )

    def test_what_is_given_back_is_a_liability_again(self):
        self.sell(1_100)
        spent = self.redeem(self.kept, 33)
        self.close(self.kept, "2026-01-31")
        self.at("2026-02-10")
        self.account(self.kept)._reverse(spent, 33)
        self.close(self.kept, "2026-02-28")
        self.assertCohort(self.cohort(self.kept), redeemed=0, liability=100)
        self.redeem(self.kept, 11, "2026-03-03")
        self.close(self.kept, "2026-03-31")
        self.assertCohort(self.cohort(self.kept), redeemed=11, liability=90)

    def test_what_expires_becomes_revenue(self):
        self.kept.write({"points_expiry": "earned", "expiry_months": 1})
        self.sell(1_100)
        self.redeem(self.kept, 22)
        self.close(self.kept, "2026-01-31")
        self.at("2026-02-10")
        self.account(self.kept)._lock()
        self.close(self.kept, "2026-02-28")
        self.assertCohort(
            self.cohort(self.kept), redeemed=22, expired=88, liability=0, recognised=100
        )
        self.assertEqual(self.last_period().expired_amount, 80)

    def test_expiry_within_the_breakage_changes_nothing(self):
        self.kept.write({"expected_redemption": 50, "points_expiry": "earned"})
        self.sell(1_100, partner=self.partner("Other"))
        self.kept.expiry_months = 1
        self.sell(1_100)
        self.close(self.kept, "2026-01-31")
        liability = self.cohort(self.kept).liability
        self.at("2026-03-10")
        self.account(self.kept)._lock()
        self.close(self.kept, "2026-03-31")
        self.assertCohort(self.cohort(self.kept), expired=110, liability=liability)

    def test_the_older_cohort_is_used_first(self):
        self.kept.write({"points_expiry": "earned", "expiry_months": 24})
        self.sell(1_100, "2026-01-10")
        self.sell(1_100, "2026-02-10")
        self.redeem(self.kept, 165)
        self.close(self.kept, "2026-02-28")
        self.assertCohort(self.cohort(self.kept), redeemed=110, liability=0)
        self.assertCohort(self.cohort(self.kept, "2026-02"), redeemed=55, liability=50)

    # -- taking back -------------------------------------------------------------------

    def test_a_credit_note_takes_back_what_its_invoice_deferred(self):
        invoice = self.sell(1_100)
        self.close(self.kept, "2026-01-31")
        self.at("2026-02-10")
        self.refund(invoice)
        self.close(self.kept, "2026-02-28")
        self.assertCohort(self.cohort(self.kept), issued=0, deferred=0, liability=0)
        self.assertEqual(self.last_period().refunded_amount, -100)
        self.assertEqual(self.last_period().line_ids.invoice_id, invoice)

    def test_part_of_a_credit_note_takes_back_its_part(self):
        invoice = self.sell(1_100)
        self.close(self.kept, "2026-01-31")
        self.at("2026-02-10")
        self.refund(invoice, quantity=2.75)
        self.close(self.kept, "2026-02-28")
        self.assertCohort(self.cohort(self.kept), issued=82.5, deferred=75)

    def test_spent_points_that_are_taken_back_are_revenue_no_more(self):
        invoice = self.sell(1_100)
        self.redeem(self.kept, 110)
        self.close(self.kept, "2026-01-31")
        self.assertCohort(self.cohort(self.kept), recognised=100, liability=0)
        self.at("2026-02-10")
        self.refund(invoice)
        self.close(self.kept, "2026-02-28")
        self.assertCohort(self.cohort(self.kept), deferred=0, recognised=0, liability=0)
        # Later earnings work the debt off: they are redeemed already.
        self.sell(1_100, "2026-03-10")
        self.close(self.kept, "2026-03-31")
        self.assertCohort(
            self.cohort(self.kept, "2026-03"), redeemed=110, recognised=100, liability=0
        )

    def test_a_credit_note_within_the_month_leaves_nothing(self):
        self.refund(self.sell(1_100))
        self.close(self.kept, "2026-01-31")
        self.assertFalse(self.cohort(self.kept).deferred)
        self.assertEqual(self.owed(self.kept), 0)

    def test_an_invoice_that_is_posted_again_counts_once(self):
        invoice = self.sell(1_100)
        self.close(self.kept, "2026-01-31")
        self.at("2026-02-10")
        invoice.button_draft()
        self.close(self.kept, "2026-02-28")
        self.assertCohort(self.cohort(self.kept), deferred=0)
        self.at("2026-03-10")
        invoice.action_post()
        self.close(self.kept, "2026-03-31")
        self.assertCohort(self.cohort(self.kept), deferred=100)

    def test_a_cancelled_order_defers_nothing(self):
        invoice = self.sell(1_100)
        self.close(self.kept, "2026-01-31")
        self.at("2026-02-10")
        invoice.button_draft()
        invoice.button_cancel()
        invoice.invoice_line_ids.sale_line_ids.order_id._action_cancel()
        self.close(self.kept, "2026-02-28")
        self.assertCohort(self.cohort(self.kept), issued=0, deferred=0, liability=0)

    # -- currencies and companies ------------------------------------------------------

    def test_another_currency_is_deferred_in_that_of_the_company(self):
        dollars = self.env["product.pricelist"].create(
            {
                "name": "Dollars",
                "currency_id": self.usd.id,
                "company_id": self.company_a.id,
            }
        )
        order = self.order(1, pricelist_id=dollars.id)
        order.order_line.price_unit = 2_200
        order.action_confirm()
        invoice = self.invoice(order)
        self.close(self.kept, "2026-01-31")
        # A dollar is half a euro: 1,100 euros.
        self.assertEqual(invoice.currency_id, self.usd)
        self.assertCohort(self.cohort(self.kept), revenue=1_100, deferred=100)
        entry = self.last_period().entry_id
        self.assertEqual(entry.currency_id, self.eur)

    def test_companies_defer_apart(self):
        program = self.make_program(amount=0.1, company=self.company_b)
        other = self.deferring_club(company=self.company_b, program_id=program.id)
        self.sell(1_100)
        self.sell(2_200, company=self.company_b)
        self.close(self.kept, "2026-01-31")
        self.close(other, "2026-01-31")
        self.assertCohort(self.cohort(self.kept), deferred=100)
        self.assertEqual(
            self.cohort(other).period_ids.entry_id.company_id, self.company_b
        )
        self.assertEqual(self.cohort(other).revenue, 2_200)
        self.assertNoViolations()

    def test_gift_cards_that_pay_take_nothing_off_the_price(self):
        liability = self.env["account.account"].create(
            {"name": "Cards", "code": "X489", "account_type": "liability_current"}
        )
        order = self.order(11, confirm=True)
        invoice = self.invoice(order, post=False)
        card = order.order_line[0].copy({"order_id": order.id, "price_unit": -50})
        invoice.write(
            {
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Gift card",
                            "quantity": 1,
                            "price_unit": -50,
                            "account_id": liability.id,
                            "tax_ids": [Command.clear()],
                            "sale_line_ids": [Command.link(card.id)],
                        }
                    )
                ]
            }
        )
        invoice.action_post()
        self.close(self.kept, "2026-01-31")
        self.assertEqual(self.cohort(self.kept).revenue, 1_100)
