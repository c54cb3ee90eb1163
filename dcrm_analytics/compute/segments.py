"""Segments as a partition of the RFM cube: the default map, scaling, what is amiss.

A cell is ``(recency_class, frequency_class, monetary_class)``; a grid maps each cell of
a cube, given by its class counts ``(5, 5, 5)``, to a segment. The eleven names are
common in retail practice; where one ends and the next begins is our own choice.
"""

from collections import Counter
from itertools import product

# One row a recency class, the most recent first; one column a class of how much a
# customer buys: the mean of the frequency and the monetary class, rounded up.
DEFAULT_MAP = {
    5: ("new", "potential_loyalist", "potential_loyalist", "champion", "champion"),
    4: ("promising", "potential_loyalist", "potential_loyalist", "loyal", "champion"),
    3: ("about_to_sleep", "need_attention", "need_attention", "loyal", "loyal"),
    2: ("hibernating", "hibernating", "at_risk", "at_risk", "at_risk"),
    1: ("lost", "lost", "at_risk", "cant_lose", "cant_lose"),
}
CODES = tuple(dict.fromkeys(code for row in DEFAULT_MAP.values() for code in row))


def cube(counts):
    """Return every cell of a cube, the best first.

    >>> len(cube((5, 5, 5))), cube((3, 3, 3))[0], cube((3, 3, 3))[-1]
    (125, (3, 3, 3), (1, 1, 1))
    """
    return list(product(*(range(count, 0, -1) for count in counts)))


def scale_class(number, count, target):
    """Return the class of ``target`` classes at the place of one of ``count``.

    The lowest stays the lowest, the highest the highest; between, halves go up.

    >>> [scale_class(number, 3, 5) for number in (1, 2, 3)]
    [1, 3, 5]
    >>> [scale_class(number, 9, 5) for number in range(1, 10)]
    [1, 2, 2, 3, 3, 4, 4, 5, 5]
    >>> [scale_class(number, 5, 5) for number in range(1, 6)]
    [1, 2, 3, 4, 5]
    """
    steps = count - 1
    return 1 + (2 * (number - 1) * (target - 1) + steps) // (2 * steps)


def default_code(cell, counts):
    """Return the code of the default segment of a cell.

    >>> default_code((5, 5, 5), (5, 5, 5)), default_code((1, 9, 9), (9, 9, 9))
    ('champion', 'cant_lose')
    """
    recency, frequency, monetary = (
        scale_class(number, count, 5)
        for number, count in zip(cell, counts, strict=True)
    )
    return DEFAULT_MAP[recency][(frequency + monetary + 1) // 2 - 1]


def default_grid(counts):
    """Return ``{cell: code}`` of the default segments for any class counts.

    >>> set(default_grid((5, 5, 5)).values()) == set(CODES)
    True
    """
    return {cell: default_code(cell, counts) for cell in cube(counts)}


def rescale(grid, before, after):
    """Return a grid for other class counts: a new cell is what lay at its place.

    >>> grid = default_grid((5, 5, 5))
    >>> rescale(grid, (5, 5, 5), (5, 5, 5)) == grid
    True
    >>> rescale(grid, (5, 5, 5), (3, 4, 9))[3, 4, 9]
    'champion'
    """
    return {
        cell: grid[
            tuple(
                scale_class(number, new, old)
                for number, new, old in zip(cell, after, before, strict=True)
            )
        ]
        for cell in cube(after)
    }


def faults(cells, counts):
    """Return what keeps cells from being a partition of the cube: three lists of cells.

    ``missing`` cells belong to no segment, ``repeated`` ones to several, ``outside``
    ones to no class there is.

    >>> cells = cube((3, 3, 3))
    >>> faults(cells, (3, 3, 3))
    {'missing': [], 'repeated': [], 'outside': []}
    >>> faults([(4, 1, 1), *cells[1:], cells[5]], (3, 3, 3))
    {'missing': [(3, 3, 3)], 'repeated': [(3, 2, 1)], 'outside': [(4, 1, 1)]}
    """
    found = Counter(cells)
    wanted = cube(counts)
    inside = set(wanted)
    return {
        "missing": [cell for cell in wanted if cell not in found],
        "repeated": [cell for cell in wanted if found[cell] > 1],
        "outside": sorted(cell for cell in found if cell not in inside),
    }


def describe(cells, limit=8):
    """Return a short text that names cells.

    >>> describe([(5, 1, 2), (4, 4, 4)])
    'R5 F1 M2, R4 F4 M4'
    >>> describe(cube((5, 5, 5)), limit=2)
    'R5 F5 M5, R5 F5 M4 … (125)'
    """
    text = ", ".join(f"R{r} F{f} M{m}" for r, f, m in cells[:limit])
    return text if len(cells) <= limit else f"{text} … ({len(cells)})"
