"""What tests of the facts share: reading them plainly, and comparing with a rebuild."""

from odoo.tools import SQL
from odoo.tools.sql import table_exists

from .common import DcrmCase


class PurchaseCase(DcrmCase):
    def sync(self, company=None, full=False):
        """Synchronise a company, and have the next do with what changes from now on.

        All of a test is one transaction, whose own horizon no mark may follow, so all
        that was read is made to lie behind the mark.
        """
        company = company or self.company_a
        counts = self.env["dcrm.purchase"]._sync(company, full)
        for table in ("sale_order", "account_move", "pos_order"):
            if table_exists(self.env.cr, table):
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET write_date = '2020-01-01' WHERE company_id = %s",
                        SQL.identifier(table),
                        company.id,
                    )
                )
        self.env.cr.execute(
            SQL(
                "UPDATE dcrm_purchase_source SET mark = now() AT TIME ZONE 'UTC'"
                " WHERE company_id = %s",
                company.id,
            )
        )
        return counts

    def facts(self, partner, *names, company=None):
        """Return the facts of a customer, oldest first, as tuples of ``names``."""
        names = names or ("date", "amount")
        domain = [("partner_id", "=", partner.id)]
        if company:
            domain.append(("company_id", "=", company.id))
        found = self.env["dcrm.purchase"].search(domain, order="date, id")
        return [tuple(row[name] for name in names) for row in found]

    def amounts(self, partner, company=None):
        """Return the amounts of a customer's facts, smallest first."""
        return sorted(amount for [amount] in self.facts(partner, "amount"))

    def fact(self, document):
        """Return the fact of a document, or an empty recordset."""
        key = {"sale.order": "order_id", "account.move": "move_id"}[document._name]
        return self.env["dcrm.purchase"].search([(key, "=", document.id)])

    def table(self, company):
        """Return all that the facts of a company's documents say, by document."""
        return self.env.execute_query(
            SQL(
                """
                SELECT source, order_id, move_id, pos_order_ref, partner_id, contact_id,
                    user_id, date, amount, margin, margin_known, reference
                FROM dcrm_purchase WHERE company_id = %s AND source <> 'import'
                ORDER BY source, order_id, move_id, pos_order_ref
                """,
                company.id,
            )
        )

    def assertRebuilds(self, *companies):
        """The facts, brought up to date, equal those built anew from nothing."""
        for company in companies or [self.company_a]:
            self.assertFalse(self.sync(company)["full"])
            kept = self.table(company)
            self.env.cr.execute(
                SQL(
                    "DELETE FROM dcrm_purchase"
                    " WHERE company_id = %s AND source <> 'import'",
                    company.id,
                )
            )
            self.sync(company, full=True)
            self.assertEqual(kept, self.table(company))

    def by_invoice(self, company=None):
        """Make posted invoices the purchases of a company."""
        (company or self.company_a).purchase_basis = "invoice"

    def set_cost(self, cost, product=None, company=None):
        (product or self.product).with_company(
            company or self.company_a
        ).standard_price = cost
