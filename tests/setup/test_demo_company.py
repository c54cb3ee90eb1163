"""The demo company is the same each time, and such as a company may be."""

import sys
from datetime import date, datetime, timedelta

import pytest
from freezegun import freeze_time
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


# -- what the figures of worth need --------------------------------------------------


def test_what_was_owed_before_is_believable(company):
    from books import open_items

    items = open_items(company)
    assert items.equals(open_items(company))
    assert 50 <= len(items) <= 100
    assert (items["owed"] > 0).all()
    assert not items["reference"].duplicated().any()
    assert set(items["reference"]) <= set(company.history["reference"])
    # Of every age that receivables are told apart by, all due by the last day.
    overdue = items["due"].map(lambda due: (LAST_DAY - due).days)
    assert (overdue > 0).all()
    for least, most in ((31, 90), (91, 180), (181, 400)):
        assert overdue.between(least, most).sum() >= 5, (least, most)
    # What was sold in these books was not brought over as well.
    live = company.documents[company.documents["way"] == "order"]
    assert items["due"].max() < live["date"].min().date() + timedelta(30)


def test_customers_pay_early_late_and_never(company):
    from books import days_late, way_of_paying

    trade = company.customers[company.customers["kind"] != "private"]
    days = trade["ref"].map(days_late)
    known = days.dropna().map(lambda late: late.days)
    assert 0.03 < days.isna().mean() < 0.2
    assert 0.1 < (known < 0).mean() < 0.4
    assert 0.2 < (known > 0).mean() < 0.6
    ways = trade["ref"].map(lambda ref: way_of_paying(ref, 3))
    assert (ways.value_counts(normalize=True) > 0.2).all()


def test_what_customers_spend_is_more_than_they_spend_with_us(company):
    from books import spending

    said = spending(company)
    assert said.equals(spending(company))
    assert 150 <= len(said) <= 400
    share = said["ours"] / said["amount"]
    assert (share > 0).all()
    assert (share < 1.05).all()
    assert 0.3 < share.median() < 0.6
    assert said["date"].max() < LAST_DAY
    assert not said.duplicated(["ref", "category"]).any()
    # Most is known of two kinds of product each, and not from one source.
    assert said.groupby("ref").size().max() == 2
    assert said["source"].nunique() >= 3


def test_customers_buy_several_kinds_and_some_come_back(company):
    """Lifecycle and danger have their customers: extended, lost and won back."""
    from catalogue import articles

    category_of = {article.code: article.category for article in articles()}
    bought = company.documents[company.documents["refund_of"] < 0]
    lines = company.lines.join(bought["customer"], "document", how="inner")
    kinds = lines.assign(kind=lines["product"].map(category_of))
    assert (kinds.groupby("customer")["kind"].nunique() >= 2).mean() > 0.5
    gaps = bought.sort_values("day").groupby("customer")["day"].diff()
    assert (gaps > 365).sum() >= 30
    silent = (LAST_DAY - bought.groupby("customer")["date"].max().dt.date).map(
        lambda passed: passed.days
    )
    assert 0.2 < (silent > 365).mean() < 0.6


def test_hotels_in_danger_are_found_since_a_day_before_any_danger(company):
    from scores import hotels_in_danger

    conditions = {name: rest for name, *rest in hotels_in_danger(7, company)}
    operator, day = conditions["customer_danger_since"]
    assert operator == ">"
    # Nobody is in danger before the second purchase; the editor draws no empty date.
    assert date.fromisoformat(day) <= company.history["date"].min().date()


@pytest.mark.parametrize("hour", ["00:10", "02:00", "09:30", "23:50"])
@pytest.mark.parametrize("day", [date(2026, 3, 27), date(2026, 3, 29), LAST_DAY])
def test_nothing_was_said_that_is_still_to_come(day, hour):
    """At whatever hour the company is made."""
    import numpy as np
    from care import _working_moment

    with freeze_time(f"{day} {hour}"):
        now, rng = datetime.now(), np.random.default_rng(1)
        moments = [_working_moment(day, rng) for _each in range(200)]
    assert max(moments) <= now
    assert min(moments) > now - timedelta(days=4)
    assert all(moment.weekday() < 5 for moment in moments)
