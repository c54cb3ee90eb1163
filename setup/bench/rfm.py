"""How long scoring takes beside bare SQL, on a big database that is made here.

    ./setup/dcrm bench rfm [--lines 5000000 1000000]

A fifth of the lines are orders and a twenty-fifth are customers, all in a company of
their own, made set-based. For each size it prints

- baseline: bare SQL that classes the customers of the order headers by quantiles and
  inserts them into a fresh table;
- first build: the first refresh, facts and scores from nothing;
- full refresh: all facts compared with their orders, cut points moved, all scored;
- nothing changed and 1 % changed: refreshes after that.

Medians of several runs, each in a transaction of its own, committed. Memory is the peak
that the process and its database session had beyond shared buffers.
"""

import argparse
import os
import resource
import statistics
import sys
import threading
import time
from pathlib import Path

RUNS = 3
GOALS = {"full refresh": 1.5, "1 % changed": 0.2, "nothing changed": 0.05}

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
    SELECT o.id, o.company_id, o.partner_id, 'Bench', %(product)s, %(unit)s, 1,
           o.amount_untaxed / 5, o.amount_untaxed / 5, o.amount_untaxed / 5, 0, 'sale',
           'to invoice', line, o.create_date, o.write_date
      FROM sale_order o CROSS JOIN generate_series(1, 5) AS line
     WHERE o.company_id = %(company)s
"""

BASELINE = """
    DROP TABLE IF EXISTS bench_rfm;
    CREATE TABLE bench_rfm (
        partner_id integer PRIMARY KEY, last_purchase timestamp, frequency integer,
        monetary numeric, recency_class integer, frequency_class integer,
        monetary_class integer
    );
    INSERT INTO bench_rfm
    WITH figure AS (
        SELECT partner_id, max(date_order) AS last_purchase, count(*) AS frequency,
               sum(amount_untaxed) AS monetary
          FROM sale_order WHERE state = 'sale' AND company_id = %(company)s
         GROUP BY partner_id
    ), cut AS (
        SELECT percentile_disc(ARRAY[.2, .4, .6, .8]) WITHIN GROUP (ORDER BY
                   last_purchase) AS r,
               percentile_disc(ARRAY[.2, .4, .6, .8]) WITHIN GROUP (ORDER BY
                   frequency) AS f,
               percentile_disc(ARRAY[.2, .4, .6, .8]) WITHIN GROUP (ORDER BY
                   monetary) AS m
          FROM figure
    )
    SELECT partner_id, last_purchase, frequency, monetary,
           CASE WHEN last_purchase > r[4] THEN 5 WHEN last_purchase > r[3] THEN 4
                WHEN last_purchase > r[2] THEN 3 WHEN last_purchase > r[1] THEN 2
                ELSE 1 END,
           CASE WHEN frequency > f[4] THEN 5 WHEN frequency > f[3] THEN 4
                WHEN frequency > f[2] THEN 3 WHEN frequency > f[1] THEN 2 ELSE 1 END,
           CASE WHEN monetary > m[4] THEN 5 WHEN monetary > m[3] THEN 4
                WHEN monetary > m[2] THEN 3 WHEN monetary > m[1] THEN 2 ELSE 1 END
      FROM figure CROSS JOIN cut
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


def make(env, orders, number):
    """Make the customers, orders and lines of a size, in a company of their own."""
    started = time.perf_counter()
    company = env["res.company"].create(
        {"name": f"Bench {number}", "customer_worth": False}
    )
    product = env["product.product"].create({"name": "Bench"})
    env.flush_all()
    values = {
        "company": company.id,
        "currency": company.currency_id.id,
        "customers": orders // 5,
        "orders": orders,
        "product": product.id,
        "unit": product.uom_id.id,
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


def measure(env, company):
    """Take the measures of a company: ``{name: Measured}``."""
    scores = env["dcrm.customer.score"].with_company(company)
    values = {"company": company.id}
    steps = {}

    def step(name, *args, **kwargs):
        say(f"{name} …")
        steps[name] = Measured(env, *args, **kwargs)

    step("baseline", lambda: env.cr.execute(BASELINE, values))
    step("first build", lambda: scores.refresh(company), runs=1)
    step("full refresh", lambda: scores.refresh(company, full=True))
    step("nothing changed", lambda: scores.refresh(company))
    step(
        "1 % changed",
        lambda: scores.refresh(company),
        lambda number: env.cr.execute(CHANGE, {**values, "part": number}),
    )
    return steps


def report(size, steps):
    """Print the table of a size."""
    baseline, full = steps["baseline"].seconds, steps["full refresh"].seconds
    print(f"\n{size:,} lines, {size // 5:,} orders, {size // 25:,} customers")
    print(
        f"{'':16}{'seconds':>9}{'ratio':>9}{'of':>13}{'goal':>8}"
        f"{'queries':>9}{'process':>9}{'session':>9}"
    )
    for name, step in steps.items():
        part = name in ("1 % changed", "nothing changed")
        ratio = step.seconds / (full if part else baseline)
        goal = f"{GOALS[name]:.2f}" if name in GOALS else ""
        print(
            f"{name:16}{step.seconds:9.3f}{ratio:9.3f}"
            f"{'full refresh' if part else 'baseline':>13}{goal:>8}"
            f"{step.statements:9}{step.process / 2**20:7.0f}MB"
            f"{step.database / 2**20:7.0f}MB"
        )
    sys.stdout.flush()


def say(text):
    print(text, file=sys.stderr, flush=True)


def main(env):
    parser = argparse.ArgumentParser(prog="bench rfm", description=__doc__)
    parser.add_argument(
        "--lines", type=int, nargs="+", default=[5_000_000, 1_000_000], metavar="N"
    )
    sizes = parser.parse_args().lines
    for number, size in enumerate(sizes, 1):
        company = make(env, size // 5, number)
        report(size, measure(env, company))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nThe process never held more than {peak:.0f} MB.")


main(env)  # noqa: F821 - whoever runs the file gives it its environment
