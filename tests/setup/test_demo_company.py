"""The demo company is the same each time, and such as a company may be."""

import sys
from datetime import date

import pytest
from setup_support import ROOT

sys.path.append(str(ROOT / "setup" / "demo_company"))

LAST_DAY = date(2026, 3, 31)


@pytest.fixture(scope="module")
def company():
    from company import generate

    return generate(LAST_DAY)


@pytest.fixture(scope="module")
def totals(company):
    return company.lines.groupby("document")["amount"].sum()


def test_the_same_seed_makes_the_same_company(company):
    from company import generate

    again = generate(LAST_DAY)
    assert company.customers.equals(again.customers)
    assert company.documents.equals(again.documents)
    assert company.lines.equals(again.lines)


def test_size(company):
    bought = company.documents["customer"].nunique()
    assert 2000 <= bought <= 3000
    assert 20_000 <= len(company.documents) <= 60_000
    assert len(list(company.live("order"))) >= 150
    assert len(list(company.live("quotation"))) >= 10


def test_history_is_whole(company):
    history = company.history
    columns = [column for column in history if column != "margin"]
    assert not history[columns].isna().any(axis=None)
    assert history["date"].max().date() <= LAST_DAY
    assert (LAST_DAY - history["date"].min().date()).days > 3 * 360
    # A reference is one purchase of one customer.
    assert (history.groupby("reference")["customer"].nunique() == 1).all()
    # The system before knew no costs; since then all are known, and some are made of.
    known = history["margin"].notna()
    assert 0.85 < known.mean() < 1
    sold = history[known & (history["amount"] > 0)]
    assert 0.15 < sold["margin"].sum() / sold["amount"].sum() < 0.5


def test_refunds_give_back_what_was_bought(company, totals):
    back = company.documents[company.documents["refund_of"] >= 0]
    assert 0.01 < len(back) / len(company.documents) < 0.06
    bought = company.documents.loc[back["refund_of"]]
    assert (back["customer"].to_numpy() == bought["customer"].to_numpy()).all()
    assert (back["date"].to_numpy() > bought["date"].to_numpy()).all()
    returned = -totals.loc[back.index].to_numpy()
    assert (returned > 0).all()
    assert (returned <= totals.loc[back["refund_of"]].to_numpy() + 0.005).all()


def test_what_is_sold_live_is_no_history(company):
    live = company.documents[company.documents["way"] != "history"]
    assert not set(live["reference"]) & set(company.history["reference"])


def test_business_is_unequal_and_in_season(company, totals):
    documents = company.documents.assign(amount=totals)
    by_customer = documents.groupby("customer")["amount"].sum().sort_values()
    best = by_customer.iloc[-len(by_customer) // 5 :].sum()
    assert 0.6 < best / by_customer.sum() < 0.9
    by_month = documents.groupby(documents["date"].dt.month)["amount"].sum()
    assert by_month[[6, 7, 8]].mean() > 1.3 * by_month[[1, 2]].mean()
    weekdays = documents.groupby(documents["date"].dt.day_of_week).size()
    assert weekdays[6] < 0.3 * weekdays[1]


def test_what_goes_together_is_bought_together(company):
    from catalogue import articles

    by_code = {article.code: article for article in articles()}
    baskets = company.lines.groupby("document")["product"].agg(set)
    with_cup = baskets[baskets.map(lambda basket: "DS01" in basket)]
    together = with_cup.map(lambda basket: by_code["DS01"].goes_with in basket).mean()
    alone = baskets.map(lambda basket: by_code["DS01"].goes_with in basket).mean()
    assert together > 5 * alone
