"""The P&L of customers is what the ledger says, whatever happens to its entries."""

from odoo.fields import Command
from odoo.tests import tagged

from .common_profit import ProfitCase


@tagged("post_install", "-at_install")
class TestProfit(ProfitCase):
    def test_revenue_and_cost_of_a_customer(self):
        customer, contact = self.partner(is_company=True), None
        contact = self.partner(parent_id=customer.id)
        invoice = self.invoice(contact, 100, self.days_ago(40))
        self.cost(customer, 60, date=self.days_ago(39))
        self.refresh()
        self.assertLedger()
        [row] = self.profit_of(customer).filtered("move_id.invoice_date")
        self.assertEqual(row.move_id, invoice)
        self.assertEqual((row.revenue, row.goods, row.profit), (100, 0, 100))
        self.assertFalse(row.cost_known)
        self.assertFalse(self.profit_of(contact))
        self.assertEqual(sum(self.profit_of(customer).mapped("profit")), 40)
        self.assertEqual(self.score_of(customer).profit, 40)
        self.assertLedger(date_from=self.days_ago(39))
        self.assertLedger(date_to=self.days_ago(40))
        self.assertNoViolations()

    def test_what_is_booked_later_changes_the_relation_alone(self):
        """The books change whether a customer is profitable, not when it bought."""
        customer = self.partner()
        self.invoice(customer, 100, self.days_ago(900))
        self.invoice(customer, 100, self.days_ago(20))
        rhythm = ["purchase_due_date", "danger_since", "lifecycle", "lifecycle_since"]
        self.refresh()
        score = self.score_of(customer)
        self.assertEqual((score.relation, score.lifecycle), ("friend", "won_back"))
        [before] = score.read(rhythm)
        self.cost(customer, 500)
        self.refresh()
        self.assertEqual((score.relation, score.profit), ("barnacle", -300))
        self.assertEqual(score.read(rhythm), [before])
        self.assertNoViolations()

    def test_cost_lines_of_invoices_count_on_any_expense_account(self):
        """The host posts them on the account of the product, whatever its type."""
        customer = self.partner()
        accounts, _journals = self.books[self.company_a]
        invoice = self.invoice(customer, 100, post=False)
        invoice.line_ids = [
            Command.create(
                {
                    "display_type": "cogs",
                    "account_id": accounts[kind].id,
                    "balance": balance,
                    "partner_id": customer.id,
                }
            )
            for kind, balance in (("expense", 45), ("asset_current", -45))
        ]
        invoice.action_post()
        self.entry(("expense", customer, 7))
        self.refresh()
        self.assertLedger()
        row = self.profit_of(customer)
        self.assertEqual((row.revenue, row.goods, row.margin), (100, -45, 55))
        self.assertTrue(row.cost_known)

    def test_drafts_cancelled_and_vendors_do_not_count(self):
        customer, vendor = self.partner(), self.partner()
        self.invoice(customer, 100, post=False)
        self.invoice(customer, 50, post=False).button_cancel()
        self.bill(vendor, 70)
        self.refresh()
        self.assertLedger()
        self.assertFalse(self.profit_of(customer) | self.profit_of(vendor))
        goods = self.profits.reconcile(self.company_a)["goods"]
        self.assertEqual((goods["ledger"], goods["customers"]), (-70, 0))
        self.assertEqual(goods["parts"]["vendor"]["difference"], -70)

    def test_a_vendor_that_buys_is_a_customer(self):
        both = self.partner()
        self.bill(both, 70)
        self.invoice(both, 100)
        self.refresh()
        self.assertLedger()
        self.assertEqual(self.profit_of(both).profit, 100)

    def test_entries_that_name_nobody_are_the_difference(self):
        self.invoice(self.partner(), 100)
        self.entry(("income", None, -30), ("expense_direct_cost", None, 12))
        self.refresh()
        self.assertLedger()
        lines = self.profits.reconcile(self.company_a)
        self.assertEqual(lines["revenue"]["difference"], 30)
        self.assertEqual(lines["revenue"]["parts"]["nobody"]["difference"], 30)
        self.assertEqual(lines["goods"]["difference"], -12)

    def test_reversal_draft_other_customer_and_deletion(self):
        customer, other = self.partner(), self.partner()
        first = self.invoice(customer, 100, self.days_ago(20))
        second = self.invoice(customer, 40, self.days_ago(10))
        self.refresh()
        self.credit_note(first, 30)
        self.refresh()
        self.assertLedger()
        self.assertEqual(sum(self.profit_of(customer).mapped("revenue")), 110)
        second.button_draft()
        self.refresh()
        self.assertLedger()
        second.partner_id = other
        second.invoice_date = self.days_ago(3)
        second.action_post()
        self.refresh()
        self.assertLedger()
        self.assertEqual(self.profit_of(other).date, self.days_ago(3))
        second.button_draft()
        second.name = False
        second.unlink()
        self.refresh()
        self.assertLedger()
        self.assertFalse(self.profit_of(other))
        self.assertNoViolations()

    def test_a_posted_line_on_another_account_or_of_another_partner(self):
        customer, other = self.partner(), self.partner()
        accounts, _journals = self.books[self.company_a]
        move = self.entry(("income", customer, -80), ("income", other, -20))
        self.refresh()
        self.assertEqual(len(move.line_ids.filtered("partner_id")), 2)
        line = move.line_ids.filtered(lambda line: line.partner_id == customer)
        line.account_id = accounts["income_other"]
        self.refresh()
        self.assertLedger()
        self.assertFalse(self.profit_of(customer))
        line.account_id = accounts["expense_direct_cost"]
        line.partner_id = other
        self.refresh()
        self.assertLedger()
        row = self.profit_of(other)
        self.assertEqual((row.revenue, row.goods), (20, 80))

    def test_an_account_that_becomes_another_type(self):
        customer = self.partner()
        accounts, _journals = self.books[self.company_a]
        self.entry(("income_other", customer, -15))
        self.refresh()
        self.assertFalse(self.profit_of(customer))
        accounts["income_other"].account_type = "income"
        self.refresh()
        self.assertLedger()
        self.assertEqual(self.profit_of(customer).revenue, 15)

    def test_payments_exchange_difference_and_write_off(self):
        """What is paid, lost by exchange or written off is no revenue given back,
        unless it is posted as such."""
        customer = self.partner()
        accounts, _journals = self.books[self.company_a]
        dollars = self.invoice(customer, 100, "2023-06-01", currency=self.usd)
        euros = self.invoice(customer, 60, self.days_ago(5))
        self.refresh()
        self.pay(dollars, 40, date="2023-07-01")
        self.refresh()
        self.assertLedger()
        self.pay(dollars, date="2024-02-01")
        self.assertEqual(dollars.payment_state, "paid")
        self.pay(
            euros,
            50,
            payment_difference_handling="reconcile",
            writeoff_account_id=accounts["income"].id,
            writeoff_label="Rebate",
        )
        self.assertEqual(euros.payment_state, "paid")
        self.refresh()
        self.assertLedger()
        # 80 and 60 of invoices, less the 10 that were written off as revenue.
        self.assertEqual(sum(self.profit_of(customer).mapped("revenue")), 130)
        self.assertNoViolations()

    def test_two_companies_and_currencies(self):
        customer = self.partner()
        self.invoice(customer, 100, "2023-06-01", currency=self.usd)
        self.invoice(customer, 10_000, company=self.company_b)
        self.cost(customer, 4_000, company=self.company_b)
        self.refresh(*self.companies)
        for company in self.companies:
            self.assertLedger(company)
        self.assertEqual(self.score_of(customer).profit, 80)
        self.assertEqual(self.score_of(customer, self.company_b).profit, 6_000)

    def test_only_refunds_and_a_negative_margin(self):
        refunded, costly = self.partner(), self.partner()
        self.invoice(refunded, 25, move_type="out_refund")
        self.invoice(costly, 25)
        self.cost(costly, 40)
        self.refresh()
        self.assertLedger()
        self.assertEqual(self.score_of(refunded).profit, -25)
        self.assertEqual(self.score_of(costly).profit, -15)

    def test_imported_history_is_beside_the_books(self):
        customer = self.partner()
        known = self.purchase(customer, 100, margin=30)
        unknown = self.purchase(customer, 50)
        self.refresh()
        rows = {row.purchase_id: row for row in self.profit_of(customer)}
        self.assertEqual(
            (rows[known].revenue, rows[known].goods, rows[known].profit),
            (100, -70, 30),
        )
        self.assertEqual((rows[unknown].goods, rows[unknown].cost_known), (0, False))
        self.assertEqual(rows[unknown].revenue_of_unknown_cost, 50)
        [[total]] = self.profits._read_group(
            [("partner_id", "=", customer.id)],
            aggregates=["revenue_of_unknown_cost:sum"],
        )
        self.assertEqual(total, 50, "the pivot says of how much no cost is known")
        revenue = self.profits.reconcile(self.company_a)["revenue"]
        self.assertEqual((revenue["ledger"], revenue["customers"]), (0, 150))
        self.assertEqual(revenue["parts"]["import"]["difference"], -150)
        further = self.purchase(customer, 7)
        self.refresh()
        self.assertEqual(sum(self.profit_of(customer).mapped("revenue")), 157)
        further.sudo().unlink()
        self.refresh()
        self.assertEqual(self.score_of(customer).profit, 80)

    def test_late_payment_costs_what_the_company_says(self):
        customer = self.partner()
        late = self.invoice(
            customer,
            1_000,
            self.days_ago(400),
            invoice_date_due=self.days_ago(365),
        )
        self.refresh()
        self.assertEqual(self.score_of(customer).profit, 1_000)
        self.company_a.late_payment_rate = 10
        self.refresh()
        [row] = self.profit_of(customer).filtered(lambda row: row.late_payment)
        self.assertEqual((row.move_id, row.source), (late, "late_payment"))
        self.assertEqual((row.late_payment, row.profit), (-100, -100))
        self.assertEqual(row.date, late.date)
        self.assertEqual(self.score_of(customer).profit, 900)
        self.pay(late)
        self.company_a.late_payment_rate = 0
        self.refresh()
        self.assertEqual(self.score_of(customer).profit, 1_000)

    def test_nothing_is_written_where_nothing_changed(self):
        for amount in (10, 20):
            self.invoice(self.partner(), amount)
        self.refresh()
        counts = self.profits._sync(self.company_a, full=True)
        self.assertEqual(counts, {"written": 0, "deleted": 0})

    def test_a_full_refresh_finds_what_was_written_behind_our_back(self):
        customer = self.partner()
        self.invoice(customer, 10)
        kept = self.invoice(self.partner(), 20)
        self.refresh()
        row = self.profit_of(customer)
        for spoilt in ("revenue = 11", "date = date - 1", "goods = -1"):
            with self.subTest(spoilt):
                self.env.cr.execute(
                    f"UPDATE dcrm_customer_profit SET {spoilt} WHERE id = {row.id}"
                )
                counts = self.profits._sync(self.company_a, full=True)
                self.assertEqual(counts, {"written": 1, "deleted": 0})
                self.assertLedger()
        self.env.cr.execute(
            "DELETE FROM dcrm_customer_profit WHERE move_id = %s", [kept.id]
        )
        self.profits._sync(self.company_a, full=True)
        self.profits.invalidate_model()
        self.assertLedger()

    def test_first_build_in_batches(self):
        for amount in range(1, 6):
            self.invoice(self.partner(), amount)
        self.assertEqual(self.profits._build_step(self.company_a, limit=2)[0], 0)
        steps = 0
        while any(self.profits._build_step(self.company_a, limit=2)):
            steps += 1
            self.assertLess(steps, 50)
        self.assertGreater(steps, 2)
        self.assertLedger()
