"""A distributor of catering supplies and three years of its customers' purchases.

Everything is drawn from one seed and one last day, so that a second call with the same
two makes the same company. How customers buy follows what is known of buying: each has
a rate of its own (gamma), buys at random around it (Poisson), in the seasons and on the
weekdays of its trade, and is lost one day (exponential), some after a long decline.
Baskets have a theme, and what goes together is bought together.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd
from catalogue import articles
from names import CITIES, FIRST_NAMES, STREETS, SURNAMES, distinct, slug

YEARS = 3
DAYS = 365 * YEARS
INFLATION = 0.035
COSTS_KNOWN_AFTER = 120  # days: the system before knew no costs
REFUNDED = 0.025
REFUNDED_LATELY = 0.06  # after a bad batch, in the last eighty days
PROSPECTS = 80
LIVE_ORDERS = 178
QUOTATIONS = 18
PILOT_SELLERS = (0, 1)
CHANNELS = ("Field sales", "Phone", "Web shop", "Counter")
CATEGORIES = list(dict.fromkeys(article.category for article in articles()))


@dataclass(frozen=True)
class Kind:
    """How one kind of customer buys; rates are purchases a year."""

    industry: str
    count: int
    rate: float
    shape: float  # of the gamma distribution of rates: lower is more unequal
    life: float  # mean years until lost
    lines: float  # mean lines of a basket beyond the first
    size: float  # mean cases of a line beyond the first
    discount: float
    months: tuple  # January to December, relative
    weekdays: tuple  # Monday to Sunday, relative
    channels: tuple  # as CHANNELS, relative
    themes: tuple  # as CATEGORIES, relative
    dearest: float  # the dearest article it buys


EVEN = (1,) * 12
TOURISM = (0.6, 0.7, 0.9, 1.0, 1.2, 1.4, 1.5, 1.4, 1.1, 0.9, 0.8, 1.1)
SCHOOL = (1.1, 1.0, 1.0, 0.9, 1.0, 0.8, 0.4, 1.6, 1.7, 1.0, 0.9, 0.6)
GIFTS = (0.8, 0.7, 0.8, 0.9, 0.9, 0.8, 0.7, 0.8, 0.9, 1.1, 1.9, 2.3)
EVENTS = (0.5, 0.6, 0.8, 1.0, 1.4, 1.5, 1.3, 1.2, 1.3, 0.9, 0.9, 1.6)
OFFICE = (1.3, 1.1, 1.0, 1.0, 0.8, 0.12, 0.0)
ANY_DAY = (0.9, 0.8, 0.8, 0.9, 1.1, 1.5, 1.0)

KINDS = {
    "restaurant": Kind(
        "Restaurants", 430, 13, 1.4, 3.5, 2.4, 1.0, 0.10, TOURISM, OFFICE,
        (5, 4, 3, 1), (3, 2, 3, 2, 1, 3, 4, 2, 2, 0.5), 4000,
    ),
    "cafe": Kind(
        "Cafés and bakeries", 270, 12, 1.5, 3.0, 2.0, 0.8, 0.08, TOURISM, OFFICE,
        (4, 3, 5, 1), (0.5, 1, 2, 1, 4, 5, 3, 1.5, 1, 0.5), 4000,
    ),
    "hotel": Kind(
        "Hotels", 130, 17, 1.6, 6.0, 3.4, 1.8, 0.15, TOURISM, OFFICE,
        (7, 3, 2, 0.2), (2, 1, 4, 3, 1, 2, 4, 2, 4, 0.6), 4000,
    ),
    "caterer": Kind(
        "Event catering", 110, 10, 1.2, 3.5, 3.0, 1.6, 0.12, EVENTS, OFFICE,
        (6, 3, 2, 1), (2, 1, 4, 4, 1, 3, 2, 3, 3, 0.5), 2000,
    ),
    "institution": Kind(
        "Schools and care homes", 120, 7, 2.0, 8.0, 2.6, 1.6, 0.12, SCHOOL, OFFICE,
        (5, 5, 1, 0), (2, 1, 3, 1, 1, 2, 6, 2, 2, 0.4), 2000,
    ),
    "shop": Kind(
        "Kitchenware shops", 90, 8, 1.5, 4.0, 4.0, 1.2, 0.18, GIFTS, OFFICE,
        (6, 2, 4, 0), (4, 4, 2, 3, 3, 0.2, 0.2, 1, 1.5, 0.5), 700,
    ),
    "private": Kind(
        "Households", 2100, 1.4, 0.9, 2.6, 0.9, 0.1, 0.0, GIFTS, ANY_DAY,
        (0, 0.3, 6, 4), (4, 3, 1.5, 2, 3, 0.1, 0.2, 0.6, 1, 0.3), 700,
    ),
}  # fmt: skip

SELLERS = (
    # Login, first name and surname, the kinds of customers that are theirs.
    ("aoife", "Aoife Brennan", ("restaurant", "hotel")),
    ("conor", "Conor Kavanagh", ("restaurant", "cafe")),
    ("niamh", "Niamh O'Reilly", ("cafe", "caterer", "shop")),
    ("tomas", "Tomás Gallagher", ("hotel", "institution", "restaurant")),
)


@dataclass
class Company:
    """The generated company.

    ``customers`` has one row a customer (index: their number), ``documents`` one row a
    purchase or refund (index: its number; ``refund_of`` the number of what it refunds,
    else -1; ``way``: history, order or quotation), ``lines`` one row a line of a
    document. Money is euro and untaxed.
    """

    last_day: date
    customers: pd.DataFrame
    documents: pd.DataFrame
    lines: pd.DataFrame

    @cached_property
    def history(self):
        """Return what ``dcrm.purchase.import_history`` reads: one row a line."""
        past = self.documents[self.documents["way"] == "history"]
        rows = self.lines[self.lines["document"].isin(past.index)]
        rows = rows.join(past[["customer", "date", "reference", "channel"]], "document")
        return pd.DataFrame(
            {
                "customer": self.customers["ref"].loc[rows["customer"]].to_numpy(),
                "date": rows["date"].to_numpy(),
                "amount": rows["amount"].to_numpy(),
                "reference": rows["reference"].to_numpy(),
                "product": rows["product"].to_numpy(),
                "quantity": rows["quantity"].to_numpy(),
                "margin": rows["margin"].to_numpy(),
                "channel": rows["channel"].to_numpy(),
            }
        )

    def live(self, way):
        """Yield (document, its lines) of those that go through real sales orders."""
        chosen = self.documents[self.documents["way"] == way]
        lines = self.lines[self.lines["document"].isin(chosen.index)]
        by_document = dict(iter(lines.groupby("document")))
        for number, document in chosen.iterrows():
            yield document, by_document[number]


def generate(last_day, seed=19):
    """Return the company as it is on ``last_day`` (a ``date``), with its history."""
    rng = np.random.default_rng(seed)
    customers = _customers(rng)
    bought = _days_of_purchases(customers, last_day, rng)
    documents = _documents(customers, bought, last_day, rng)
    lines = _lines(customers, documents, rng)
    documents, lines = _with_refunds(documents, lines, rng)
    documents = _ways(customers, documents)
    documents = _numbered(documents)
    customers = _met(customers, documents)
    customers = customers.drop(columns=["rate", "start", "end", "decline", "volume"])
    return Company(last_day, customers, documents, lines)


# -- customers -----------------------------------------------------------------------


def _customers(rng):
    frames = [_customers_of(name, kind, rng) for name, kind in KINDS.items()]
    customers = pd.concat(frames, ignore_index=True)
    customers["ref"] = [f"C{10001 + number}" for number in customers.index]
    _addresses(customers, rng)
    return customers


def _customers_of(name, kind, rng):
    count = kind.count
    known_before = rng.random(count) < 0.55
    start = np.where(known_before, 0, rng.integers(0, DAYS - 10, count))
    life = rng.exponential(kind.life * 365, count)
    declining = rng.random(count) < (0.1 if name != "private" else 0)
    return pd.DataFrame(
        {
            "kind": name,
            "name": distinct(name, count, rng),
            "rate": rng.gamma(kind.shape, kind.rate / kind.shape, count) + 0.15,
            "start": start,
            "end": start + life,
            "decline": np.where(
                declining, DAYS - rng.integers(90, 420, count), 10 * DAYS
            ),
            "volume": rng.lognormal(-0.1, 0.45, count),
            "discount": _discounts(kind, count, rng),
            "seller": _sellers(name, count, rng),
        }
    )


def _discounts(kind, count, rng):
    if not kind.discount:
        return np.zeros(count)
    steps = np.rint(rng.normal(kind.discount, 0.03, count) / 0.025)
    return np.clip(steps, 0, 10) * 0.025


def _sellers(name, count, rng):
    """Return the number of each customer's seller, -1 where nobody looks after them."""
    theirs = [i for i, (_login, _name, kinds) in enumerate(SELLERS) if name in kinds]
    if not theirs:
        return np.full(count, -1)
    return np.where(rng.random(count) < 0.93, rng.choice(theirs, count), -1)


