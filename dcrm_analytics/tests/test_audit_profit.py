"""The invariants of the P&L of customers, each broken on purpose."""

from odoo.tests import tagged

from .common_profit import ProfitCase

BREAKS = [
    (
        "a row of another revenue than was posted",
        """UPDATE dcrm_customer_profit SET revenue = revenue + 1, margin = margin + 1,
        profit = profit + 1 WHERE move_id = %(invoice)s""",
        "profit_matches_ledger",
        "res.partner",
    ),
    (
        "a row of another day",
        """UPDATE dcrm_customer_profit SET date = date - 1
        WHERE move_id = %(invoice)s""",
        "profit_matches_ledger",
        "res.partner",
    ),
    (
        "a row of another customer",
        """UPDATE dcrm_customer_profit SET partner_id = %(other)s
        WHERE move_id = %(invoice)s""",
        "profit_matches_ledger",
        "res.partner",
    ),
    (
        "a lost row",
        "DELETE FROM dcrm_customer_profit WHERE move_id = %(invoice)s",
        "profit_matches_ledger",
        "res.partner",
    ),
    (
        "an entry that was posted behind the host's back",
        """UPDATE account_move SET state = 'posted' WHERE id = %(draft)s;
        UPDATE account_move_line SET parent_state = 'posted'
        WHERE move_id = %(draft)s""",
        "profit_matches_ledger",
        "res.partner",
    ),
    (
        "a margin that is not revenue less goods",
        """UPDATE dcrm_customer_profit SET margin = margin + 1
        WHERE move_id = %(invoice)s""",
        "profit_adds_up",
        "dcrm.customer.profit",
    ),
    (
        "a profit that is not the sum",
        """UPDATE dcrm_customer_profit SET profit = profit + 1
        WHERE move_id = %(invoice)s""",
        "profit_adds_up",
        "dcrm.customer.profit",
    ),
    (
        "a revenue of late payment",
        """UPDATE dcrm_customer_profit SET revenue = revenue + 1, margin = margin + 1,
        profit = profit + 1 WHERE source = 'late_payment'""",
        "profit_matches_sources",
        "account.move",
    ),
    (
        "a cost of late payment in the ledger",
        """UPDATE dcrm_customer_profit SET late_payment = -1, profit = profit - 1
        WHERE move_id = %(invoice)s AND source = 'ledger'""",
        "profit_matches_sources",
        "account.move",
    ),
    (
        "another cost of late payment",
        """UPDATE dcrm_customer_profit SET late_payment = late_payment - 1,
        profit = profit - 1 WHERE source = 'late_payment'""",
        "profit_matches_sources",
        "account.move",
    ),
    (
        "a lost cost of late payment",
        "DELETE FROM dcrm_customer_profit WHERE source = 'late_payment'",
        "profit_matches_sources",
        "account.move",
    ),
    (
        "another revenue of imported history",
        """UPDATE dcrm_customer_profit SET revenue = revenue + 1, margin = margin + 1,
        profit = profit + 1 WHERE purchase_id = %(history)s""",
        "profit_matches_sources",
        "dcrm.purchase",
    ),
    (
        "a lost row of imported history",
        "DELETE FROM dcrm_customer_profit WHERE purchase_id = %(history)s",
        "profit_matches_sources",
        "dcrm.purchase",
    ),
    (
        "a score of another profit",
        "UPDATE dcrm_customer_score SET profit = profit + 1 WHERE id = %(score)s",
        "scores_match_profit",
        "dcrm.customer.score",
    ),
    (
        "a row in another company's books than its entry",
        """UPDATE dcrm_customer_profit SET company_id = %(company_b)s
        WHERE move_id = %(invoice)s""",
        "companies_apart",
        "dcrm.customer.profit",
    ),
]


@tagged("post_install", "-at_install")
class TestAuditProfit(ProfitCase):
    def test_every_break_is_found_and_mended(self):
        customer, other = self.partner(), self.partner()
        self.company_a.late_payment_rate = 36.5
        self.invoice(other, 500, self.days_ago(60), invoice_date_due=self.days_ago(60))
        known = {
            "invoice": self.invoice(customer, 100).id,
            "history": self.purchase(customer, 70, self.days_ago(9), margin=20).id,
            "draft": self.invoice(customer, 30, post=False).id,
            "other": other.id,
            "company_b": self.company_b.id,
        }
        self.cost(customer, 40)
        self.refresh(*self.companies)
        known["score"] = self.score_of(customer).id
        self.assertNoViolations()
        for what, statement, invariant, model in BREAKS:
            with self.subTest(what):
                savepoint = self.env.cr.savepoint()
                for name, id_ in known.items():
                    statement = statement.replace(f"%({name})s", str(id_))
                self.env.cr.execute(statement)
                # Some breaks wake the queue of changes, which would excuse them.
                self.env.cr.execute("DELETE FROM dcrm_purchase_change")
                self.env.invalidate_all(flush=False)
                found = {
                    (violation["invariant"], violation["model"])
                    for violation in self.env["dcrm.audit"].run()
                }
                self.assertIn((invariant, model), found)
                if invariant != "companies_apart":
                    self.refresh(*self.companies, full=True)
                    self.assertNoViolations()
                savepoint.rollback()
                self.env.invalidate_all(flush=False)
        self.assertNoViolations()
