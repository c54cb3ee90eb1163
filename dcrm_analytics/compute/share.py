"""Customer share: our part of what a customer spends, known or estimated from peers.

The customer's share, or share of wallet, is what it bought from us over what it spends
with everybody for the same kinds of goods. Where its spend is not known, that of its
peers stands in: those of the same industry and size of whom it is known. Their median
is the estimate, their quartiles (by linear interpolation; Hyndman and Fan 1996, type 7)
are its spread. Too few peers make no estimate.
"""

import pandas as pd

LEAST_PEERS = 5


def current(entries, parents):
    """Return what counts of the spends that were entered.

    Of a customer and category the latest entry counts, and none where the spend for a
    wider category is known too, of which it is a part.

    :param entries: frame ``partner_id, category_id, amount, date, id``
    :param parents: ``{category: ids of the categories above it}``
    :return: the rows that count, by customer and category

    >>> entries = pd.DataFrame(
    ...     [(1, 7, 50.0, 2023, 1), (1, 7, 80.0, 2024, 2), (1, 8, 10.0, 2024, 3)],
    ...     columns=["partner_id", "category_id", "amount", "date", "id"])
    >>> current(entries, {8: [7]})[["category_id", "amount"]].values.tolist()
    [[7.0, 80.0]]
    """
    latest = entries.sort_values(["date", "id"]).drop_duplicates(
        ["partner_id", "category_id"], keep="last"
    )
    known = set(zip(latest["partner_id"], latest["category_id"], strict=True))
    outermost = [
        not any((partner, above) in known for above in parents.get(category, ()))
        for partner, category in zip(
            latest["partner_id"], latest["category_id"], strict=True
        )
    ]
    counts = pd.Series(outermost, index=latest.index, dtype=bool)
    return latest[counts].sort_values(["partner_id", "category_id"])


def estimates(known, parents, least=LEAST_PEERS):
    """Return what customers of each industry and size spend a year, by category.

    A category is left out of a group where a wider one has enough peers, too.

    :param known: frame ``industry, size, category_id, amount``, a row a customer and
        category; without an industry or a size a customer is nobody's peer
    :param parents: as of :func:`current`
    :return: frame ``industry, size, category_id, peers, low, spend, high``: how many
        peers, the lower quartile, the median and the upper quartile of their spend

    >>> known = pd.DataFrame(
    ...     [("bakery", "small", 7, amount) for amount in (10.0, 20, 30, 50, 90)]
    ...     + [("bakery", "large", 7, 900.0)],
    ...     columns=["industry", "size", "category_id", "amount"])
    >>> estimates(known, {}).values.tolist()
    [['bakery', 'small', 7, 5, 20.0, 30.0, 50.0]]
    """
    names = ["industry", "size", "category_id"]
    groups = known.dropna(subset=names).groupby(names)["amount"]
    spread = pd.DataFrame(
        {
            "peers": groups.size(),
            "low": groups.quantile(0.25),
            "spend": groups.median(),
            "high": groups.quantile(0.75),
        }
    ).reset_index()
    enough = spread[spread["peers"] >= least]
    covered = set(enough[names].itertuples(index=False, name=None))
    outermost = [
        not any((industry, size, above) in covered for above in parents.get(each, ()))
        for industry, size, each in enough[names].itertuples(index=False, name=None)
    ]
    counts = pd.Series(outermost, index=enough.index, dtype=bool)
    return enough[counts].reset_index(drop=True)


def share(sales, spend):
    """Return our share of a spend: 0 and more; beyond 1 the spend is out of date.

    >>> share(25.0, 100.0), share(-5.0, 100.0), share(30.0, 0.0)
    (0.25, 0.0, None)
    """
    return max(sales, 0.0) / spend if spend > 0 else None
