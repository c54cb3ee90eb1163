"""What tests of concurrent transactions share: cursors of their own, and documents."""

from unittest.mock import patch

from odoo.tools import SQL

from ..queries import horizon
from .common_transaction import TransactionsCase


class CommittingCase(TransactionsCase):
    """Orders and invoices of the first company, written by plain SQL and committed.

    What a test leaves is taken back when it ends.
    """

    def setUp(self):
        super().setUp()
        # The margin would keep all that happens here within reach of the next
        # synchronisation, and so hide what a wrong horizon loses.
        self.startPatcher(patch.object(horizon, "MARGIN", "0 seconds"))
        with self.transaction() as env:
            company = env["res.company"].search([], order="id", limit=1)
            self.company_id, self.currency_id = company.id, company.currency_id.id
            partners = env["res.partner"].create([{"name": "Racer"} for _ in range(6)])
            self.partner_ids = partners.ids
            self.product_id = (
                env["product.product"].create({"name": "Race", "type": "service"}).id
            )
            self.account_id = (
                env["account.account"]
                .create({"name": "R", "code": "XRACE", "account_type": "income"})
                .id
            )
            self.journal_id = (
                env["account.journal"]
                .create(
                    {
                        "name": "Race",
                        "code": "XRAC",
                        "type": "sale",
                        "default_account_id": self.account_id,
                    }
                )
                .id
            )
        self.addCleanup(self._clean)

    def _clean(self):
        with self.transaction() as env:
            for table in ("purchase", "purchase_source", "purchase_change"):
                env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE company_id = %s",
                        SQL.identifier(f"dcrm_{table}"),
                        self.company_id,
                    )
                )
            for table in ("account_move", "sale_order"):
                env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE partner_id = ANY(%s)",
                        SQL.identifier(table),
                        self.partner_ids,
                    )
                )
            env["account.journal"].browse(self.journal_id).unlink()
            env["account.account"].browse(self.account_id).unlink()
            env["product.product"].browse(self.product_id).product_tmpl_id.unlink()
            env["res.partner"].browse(self.partner_ids).unlink()

    # -- transactions ----------------------------------------------------------------

    def sync(self, env, **options):
        company = env["res.company"].browse(self.company_id)
        return env["dcrm.purchase"]._sync(company, **options)

    def synced(self):
        """Synchronise in a transaction of its own; return what was done."""
        with self.transaction() as env:
            return self.sync(env)

    def facts(self, env):
        return env.execute_query(
            SQL(
                """
                SELECT source, order_id, move_id, partner_id, contact_id, user_id, date,
                    amount, margin, margin_known, reference
                FROM dcrm_purchase WHERE company_id = %s AND source <> 'import'
                ORDER BY order_id, move_id
                """,
                self.company_id,
            )
        )

    def amounts(self, order_id):
        with self.transaction() as env:
            return env.execute_query(
                SQL("SELECT amount FROM dcrm_purchase WHERE order_id = %s", order_id)
            )

    # -- documents -------------------------------------------------------------------

    def add_order(self, env, partner_id, amount):
        """Return the ids of a confirmed order and of its line."""
        [[order_id]] = env.execute_query(
            SQL(
                """
                INSERT INTO sale_order (
                    name, company_id, partner_id, partner_invoice_id,
                    partner_shipping_id, currency_id, currency_rate, state, date_order,
                    amount_untaxed, write_date
                )
                VALUES ('race', %(company)s, %(partner)s, %(partner)s, %(partner)s,
                    %(currency)s, 1, 'sale', now(), %(amount)s,
                    now() AT TIME ZONE 'UTC')
                RETURNING id
                """,
                company=self.company_id,
                partner=partner_id,
                currency=self.currency_id,
                amount=amount,
            )
        )
        [[line_id]] = env.execute_query(
            SQL(
                """
                INSERT INTO sale_order_line (
                    order_id, company_id, name, product_id, product_uom_id,
                    product_uom_qty, price_unit, price_subtotal, customer_lead
                )
                SELECT %s, %s, 'race', product.id, template.uom_id, 1, %s, %s, 0
                FROM product_product product
                JOIN product_template template
                    ON template.id = product.product_tmpl_id
                WHERE product.id = %s
                RETURNING id
                """,
                order_id,
                self.company_id,
                amount,
                amount,
                self.product_id,
            )
        )
        return order_id, line_id

    def add_invoice(self, env, partner_id, amount, line_id=None):
        """Return the id of a posted invoice, of an order's line if there is one."""
        [[move_id]] = env.execute_query(
            SQL(
                """
                INSERT INTO account_move (
                    name, move_type, state, date, invoice_date, journal_id, company_id,
                    currency_id, partner_id, commercial_partner_id, auto_post,
                    amount_untaxed_signed, write_date
                )
                VALUES ('race ' || gen_random_uuid(), 'out_invoice', 'posted',
                    now(), now(), %(journal)s, %(company)s, %(currency)s, %(partner)s,
                    %(partner)s, 'no', %(amount)s, now() AT TIME ZONE 'UTC')
                RETURNING id
                """,
                journal=self.journal_id,
                company=self.company_id,
                currency=self.currency_id,
                partner=partner_id,
                amount=amount,
            )
        )
        [[item_id]] = env.execute_query(
            SQL(
                """
                INSERT INTO account_move_line (
                    move_id, company_id, display_type, account_id, currency_id,
                    credit, debit, balance, amount_currency, quantity
                )
                VALUES (%(move)s, %(company)s, 'product', %(account)s, %(currency)s,
                    %(amount)s, 0, -%(amount)s, -%(amount)s, 1)
                RETURNING id
                """,
                move=move_id,
                company=self.company_id,
                account=self.account_id,
                currency=self.currency_id,
                amount=amount,
            )
        )
        if line_id:
            env.cr.execute(
                SQL(
                    "INSERT INTO sale_order_line_invoice_rel"
                    " (invoice_line_id, order_line_id) VALUES (%s, %s)",
                    item_id,
                    line_id,
                )
            )
        return move_id

    def change(self, env, order_id, **values):
        """Write on an order as the host does, with the stamp of the transaction."""
        assignments = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), value)
            for name, value in values.items()
        )
        env.cr.execute(
            SQL(
                "UPDATE sale_order SET %s, write_date = now() AT TIME ZONE 'UTC'"
                " WHERE id = %s",
                assignments,
                order_id,
            )
        )
