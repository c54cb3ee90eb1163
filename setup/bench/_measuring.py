"""What benchmarks on big databases share: customers with orders, time and memory."""

import argparse
import os
import resource
import statistics
import sys
import threading
import time
from pathlib import Path

RUNS = 3

CUSTOMERS = """
    INSERT INTO res_partner (name, complete_name, active, type, is_company,
                             autopost_bills, create_date, write_date)
    SELECT 'Bench ' || n, 'Bench ' || n, true, 'contact', false, 'ask', now(), now()
      FROM generate_series(1, %(customers)s) AS n;
    UPDATE res_partner SET commercial_partner_id = id
     WHERE commercial_partner_id IS NULL AND name LIKE 'Bench %%'
"""

# Who buys much is few, as everywhere: the square of an even draw picks the customer.
ORDERS = """
    INSERT INTO sale_order (name, partner_id, partner_invoice_id, partner_shipping_id,
                            company_id, currency_id, currency_rate, date_order, state,
                            amount_untaxed, amount_tax, amount_total, create_date,
                            write_date)
    SELECT 'B' || n, c.id, c.id, c.id, %(company)s, %(currency)s, 1, d, 'sale',
           a, 0, a, d, d
      FROM (SELECT n, CAST(power(random(), 1.6) * (%(customers)s - 1) AS integer) AS k,
                   date_trunc('second', now() AT TIME ZONE 'UTC'
                              - interval '1 day' * (1 + 1094 * power(random(), 1.2)))
                       AS d,
                   CAST(round(CAST(exp(4 + 1.2 * sqrt(-2 * ln(1 - random()))
                                       * cos(2 * pi() * random())) AS numeric), 2)
                        AS numeric) AS a
              FROM generate_series(1, %(orders)s) AS n) AS o
      JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k
              FROM res_partner WHERE name LIKE 'Bench %%') AS c USING (k)
"""

LINES = """
    INSERT INTO sale_order_line (order_id, company_id, order_partner_id, name,
                                 product_id, product_uom_id, product_uom_qty,
                                 price_unit,
                                 price_subtotal, price_total, customer_lead, state,
                                 invoice_status, sequence, create_date, write_date)
    SELECT o.id, o.company_id, o.partner_id, 'Bench',
           (%(products)s)[1 + (7 * o.id + line * line) %% %(kinds)s], %(unit)s, 1,
           o.amount_untaxed / 5, o.amount_untaxed / 5, o.amount_untaxed / 5, 0, 'sale',
           'to invoice', line, o.create_date, o.write_date
      FROM sale_order o CROSS JOIN generate_series(1, 5) AS line
     WHERE o.company_id = %(company)s
"""

# The last change becomes an old one, and a hundredth of the orders changes now.
CHANGE = """
    UPDATE sale_order SET write_date = date_order
     WHERE company_id = %(company)s AND write_date > date_order;
    UPDATE sale_order
       SET amount_untaxed = amount_untaxed + 10, amount_total = amount_total + 10,
           write_date = clock_timestamp() AT TIME ZONE 'UTC'
     WHERE company_id = %(company)s AND id %% 100 = %(part)s
"""


class Peak(threading.Thread):
    """Samples the memory of this process and its database session while it runs."""

    def __init__(self, session):
        super().__init__(daemon=True)
        self.session = session
        self.ended = threading.Event()
        self.process = self.database = 0

    def run(self):
        while not self.ended.wait(0.02):
            self.process = max(self.process, memory(os.getpid(), "VmRSS:"))
            self.database = max(self.database, self.session_memory())

    def session_memory(self):
        """The private memory of the session and of the workers that help it."""
        total = memory(self.session, "RssAnon:")
        word = f"parallel worker for PID {self.session}".encode()
        for command in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if word in command.read_bytes():
                    total += memory(command.parent.name, "RssAnon:")
            except OSError:
                continue
        return total

    def __exit__(self, *_error):
        self.ended.set()
        self.join()

    def __enter__(self):
        self.start()
        return self


def memory(pid, name):
    """A figure of a process in bytes; 0 where it cannot be seen."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    for line in status.splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    return 0


class Measured:
    """What a step took: seconds (median), statements, peaks in bytes."""

    def __init__(self, env, run, prepare=None, runs=RUNS):
        env.cr.execute("SELECT pg_backend_pid()")
        [session] = env.cr.fetchone()
        seconds = []
        with Peak(session) as peak:
            for number in range(runs):
                if prepare:
                    prepare(number)
                    env.cr.commit()
                before, started = env.cr.sql_log_count, time.perf_counter()
                run()
                env.cr.commit()
                seconds.append(time.perf_counter() - started)
                self.statements = env.cr.sql_log_count - before
        self.seconds = statistics.median(seconds)
        self.process, self.database = peak.process, peak.database


def make(env, orders, number, products=(), **company):
    """Make the customers, orders and lines of a size, in a company of their own.

    :param products: what is sold, in turn; default: one product
    :param company: values of the company
    """
    started = time.perf_counter()
    company = env["res.company"].create({"name": f"Bench {number}", **company})
    products = products or env["product.product"].create({"name": "Bench"})
    env.flush_all()
    values = {
        "company": company.id,
        "currency": company.currency_id.id,
        "customers": orders // 5,
        "orders": orders,
        "products": products.ids,
        "kinds": len(products),
        "unit": products[0].uom_id.id,
    }
    env.cr.execute(
        "UPDATE res_partner SET name = 'Old ' || name WHERE name LIKE 'Bench %'"
    )
    # The rows are right by construction: checking their foreign keys takes longest.
    env.cr.execute("SET LOCAL session_replication_role = replica")
    for statement in (CUSTOMERS, ORDERS, LINES):
        env.cr.execute(statement, values)
    env.cr.commit()
    env.cr.execute("ANALYZE res_partner, sale_order, sale_order_line")
    env.cr.commit()
    say(
        f"made {orders:,} orders with {5 * orders:,} lines "
        f"for {orders // 5:,} customers in {time.perf_counter() - started:.0f} s"
    )
    return company


def sizes(name, description):
    """Return the numbers of lines that are asked for."""
    parser = argparse.ArgumentParser(prog=f"bench {name}", description=description)
    parser.add_argument(
        "--lines", type=int, nargs="+", default=[5_000_000, 1_000_000], metavar="N"
    )
    return parser.parse_args().lines


def heading(size, columns):
    """Print what a table is of, and the names of its columns."""
    print(f"\n{size:,} lines, {size // 5:,} orders, {size // 25:,} customers")
    print(f"{'':24}{columns}{'queries':>9}{'process':>9}{'session':>9}")


def row(name, figures, step):
    """Print a row: figures, statements and memory of a step."""
    print(
        f"{name:24}{figures}{step.statements:9}{step.process / 2**20:7.0f}MB"
        f"{step.database / 2**20:7.0f}MB"
    )
    sys.stdout.flush()


def peak():
    """Print the most that the process ever held."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nThe process never held more than {held:.0f} MB.")


def say(text):
    print(text, file=sys.stderr, flush=True)
