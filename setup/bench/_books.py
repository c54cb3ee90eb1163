"""Books for the orders of a benchmark: an invoice each, with its cost, and payments."""

import time
from contextlib import contextmanager

from _measuring import say

from odoo.fields import Command
from odoo.tools import SQL

# Of which type the accounts are that the books need.
ACCOUNTS = {
    "receivable": "asset_receivable",
    "income": "income",
    "cost": "expense_direct_cost",
    "stock": "asset_current",
    "bank": "asset_cash",
}
TABLES = ("account_move", "account_move_line", "account_partial_reconcile")

# A twentieth is never paid, the others 10 to 70 days after the day of the invoice.
INVOICES = """
    CREATE TEMPORARY TABLE bench_invoice ON COMMIT DROP AS
    SELECT o.*, %(move)s + o.n AS move_id, %(line)s + 5 * o.n AS line_id,
           round(o.amount * 0.6, 2) AS cost,
           CASE WHEN o.n %% 20 > 0 AND day + 10 + CAST(o.n * 7919 %% 61 AS integer)
                    <= %(today)s
                THEN day + 10 + CAST(o.n * 7919 %% 61 AS integer) END AS paid_on
      FROM (SELECT row_number() OVER (ORDER BY id) AS n, id AS order_id, partner_id,
                   company_id, currency_id, amount_untaxed AS amount,
                   CAST(date_order AS date) AS day, date_order AS stamp
              FROM sale_order WHERE company_id = %(company)s) AS o;
    ANALYZE bench_invoice;

    INSERT INTO account_move (id, name, journal_id, company_id, currency_id, state,
                              move_type, auto_post, checked, date, invoice_date,
                              invoice_date_due, partner_id, commercial_partner_id,
                              amount_untaxed, amount_total, amount_residual,
                              amount_untaxed_signed, amount_total_signed,
                              amount_residual_signed, payment_state, sequence_prefix,
                              sequence_number, create_date, write_date)
    SELECT move_id, 'INV/' || n, %(sales)s, company_id, currency_id, 'posted',
           'out_invoice', 'no', true, day, day, day + 30, partner_id, partner_id,
           amount, amount, due, amount, amount, due,
           CASE WHEN paid_on IS NULL THEN 'not_paid' ELSE 'paid' END, 'INV/', n, stamp,
           stamp
      FROM (SELECT *, CASE WHEN paid_on IS NULL THEN amount ELSE 0 END AS due
              FROM bench_invoice) AS invoice;
    INSERT INTO account_move (id, name, journal_id, company_id, currency_id, state,
                              move_type, auto_post, checked, date, sequence_prefix,
                              sequence_number, create_date, write_date)
    SELECT DISTINCT %(payment)s + (%(today)s - paid_on), 'PAY/' || paid_on,
           %(money)s, company_id, currency_id, 'posted', 'entry', 'no', true, paid_on,
           'PAY/', %(today)s - paid_on, paid_on::timestamp, paid_on::timestamp
      FROM bench_invoice WHERE paid_on IS NOT NULL
"""

# Of each invoice what is owed, the income, the cost and the stock; of each payment what
# the customer owes no more. The bank has a line a day.
LINES = """
    INSERT INTO account_move_line (id, move_id, move_name, journal_id, company_id,
                                   company_currency_id, currency_id, partner_id,
                                   account_id, parent_state, display_type, date,
                                   invoice_date, date_maturity, product_id, quantity,
                                   price_unit, price_subtotal, debit, credit, balance,
                                   amount_currency, amount_residual,
                                   amount_residual_currency, reconciled, create_date,
                                   write_date)
    SELECT i.line_id + line.k, i.move_id, 'INV/' || i.n, %(sales)s, i.company_id,
           i.currency_id, i.currency_id, i.partner_id, line.account, 'posted',
           line.kind, i.day, i.day, CASE WHEN line.k = 0 THEN i.day + 30 END,
           CASE WHEN line.k > 0 THEN (%(products)s)[1 + i.n %% %(kinds)s] END, 1,
           i.amount, CASE WHEN line.k = 1 THEN i.amount ELSE 0 END,
           GREATEST(line.balance, 0), GREATEST(-line.balance, 0), line.balance,
           line.balance, line.due, line.due, line.k = 0 AND i.paid_on IS NOT NULL,
           i.stamp, i.stamp
      FROM bench_invoice i
     CROSS JOIN LATERAL (
           VALUES (0, %(receivable)s, 'payment_term', i.amount,
                   CASE WHEN i.paid_on IS NULL THEN i.amount ELSE 0 END),
                  (1, %(income)s, 'product', -i.amount, 0),
                  (2, %(cost)s, 'cogs', i.cost, 0),
                  (3, %(stock)s, 'cogs', -i.cost, 0)
           ) AS line (k, account, kind, balance, due)
    UNION ALL
    SELECT i.line_id + 4, %(payment)s + (%(today)s - paid_on), 'PAY/' || paid_on,
           %(money)s, company_id, currency_id, currency_id, partner_id,
           %(receivable)s, 'posted', 'product', paid_on, NULL, paid_on, NULL, 0, 0, 0,
           0, amount, -amount, -amount, 0, 0, true, paid_on::timestamp,
           paid_on::timestamp
      FROM bench_invoice i WHERE paid_on IS NOT NULL
    UNION ALL
    SELECT %(bank_line)s + (%(today)s - paid_on), %(payment)s + (%(today)s - paid_on),
           'PAY/' || paid_on, %(money)s, company_id, currency_id, currency_id, NULL,
           %(bank)s, 'posted', 'product', paid_on, NULL, NULL, NULL, 0, 0, 0,
           sum(amount), 0, sum(amount), sum(amount), 0, 0, false, paid_on::timestamp,
           paid_on::timestamp
      FROM bench_invoice i WHERE paid_on IS NOT NULL
     GROUP BY paid_on, company_id, currency_id;

    INSERT INTO account_partial_reconcile (debit_move_id, credit_move_id, company_id,
                                           debit_currency_id, credit_currency_id,
                                           amount, debit_amount_currency,
                                           credit_amount_currency, max_date,
                                           create_date, write_date)
    SELECT line_id, line_id + 4, company_id, currency_id, currency_id, amount, amount,
           amount, paid_on, paid_on::timestamp, paid_on::timestamp
      FROM bench_invoice WHERE paid_on IS NOT NULL;

    INSERT INTO sale_order_line_invoice_rel (order_line_id, invoice_line_id)
    SELECT DISTINCT ON (i.line_id) item.id, i.line_id + 1
      FROM bench_invoice i JOIN sale_order_line item ON item.order_id = i.order_id
     ORDER BY i.line_id, item.id
"""

