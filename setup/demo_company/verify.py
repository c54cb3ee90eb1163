"""Compare every score with what pandas alone makes of the file: with ``env`` in scope.

    ./setup/dcrm demo --history FILE --no-serve
    ./setup/dcrm shell --db demo setup/demo_company/verify.py FILE

For a database that holds this history and nothing else, scored by the scheme that comes
with the addon: all time, revenue, five quantile classes. Prints how many customers
differ in each figure; ends with 1 if any does.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from reading import frame_of

CLASSES = 5
FIELDS = (
    "first_purchase_date",
    "last_purchase_date",
    "frequency",
    "monetary",
    "recency_class",
    "frequency_class",
    "monetary_class",
    "value_class",
)


def expected(frame):
    """Return the scores, by customer; one row of ``frame`` is a line of a purchase."""
    lines = frame.assign(
        customer=frame["customer"].astype("string").str.removesuffix(".0"),
        amount=pd.to_numeric(frame["amount"], errors="coerce"),
        date=pd.to_datetime(frame["date"], errors="coerce").dt.date,
    ).dropna(subset=["customer", "amount", "date"])
    purchase = [name for name in ("customer", "reference", "channel") if name in lines]
    if "reference" not in lines:
        lines = lines.reset_index(names="row")
        purchase.append("row")
    purchases = lines.groupby(purchase, dropna=False, as_index=False).agg(
        amount=("amount", "sum"), date=("date", "min")
    )
    purchases["amount"] = purchases["amount"].round(2)
    return scored(purchases)


def scored(purchases):
    bought = purchases[purchases["amount"] > 0].groupby("customer")
    scores = purchases.groupby("customer")["amount"].sum().round(2).to_frame("monetary")
    scores["frequency"] = bought.size()
    scores["frequency"] = scores["frequency"].fillna(0).astype(int)
    scores["first_purchase_date"] = bought["date"].min()
    scores["last_purchase_date"] = bought["date"].max()
    days = scores["last_purchase_date"].map(
        lambda day: day.toordinal() if pd.notna(day) else 0
    )
    buyers = scores["frequency"] > 0
    for axis, values in (
        ("recency", days),
        ("frequency", scores["frequency"]),
        ("monetary", scores["monetary"]),
    ):
        cuts = values[buyers].quantile(
            np.arange(1, CLASSES) / CLASSES, interpolation="inverted_cdf"
        )
        scores[f"{axis}_class"] = 1 + sum((values > cut).astype(int) for cut in cuts)
    scores["value_class"] = value_classes(scores["monetary"])
    return scores


def value_classes(monetary):
    positive = monetary.clip(lower=0)
    by_level = positive.groupby(positive).sum().sort_index(ascending=False)
    greater = positive.map((by_level.cumsum() - by_level) / by_level.sum())
    return np.select(
        [positive <= 0, greater < 0.8, greater < 0.95], ["c", "a", "b"], "c"
    )


def found(env):
    """Return the live scores of the company, by the customers' references."""
    scores = env["dcrm.customer.score"].search([("company_id", "=", env.company.id)])
    table = pd.DataFrame(scores.read(FIELDS, load=None))
    return table.set_index(pd.Index(scores.partner_id.mapped("ref"), dtype="string"))


def main(env, path):
    wanted, live = expected(frame_of(path)), found(env)
    strangers = wanted.index.symmetric_difference(live.index)
    print(f"{len(wanted):,} customers in the file, {len(live):,} scored.")
    print(f"{len(strangers):,} in one of the two only.")
    live = live.reindex(wanted.index)
    faults = len(strangers)
    for name in FIELDS:
        same = (wanted[name] == live[name]) | (
            wanted[name].isna() & ~live[name].map(bool)
        )
        print(f"{(~same).sum():,} differ in {name}.")
        faults += (~same).sum()
    sys.exit(1 if faults else 0)


if len(sys.argv) != 2:
    sys.exit("Which file? verify.py FILE")
main(env, Path(sys.argv[1]))  # noqa: F821 (env is in scope)