def _addresses(customers, rng):
    count = len(customers)
    weights = np.array([weight for _city, _country, weight in CITIES])
    places = rng.choice(len(CITIES), count, p=weights / weights.sum())
    customers["city"] = [CITIES[place][0] for place in places]
    customers["country"] = [CITIES[place][1] for place in places]
    streets = rng.integers(len(STREETS), size=count)
    customers["street"] = [
        f"{house} {STREETS[street]}"
        for house, street in zip(rng.integers(1, 140, count), streets, strict=True)
    ]
    # 020 91x xxxx is set aside for fiction.
    customers["phone"] = [
        f"+353 20 91{number // 10000} {number % 10000:04}"
        for number in rng.permutation(100_000)[:count]
    ]
    customers["email"] = [
        f"{slug(name)}.{number}@mail.example"
        if kind == "private"
        else f"orders@{slug(name)}.example"
        for number, (name, kind) in enumerate(
            zip(customers["name"], customers["kind"], strict=True)
        )
    ]
    contacts = [
        f"{first} {last}"
        for first, last in zip(
            rng.choice(FIRST_NAMES, count), rng.choice(SURNAMES, count), strict=True
        )
    ]
    customers["contact"] = np.where(customers["kind"] == "private", "", contacts)


def _met(customers, documents):
    """Leave out who never bought, but for some prospects of the trade."""
    bought = customers.index.isin(documents["customer"])
    prospects = customers.index[~bought & (customers["kind"] != "private")]
    return customers[bought | customers.index.isin(prospects[:PROSPECTS])]


