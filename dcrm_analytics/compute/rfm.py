"""Recency, frequency, monetary value: cut points, classes, value classes, on arrays.

The specification of what ``queries.score`` computes inside the database, and the
arithmetic of small things. One axis is an array of one number a customer, *higher is
better*; recency therefore comes as minus the days since the last purchase. ``n``
classes have ``n - 1`` cut points, ascending, and the class of a customer is one more
than the number of cut points that the customer exceeds: equal customers get equal
classes, whatever their order, and a class may be empty. (Classing customers by
quantiles of recency, frequency and monetary value: Hughes, 1994; cut points that are
kept instead of ranks are our own choice, so that a score can be explained.)

>>> spent = [10, 20, 20, 30, 40, 50, 60, 70, 80, 90]
>>> cuts = cut_points(spent, 5)
>>> cuts.tolist()
[20.0, 30.0, 50.0, 70.0]
>>> classify(spent, cuts).tolist()
[1, 1, 1, 2, 3, 3, 4, 4, 5, 5]
"""

import math

import numpy as np

LEAST_CLASSES, MOST_CLASSES = 3, 9
VALUE_SHARES = (80, 95)


def cut_points(values, classes, unit=1):
    """Return the ``classes - 1`` cut points of an axis, an ascending array of floats.

    Cut point *k* is the least value that at least *k* in ``classes`` of the customers
    do not exceed (the discrete quantile, in exact arithmetic):

    >>> cut_points([5, 1, 4, 2, 3], 5).tolist()
    [1.0, 2.0, 3.0, 4.0]

    Where all customers are equal there is nothing to tell them by, and all get the
    middle class: the cut points below it lie one ``unit`` (a day, a purchase, a cent)
    under the value.

    >>> cut_points([7, 7, 7], 5).tolist()
    [6.0, 6.0, 7.0, 7.0]
    >>> classify([7, 6, 8], cut_points([7], 5)).tolist()
    [3, 1, 5]

    Where nobody bought there is nothing to exceed: every class is the first.

    >>> cut_points([], 3).tolist()
    [0.0, 0.0]
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    count = len(ordered)
    if not count:
        return np.zeros(classes - 1)
    if ordered[0] == ordered[-1]:
        below = middle_class(classes) - 1
        return ordered[0] - np.where(np.arange(classes - 1) < below, float(unit), 0.0)
    ranks = [-(-k * count // classes) for k in range(1, classes)]
    return ordered[np.asarray(ranks) - 1]


def middle_class(classes):
    """Return the class of customers whom nothing tells apart.

    >>> [middle_class(classes) for classes in (3, 4, 5, 9)]
    [2, 2, 3, 5]
    """
    return (classes + 1) // 2


def classify(values, cuts):
    """Return the class of each value, 1 to ``len(cuts) + 1``; an unknown one's is 1.

    >>> classify([5, 10, 11, float("nan")], [5, 10]).tolist()
    [1, 2, 3, 1]
    """
    values = np.asarray(values, dtype=float)
    classes = np.searchsorted(np.asarray(cuts, dtype=float), values, side="left") + 1
    return np.where(np.isnan(values), 1, classes)


def recency_cut_points(days, classes):
    """Return cut points of the days since the last purchase, descending, in days.

    >>> cuts = recency_cut_points([1, 10, 20, 50, 300], 5)
    >>> cuts.tolist()
    [300.0, 50.0, 20.0, 10.0]
    >>> classify_recency([1, 10, 20, 50, 300], cuts).tolist()
    [5, 4, 3, 2, 1]
    """
    return -cut_points(-np.asarray(days, dtype=float), classes)


def classify_recency(days, cuts):
    """Return the class of each number of days: 1 + how many cuts it falls short of.

    Who never bought (NaN) is in class 1.

    >>> classify_recency([0, 30, 31, float("nan")], [90, 30]).tolist()
    [3, 2, 2, 1]
    """
    days = np.asarray(days, dtype=float)
    return classify(-days, -np.asarray(cuts, dtype=float))


def value_bounds(monetary, unit=0.01, shares=VALUE_SHARES):
    """Return the least monetary value of class a and of class b.

    Customers stand in descending order of monetary value. Who is reached before 80 %
    of all (positive) value is counted up is a, before 95 % b: of 100, the customers of
    50 and 30 make 80 together, the next of 15 is b, the last of 5 is c.

    >>> value_bounds([50, 30, 15, 5])
    (30.0, 15.0)

    Equals are one: both customers of 40 are reached before 80 %.

    >>> value_bounds([40, 40, 20])
    (40.0, 20.0)

    Without a positive value there are no bounds.

    >>> value_bounds([0, -10])
    (0.0, 0.0)
    """
    units = np.rint(np.asarray(monetary, dtype=float) / unit).astype(np.int64)
    levels, counts = np.unique(units[units > 0], return_counts=True)
    if not len(levels):
        return 0.0, 0.0
    totals = levels * counts
    greater = totals[::-1].cumsum()[::-1] - totals
    total = totals.sum()
    # An integer number of units is divided last, so that 0.3 stays 0.3.
    a, b = (levels[greater * 100 < share * total].min() for share in shares)
    scale = round(1 / unit) if unit < 1 else 1 / unit
    return float(a / scale), float(b / scale)


def value_classes(monetary, bounds):
    """Return 'a', 'b' or 'c' of each customer, by the bounds of :func:`value_bounds`.

    Whoever is worth nothing is c.

    >>> value_classes([50, 30, 15, 5, -1], (30, 15)).tolist()
    ['a', 'a', 'b', 'c', 'c']
    >>> value_classes([0, -10], (0, 0)).tolist()
    ['c', 'c']
    """
    monetary = np.asarray(monetary, dtype=float)
    a, b = bounds
    classes = np.where(monetary >= a, "a", np.where(monetary >= b, "b", "c"))
    return np.where(monetary > 0, classes, "c")


def parse_cuts(text):
    """Return the numbers of a text such as ``"365; 180; 90; 30"``.

    Numbers are separated by semicolons, or by commas or spaces where there is none.
    Raises ``ValueError`` with the first piece that is no finite number.

    >>> parse_cuts("365; 180;90 ; 30.5"), parse_cuts("1, 3 6"), parse_cuts("")
    ([365.0, 180.0, 90.0, 30.5], [1.0, 3.0, 6.0], [])
    >>> parse_cuts("3; many; 9")
    Traceback (most recent call last):
    ValueError: many
    >>> parse_cuts("3; nan")
    Traceback (most recent call last):
    ValueError: nan
    """
    text = text or ""
    pieces = text.split(";") if ";" in text else text.replace(",", " ").split()
    numbers = []
    for piece in filter(None, map(str.strip, pieces)):
        try:
            number = float(piece)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise ValueError(piece)
        numbers.append(number)
    return numbers


def first_step_back(cuts, descending=False):
    """Return the first two neighbours that are out of strict order, or None.

    >>> first_step_back([1, 3, 3, 2]), first_step_back([9, 5, 1], descending=True)
    ((3, 3), None)
    """
    for before, after in zip(cuts, cuts[1:], strict=False):
        if not (before > after if descending else before < after):
            return before, after
    return None
