"""Who pays when and how, what was owed when the books began, and what customers say
that they spend: made from the company alone, the same each time."""

from datetime import timedelta

import numpy as np
import pandas as pd
from catalogue import articles
from company import PILOT_SELLERS

# Of twenty customers, how many pay so many days after the due date; the last few don't.
PAYERS = ((4, -12), (8, 0), (4, 12), (2, 24))
VAT = 1.23
DUE = timedelta(30)
OLDEST = 300  # days before the last day
LEAST = 300.0
BROUGHT_OVER = 72


def number_of(ref):
    """Return the number that a customer's reference ends in.

    >>> number_of("C10042"), number_of(None)
    (10042, 0)
    """
    return int("".join(filter(str.isdigit, ref or "")) or 0)


def days_late(ref):
    """Return how long after the due date a customer pays; None for never.

    >>> [days_late(f"C100{number}").days for number in (20, 24, 32)]
    [-12, 0, 12]
    >>> days_late("C10039")
    """
    number = number_of(ref) % 20
    for count, days in PAYERS:
        if number < count:
            return timedelta(days)
        number -= count
    return None


def way_of_paying(ref, ways):
    """Return which of so many ways a customer pays."""
    return number_of(ref) // 20 % ways


def friday(day):
    """Return the day's Friday: that is when the bank's statements come.

    >>> from datetime import date
    >>> friday(date(2026, 3, 31))
    datetime.date(2026, 4, 3)
    """
    return day + timedelta((4 - day.weekday()) % 7)


def open_items(company):
    """Return what the pilots' customers owed when the books began, oldest first.

    :return: frame of ``ref``, ``reference``, ``due`` (dates) and ``owed``, with VAT
    """
    documents = company.documents[company.documents["way"] == "history"]
    documents = documents.assign(
        ref=company.customers["ref"].loc[documents["customer"]].to_numpy(),
        seller=company.customers["seller"].loc[documents["customer"]].to_numpy(),
        owed=(company.lines.groupby("document")["amount"].sum() * VAT).round(2),
        due=documents["date"].dt.date + DUE,
    )
    age = company.last_day - documents["date"].dt.date
    live = company.documents[company.documents["way"] == "order"]
    chosen = documents[
        documents["seller"].isin(PILOT_SELLERS)
        & (age <= timedelta(OLDEST))
        & (documents["date"] < live["date"].min())
        & (documents["owed"] >= LEAST)
    ]
    # The younger, the more of it is open still.
    places = np.linspace(0, 1, BROUGHT_OVER) ** 0.7 * (len(chosen) - 1)
    chosen = chosen.iloc[np.unique(places.astype(int))]
    return chosen[["ref", "reference", "due", "owed"]].reset_index(drop=True)


SPENDERS = 4  # every fourth of the trade who bought often enough
OFTEN = 5
KINDS_ASKED = 2
SAID = ("customer", "customer", "survey", "guess", "published")


def spending(company, seed=23):
    """Return what customers say they spend a year on their main kinds of product.

    :return: frame of ``ref``, ``category``, ``ours`` (what they bought of us in
        the last 365 days), ``amount`` (what they spend with everybody), ``source``,
        ``date``
    """
    rng = np.random.default_rng(seed)
    trade = company.customers[company.customers["kind"] != "private"]
    year = company.documents[
        (company.documents["date"].dt.date > company.last_day - timedelta(365))
        & (company.documents["way"] != "quotation")
        & company.documents["customer"].isin(trade.index)
    ]
    counts = year[year["refund_of"] < 0].groupby("customer").size()
    asked = counts[counts >= OFTEN].index[::SPENDERS]
    category_of = {article.code: article.category for article in articles()}
    lines = company.lines.join(year["customer"], "document", how="inner")
    lines["category"] = lines["product"].map(category_of)
    ours = lines.groupby(["customer", "category"])["amount"].sum().reset_index()
    ours = ours[ours["customer"].isin(asked) & (ours["amount"] > 0)]
    ours = ours.sort_values(["customer", "amount"], ascending=[True, False])
    ours = ours.groupby("customer").head(KINDS_ASKED).reset_index(drop=True)
    share = np.clip(rng.normal(0.45, 0.2, len(ours)), 0.08, 0.95)
    ago = rng.integers(5, 540, len(ours))
    return pd.DataFrame(
        {
            "ref": trade["ref"].loc[ours["customer"]].to_numpy(),
            "category": ours["category"],
            "ours": ours["amount"].round(2),
            "amount": (ours["amount"] / share).round(-2).clip(lower=100),
            "source": rng.choice(SAID, len(ours)),
            "date": [company.last_day - timedelta(int(days)) for days in ago],
        }
    )
