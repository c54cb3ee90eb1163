"""How much hangs on how few: the share of the greatest, the Gini coefficient, a curve.

Values are one number a customer. Who is worth nothing or less counts as a customer
that is worth nothing: shares of what is brought stay shares.

>>> values = [50, 30, 15, 5, 0, -10]
>>> shares = concentration(values)
>>> shares["top10_share"], round(shares["gini"], 4)
(1.0, 0.5833)
>>> [(round(n, 2), round(value, 2)) for n, value in shares["curve"][1:4]]
[(0.17, 0.5), (0.33, 0.8), (0.5, 0.95)]
"""

import numpy as np

TOP = 10
POINTS = 100


def concentration(values):
    """Return what share the greatest have, and how unequal values are.

    :param values: a number a customer, in any order
    :return: dict ``customers``, ``top10_share`` (0 to 1), ``gini`` and ``curve``; the
        shares are None where nobody is worth anything
    """
    ordered = ordered_values(values)
    return {
        "customers": len(ordered),
        "top10_share": top_share(ordered),
        "gini": gini(ordered),
        "curve": curve(ordered),
    }


def ordered_values(values):
    """Return values as an array, the greatest first, none below zero."""
    return -np.sort(-np.clip(np.asarray(values, dtype=float), 0, None))


def top_share(ordered, count=TOP):
    """Return the share that the ``count`` greatest have, None of nothing.

    >>> top_share([40.0] + [6.0] * 10), top_share([0.0])
    (0.94, None)
    """
    total = float(np.sum(ordered))
    return float(np.sum(ordered[:count])) / total if total else None


def gini(ordered):
    """Return the Gini coefficient (Gini, 1912) of values, the greatest first.

    0 where all are equal, (n − 1) / n where one has all; None of nothing.

    >>> gini([5.0, 5.0, 5.0]), round(gini([9.0, 0.0, 0.0]), 4), gini([])
    (0.0, 0.6667, None)
    """
    total, count = float(np.sum(ordered)), len(ordered)
    if not total:
        return None
    ranks = np.arange(count, 0, -1)
    unequal = 2 * float(np.dot(ranks, ordered)) / (count * total) - (count + 1) / count
    return max(unequal, 0.0)


def curve(ordered, points=POINTS):
    """Return ``[share of customers, share of value]``, the greatest first.

    From (0, 0) to (1, 1) in at most ``points`` steps: the curve of Lorenz (1905),
    counted from the other end. Empty of nothing.

    >>> len(curve([1.0] * 1000)), curve([0.0])
    (101, [])
    """
    total, count = float(np.sum(ordered)), len(ordered)
    if not total:
        return []
    steps = np.unique(np.linspace(0, count, min(points, count) + 1).round().astype(int))
    reached = np.concatenate([[0.0], np.cumsum(ordered)])[steps] / total
    return [
        [float(customers), min(float(value), 1.0)]
        for customers, value in zip(steps / count, reached, strict=True)
    ]