# -- when they buy -------------------------------------------------------------------


def _days_of_purchases(customers, last_day, rng):
    """Return (customer, day) pairs, one a purchase; day 0 is three years ago."""
    days = np.arange(DAYS)
    calendar = pd.date_range(end=pd.Timestamp(last_day), periods=DAYS)
    bought = []
    for name, kind in KINDS.items():
        group = customers[customers["kind"] == name]
        season = _season(kind, calendar)
        column = {field: group[field].to_numpy()[:, None] for field in group}
        alive = (days >= column["start"]) & (days < column["end"])
        trend = np.exp(-np.clip(days - column["decline"], 0, None) / 130)
        expected = column["rate"] / 365 * season * alive * trend
        who, when = np.nonzero(rng.poisson(expected))
        bought.append(np.column_stack([group.index.to_numpy()[who], when]))
    return np.concatenate(bought)


def _season(kind, calendar):
    """Return the day's factor, one on average, business growing a little each year."""
    factor = np.take(kind.months, calendar.month - 1).astype(float)
    factor *= np.take(kind.weekdays, calendar.day_of_week)
    # Christmas week and New Year's Day are quiet for all.
    quiet = ((calendar.month == 12) & (calendar.day > 24)) | (
        (calendar.month == 1) & (calendar.day < 3)
    )
    factor[quiet] *= 0.15
    factor *= np.linspace(0.94, 1.06, DAYS)
    return factor / factor.mean()


def _documents(customers, bought, last_day, rng):
    first_day = last_day - timedelta(DAYS - 1)
    documents = pd.DataFrame(bought, columns=["customer", "day"])
    documents = documents.sort_values(["day", "customer"], ignore_index=True)
    documents["date"] = pd.Timestamp(first_day) + pd.to_timedelta(
        documents["day"], unit="D"
    )
    documents["kind"] = customers["kind"].loc[documents["customer"]].to_numpy()
    documents["seller"] = customers["seller"].loc[documents["customer"]].to_numpy()
    documents["channel"] = ""
    for name, kind in KINDS.items():
        chosen = documents["kind"] == name
        documents.loc[chosen, "channel"] = _draw(
            CHANNELS, kind.channels, chosen.sum(), rng
        )
    documents["refund_of"] = -1
    return documents


def _draw(options, weights, count, rng):
    weights = np.asarray(weights, dtype=float)
    return rng.choice(options, count, p=weights / weights.sum())


# -- what they buy -------------------------------------------------------------------


def _lines(customers, documents, rng):
    parts = [
        _lines_of(kind, documents[documents["kind"] == name], rng)
        for name, kind in KINDS.items()
    ]
    lines = pd.concat(parts, ignore_index=True)
    lines = _with_companions(lines, rng)
    lines = lines.drop_duplicates(["document", "article"])
    lines = lines.sort_values(["document", "article"], ignore_index=True)
    _quantities(lines, customers, documents, rng)
    _money(lines, customers, documents)
    return lines


def _lines_of(kind, documents, rng):
    """Draw the articles: most of a basket's from the category that is its theme."""
    counts = 1 + rng.poisson(kind.lines, len(documents))
    themes = _draw(len(CATEGORIES), kind.themes, len(documents), rng)
    document = np.repeat(documents.index.to_numpy(), counts)
    category = np.where(
        rng.random(counts.sum()) < 0.75,
        np.repeat(themes, counts),
        _draw(len(CATEGORIES), kind.themes, counts.sum(), rng),
    )
    article = np.empty(len(document), dtype=int)
    for number, name in enumerate(CATEGORIES):
        here = category == number
        options = [
            (position, offered.weight)
            for position, offered in enumerate(articles())
            if offered.category == name and offered.price <= kind.dearest
        ]
        positions, weights = zip(*options, strict=True)
        article[here] = _draw(positions, weights, here.sum(), rng)
    return pd.DataFrame({"document": document, "article": article})


