"""What tests of the facts share: reading them plainly, and comparing with a rebuild."""

from odoo.tools import SQL

from .common import DcrmCase


class PurchaseCase(DcrmCase):
    def sync(self, company=None, full=False):
        return self.env["dcrm.purchase"]._sync(company or self.company_a, full)

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
        for company in companies or self.companies:
            self.sync(company)
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
