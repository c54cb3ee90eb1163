"""How long it takes to know what customers are worth, beside bare SQL.

    ./setup/dcrm bench worth [--lines 5000000 1000000]

A fifth of the lines are orders, each with a posted invoice, most of them paid, and a
twenty-fifth are customers, all in a company of their own, made set-based. For each size
it prints, of each figure, our full computation beside bare SQL of the same answer:
straight from the documents, and where we keep it, inserted into a fresh table.

- profit: revenue and cost of goods, by customer and document;
- value and concentration: who makes how much of the profit, in all and by quarter;
- kinds: what kinds of product customers bought, when and for how much;
- rhythm and lifecycle: all that a refresh does of worth after the scores: kinds, usual
  gaps, spells in danger, lifecycle, and ours also loyal × profitable;
- cohorts: customers, revenue and margin by month of the first purchase and age;
- receivables: what is owed by age, by whom, and how late customers pay;
- scorecard: of this year, beside the year before.

Then a refresh of everything: the first, a full one, with nothing changed, and after a
hundredth of the orders and of the invoices changed. Medians of several runs, each in a
transaction of its own, committed. Memory is the peak that the process and its database
session had beyond shared buffers.
"""

from datetime import timedelta

import _bare
import _books
from _measuring import CHANGE, Measured, heading, make, peak, row, say, sizes

GOALS = {"bare": 1.5, "1 % changed": 0.05}


def figures(env, company):
    """Return ``{name: (our computation, bare SQL)}`` of the figures."""
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    scores = env["dcrm.customer.score"]
    profit = env["dcrm.customer.profit"]
    filters = {"company_id": company.id}
    today = company._customer_scoring_today()
    year, two = today - timedelta(365), today - timedelta(730)
    period = {"date_from": str(year + timedelta(1)), "date_to": str(today)}
    before = {"date_from": str(two + timedelta(1)), "date_to": str(year)}
    return {
        "profit": (lambda: profit._sync(company, full=True), _bare.PROFIT),
        "value and concentration": (
            lambda: profit.concentration({**filters, "basis": "profit"}),
            _bare.CONCENTRATION,
        ),
        "kinds": (lambda: env["dcrm.customer.kind"]._renew(company), _bare.KINDS),
        "rhythm and lifecycle": (
            lambda: scores._work_out_worth(company, full=True),
            _bare.KINDS + _bare.RHYTHM,
        ),
        "cohorts": (lambda: env["dcrm.cohort"].table(filters), _bare.COHORTS),
        "receivables": (
            lambda: env["dcrm.receivable"].ageing(filters),
            _bare.RECEIVABLES,
        ),
        "scorecard": (
            lambda: env["dcrm.scorecard"].figures(
                {**filters, **period}, {**filters, **before}
            ),
            _bare.SCORECARD,
        ),
    }


def measure(env, company):
    """Return the measures of refreshes, and of the figures ours and bare."""
    scores = env["dcrm.customer.score"].with_company(company)
    values = {"company": company.id, "today": company._customer_scoring_today()}
    steps, compared = {}, {}

    def change(number):
        for statement in (CHANGE, _books.CHANGE):
            env.cr.execute(statement, {**values, "part": number})

    def step(name, *args, **kwargs):
        say(f"{name} …")
        steps[name] = Measured(env, *args, **kwargs)

    step("first build", lambda: scores.refresh(company), runs=1)
    env.cr.execute("ANALYZE")
    for name, (ours, bare) in figures(env, company).items():
        say(f"{name} …")
        compared[name] = (
            Measured(env, fresh(env, ours)),
            Measured(env, lambda bare=bare: env.cr.execute(bare, values)),
        )
    step("full refresh", lambda: scores.refresh(company, full=True))
    step("nothing changed", lambda: scores.refresh(company))
    step("1 % changed", lambda: scores.refresh(company), change)
    return steps, compared


def fresh(env, work):
    """Return work that begins without what the one before left in memory."""

    def anew():
        env.invalidate_all()
        return work()

    return anew


def report(size, steps, compared):
    """Print the tables of a size."""
    heading(size, f"{'seconds':>9}{'bare':>9}{'ratio':>9}{'goal':>8}")
    for name, (ours, bare) in compared.items():
        ratio = ours.seconds / bare.seconds
        times = f"{ours.seconds:9.3f}{bare.seconds:9.3f}"
        row(name, f"{times}{ratio:9.3f}{GOALS['bare']:8.2f}", ours)
    full = steps["full refresh"].seconds
    for name, step in steps.items():
        goal = f"{GOALS[name]:.2f}" if name in GOALS else ""
        figures = f"{step.seconds:9.3f}{full:9.3f}{step.seconds / full:9.3f}{goal:>8}"
        row(name, figures, step)


def main(env):
    for number, size in enumerate(sizes("worth", __doc__), 1):
        products = _books.make_products(env)
        company = make(env, size // 5, number, products)
        _books.book(env, company, products)
        report(size, *measure(env, company))
    peak()


main(env)  # noqa: F821 - whoever runs the file gives it its environment