SEQUENCES = """
    SELECT setval(pg_get_serial_sequence('account_move', 'id'), max(id))
      FROM account_move;
    SELECT setval(pg_get_serial_sequence('account_move_line', 'id'), max(id))
      FROM account_move_line
"""

# The cost of a hundredth of the invoices is a unit more.
CHANGE = """
    UPDATE account_move SET write_date = create_date
     WHERE company_id = %(company)s AND write_date > create_date;
    UPDATE account_move SET write_date = clock_timestamp() AT TIME ZONE 'UTC'
     WHERE company_id = %(company)s AND move_type = 'out_invoice'
       AND id %% 100 = %(part)s;
    UPDATE account_move_line
       SET debit = debit + GREATEST(sign(balance), 0),
           credit = credit + GREATEST(-sign(balance), 0),
           balance = balance + sign(balance),
           amount_currency = amount_currency + sign(balance)
     WHERE display_type = 'cogs' AND move_id IN (
           SELECT id FROM account_move
            WHERE company_id = %(company)s AND write_date > create_date)
"""


def make_products(env, count=400, kinds=20):
    """Return so many products of so many categories."""
    categories = env["product.category"].create(
        [{"name": f"Bench {number}"} for number in range(kinds)]
    )
    return env["product.product"].create(
        [
            {"name": f"Bench {number}", "categ_id": categories[number % kinds].id}
            for number in range(count)
        ]
    )


def book(env, company, products):
    """Make an invoice for each order, and the payments of most."""
    started = time.perf_counter()
    values = {
        "company": company.id,
        "today": company._customer_today(),
        "products": products.ids,
        "kinds": len(products),
        **make_accounts(env, company),
    }
    env.flush_all()
    env.cr.execute("SELECT max(id) FROM sale_order_line")
    [count] = env.cr.fetchone()
    for name, table in (("move", "account_move"), ("line", "account_move_line")):
        env.cr.execute(
            SQL("SELECT COALESCE(max(id), 0) FROM %s", SQL.identifier(table))
        )
        [values[name]] = env.cr.fetchone()
    values["payment"] = values["move"] + count + 1
    values["bank_line"] = values["line"] + 5 * count + 5
    # The rows are right by construction: checking their foreign keys takes longest.
    env.cr.execute("SET LOCAL session_replication_role = replica")
    with without_indexes(env):
        for statement in (INVOICES, LINES, SEQUENCES):
            env.cr.execute(statement, values)
    env.cr.commit()
    filled = (*TABLES, "sale_order_line_invoice_rel")
    env.cr.execute(SQL("ANALYZE %s", SQL(", ").join(map(SQL.identifier, filled))))
    env.cr.commit()
    say(f"made their invoices in {time.perf_counter() - started:.0f} s")


def make_accounts(env, company):
    """Return the ids of a company's accounts and journals by name."""
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    accounts = env["account.account"].create(
        [
            {
                "name": name,
                "code": f"B{number}",
                "account_type": kind,
                "company_ids": [Command.set(company.ids)],
            }
            for number, (name, kind) in enumerate(ACCOUNTS.items())
        ]
    )
    ids = dict(zip(ACCOUNTS, accounts.ids, strict=True))
    journals = env["account.journal"].create(
        [
            {
                "name": name,
                "code": name,
                "type": kind,
                "company_id": company.id,
                "default_account_id": ids[account],
            }
            for name, kind, account in (
                ("BSALE", "sale", "income"),
                ("BBANK", "bank", "bank"),
            )
        ]
    )
    return {**ids, "sales": journals[0].id, "money": journals[1].id}


@contextmanager
def without_indexes(env):
    """Make the indexes of the books anew afterwards: that is much faster in bulk."""
    env.cr.execute(
        """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
          FROM pg_index
         WHERE indrelid = ANY (%s::regclass[]) AND NOT indisunique
        """,
        [list(TABLES)],
    )
    indexes = env.cr.fetchall()
    for name, _definition in indexes:
        env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    yield
    env.cr.execute("SET LOCAL maintenance_work_mem = '256MB'")
    for _name, definition in indexes:
        env.cr.execute(definition)