def _with_companions(lines, rng):
    position = {article.code: number for number, article in enumerate(articles())}
    companion = np.array([position.get(a.goes_with, -1) for a in articles()])
    other = companion[lines["article"]]
    joins = (other >= 0) & (rng.random(len(lines)) < 0.55)
    added = pd.DataFrame(
        {"document": lines["document"][joins], "article": other[joins]}
    )
    return pd.concat([lines, added], ignore_index=True)


def _quantities(lines, customers, documents, rng):
    catalogue = articles()
    case = np.array([article.case for article in catalogue])[lines["article"]]
    price = np.array([article.price for article in catalogue])[lines["article"]]
    customer = documents["customer"].loc[lines["document"]]
    kind = documents["kind"].loc[lines["document"]]
    size = kind.map({name: kind.size for name, kind in KINDS.items()}).to_numpy()
    volume = customers["volume"].loc[customer].to_numpy()
    cases = 1 + rng.poisson(size * volume)
    # A household opens the case, and nobody buys ovens by the dozen.
    private = (kind == "private").to_numpy()
    loose = np.clip(case // 2, 1, 6)
    quantity = np.where(private, loose, case * cases)
    lines["quantity"] = np.where(price > 100, np.minimum(quantity, 2), quantity)


def _money(lines, customers, documents):
    catalogue = articles()
    price = np.array([article.price for article in catalogue])[lines["article"]]
    cost = np.array([article.cost for article in catalogue])[lines["article"]]
    day = documents["day"].loc[lines["document"]].to_numpy()
    customer = documents["customer"].loc[lines["document"]]
    discount = customers["discount"].loc[customer].to_numpy()
    # Prices were lower: today's are the catalogue's.
    then = (1 + INFLATION) ** ((day - DAYS) / 365)
    lines["product"] = np.array([a.code for a in catalogue])[lines["article"]]
    lines["price"] = (price * then).round(2)
    lines["discount"] = (discount * 100).round(1)
    unit = (lines["price"] * (1 - discount)).round(2)
    lines["amount"] = (unit * lines["quantity"]).round(2)
    earned = lines["amount"] - (cost * then * lines["quantity"]).round(2)
    lines["margin"] = earned.where(day >= COSTS_KNOWN_AFTER).round(2)


# -- refunds and ways ----------------------------------------------------------------


def _with_refunds(documents, lines, rng):
    """Add a credit note for some of the purchases: weeks later, one line comes back."""
    lately = documents["day"] > DAYS - 80
    chance = np.where(lately, REFUNDED_LATELY, REFUNDED)
    back = documents[rng.random(len(documents)) < chance].copy()
    back["refund_of"] = back.index
    later = rng.integers(3, 26, len(back))
    back["day"] += later
    back["date"] += pd.to_timedelta(later, unit="D")
    back = back[back["day"] < DAYS]
    number = pd.Series(len(documents) + np.arange(len(back)), index=back.index)
    returned = lines[lines["document"].isin(back.index)].drop_duplicates("document")
    returned = returned.assign(document=number.loc[returned["document"]].to_numpy())
    for column in ("quantity", "amount", "margin"):
        returned[column] = -returned[column]
    back.index = number
    documents = pd.concat([documents, back])
    return documents, pd.concat([lines, returned], ignore_index=True)


def _ways(customers, documents):
    """Decide what is imported history and what is a real sales order.

    Two sellers already work in the new system: their latest sales are orders there, and
    so are the refunds of these; their very latest are still quotations.
    """
    documents["way"] = "history"
    theirs = documents[
        documents["seller"].isin(PILOT_SELLERS)
        & (documents["channel"] == "Field sales")
        & (documents["refund_of"] < 0)
    ].sort_values("day")
    latest = theirs.index[-(LIVE_ORDERS + QUOTATIONS) :]
    open_ones = latest[-QUOTATIONS:]
    refunds = documents["refund_of"].isin(latest)
    documents.loc[latest, "way"] = "order"
    documents.loc[refunds, "way"] = "refund"
    documents.loc[open_ones, "way"] = "quotation"
    # What is not sold yet cannot come back.
    return documents[~documents["refund_of"].isin(open_ones)]


def _numbered(documents):
    documents = documents.sort_values(["day", "refund_of"])
    year = documents["date"].dt.year
    refund = documents["refund_of"] >= 0
    count = documents.groupby([refund, year]).cumcount() + 1
    prefix = np.where(refund, "CN", "SI")
    documents["reference"] = [
        f"{letters}{when % 100:02}-{number:05}"
        for letters, when, number in zip(prefix, year, count, strict=True)
    ]
    return documents.drop(columns=["seller"])
