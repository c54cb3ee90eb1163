"""Whether the cohorts of Online Retail are what pandas makes of the same file.

    ./setup/dcrm shell --db NAME setup/check/cohorts.py OnlineRetail.csv[.xz]

The file is the data set of UCI, with the columns InvoiceNo, StockCode, Quantity,
InvoiceDate, UnitPrice and CustomerID. Its rows with a customer are imported as history
into a company of their own (a second run adds nothing), cohorts are read by month and
by quarter, and each cell is compared with what pandas counts beside: customers,
revenue, repeat customers.
"""

import argparse
import sys

import pandas as pd

COMPANY = "Online Retail"


def read(path):
    """Return the rows with a customer as ``import_history`` asks for them."""
    rows = pd.read_csv(path, dtype={"InvoiceNo": str, "StockCode": str})
    rows = rows.dropna(subset=["CustomerID"])
    return pd.DataFrame(
        {
            "customer": rows["CustomerID"].astype(int).astype(str),
            "date": pd.to_datetime(rows["InvoiceDate"]).dt.date,
            "amount": (rows["Quantity"] * rows["UnitPrice"]).round(4),
            "reference": rows["InvoiceNo"],
            "product": rows["StockCode"],
            "quantity": rows["Quantity"],
        }
    )


def expected(lines, step):
    """Return ``{(cohort, age): (customers, cents)}``, ``{cohort: (size, again)}``."""
    documents = lines.groupby(["customer", "reference"], as_index=False).agg(
        date=("date", "min"), amount=("amount", "sum")
    )
    # Rounded once a document, half away from zero.
    sign = documents["amount"].ge(0) * 2 - 1
    size = (documents["amount"].abs() * 100).round(2)
    documents["cents"] = sign * (size + 0.5).astype(int)
    bought = documents[documents["cents"] > 0]
    born = bought.groupby("customer")["date"].min()
    documents = documents[documents["customer"].isin(born.index)].copy()
    period = {"month": "M", "quarter": "Q"}[step]
    number = pd.PeriodIndex(documents["date"], freq=period).asi8
    first = pd.PeriodIndex(documents["customer"].map(born), freq=period)
    documents["cohort"] = first.start_time.date
    documents["age"] = (number - first.asi8).clip(min=0)
    cells = {}
    for key, own in documents.groupby(["cohort", "age"]):
        active = own[own["cents"] > 0]["customer"].nunique()
        cells[key] = (active, int(own["cents"].sum()))
    times = bought.groupby("customer").size()
    cohorts = {}
    for cohort, own in documents.groupby("cohort"):
        members = own["customer"].unique()
        cohorts[cohort] = (len(members), int((times[members] > 1).sum()))
    return cells, cohorts


def found(env, company, step):
    """Return the same of ``dcrm.cohort``."""
    table = env["dcrm.cohort"].table({"company_id": company.id}, step)
    cells, cohorts = {}, {}
    for cohort in table["cohorts"]:
        start = pd.Timestamp(cohort["start"]).date()
        cohorts[start] = (cohort["size"], cohort["repeaters"])
        for cell in cohort["cells"]:
            key = (start, cell["age"])
            cells[key] = (cell["customers"], round(cell["revenue"] * 100))
    return cells, cohorts


def compare(env, company, lines, step):
    """Print what came out by a step; return how many figures differ."""
    cells, cohorts = found(env, company, step)
    wanted_cells, wanted_cohorts = expected(lines, step)
    # Nobody was there: pandas has no row where a cell has noughts.
    wanted = {key: wanted_cells.get(key, (0, 0)) for key in cells | wanted_cells}
    wrong = [key for key in wanted if cells.get(key) != wanted[key]]
    wrong += [key for key in wanted_cohorts if cohorts.get(key) != wanted_cohorts[key]]
    customers = sum(size for size, _again in cohorts.values())
    again = sum(again for _size, again in cohorts.values())
    revenue = sum(cents for _customers, cents in cells.values()) / 100
    print(
        f"by {step}: {len(cohorts)} cohorts, {len(cells)} cells, {customers:,} "
        f"customers, {again / customers:.2%} bought again, revenue {revenue:,.2f}: "
        + (f"{len(wrong)} DIFFER: {wrong[:5]}" if wrong else "all equal")
    )
    return len(wrong)


def main(env):
    parser = argparse.ArgumentParser(prog="cohorts", description=__doc__)
    parser.add_argument("path", help="the file, a CSV, compressed or not")
    lines = read(parser.parse_args().path)
    company = env["res.company"].search([("name", "=", COMPANY)], limit=1)
    company = company or env["res.company"].create({"name": COMPANY})
    company.customer_scoring_today = lines["date"].max()
    env.user.company_ids |= company
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    done = env["dcrm.purchase"].import_history(lines, company)
    print(
        f"{len(lines):,} rows with a customer: {done['accepted']:,} accepted, "
        f"{done['rejected']:,} rejected, {done['customers']:,} customers"
    )
    if sum(compare(env, company, lines, step) for step in ("month", "quarter")):
        sys.exit("The cohorts are not what pandas makes of the file.")


main(env)  # noqa: F821 - whoever runs the file gives it its environment
