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

from _measuring import CHANGE, Measured, heading, make, peak, row, say, sizes

GOALS = {"full refresh": 1.5, "1 % changed": 0.2, "nothing changed": 0.05}

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
    heading(size, f"{'seconds':>9}{'ratio':>9}{'of':>13}{'goal':>8}")
    for name, step in steps.items():
        part = name in ("1 % changed", "nothing changed")
        ratio = step.seconds / (full if part else baseline)
        goal = f"{GOALS[name]:.2f}" if name in GOALS else ""
        of = "full refresh" if part else "baseline"
        row(name, f"{step.seconds:9.3f}{ratio:9.3f}{of:>13}{goal:>8}", step)


def main(env):
    for number, size in enumerate(sizes("rfm", __doc__), 1):
        company = make(env, size // 5, number, customer_worth=False)
        report(size, measure(env, company))
    peak()


main(env)  # noqa: F821 - whoever runs the file gives it its environment
