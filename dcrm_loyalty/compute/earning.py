"""What a document earns: points of its lines by rules, how much of them it has kept.

Amounts are in the currency of the document, quantities in the product's own unit.
Nothing here knows the host.
"""

from dataclasses import astuple, dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from math import ceil

from . import billing

CENT = Decimal("0.01")
# Points have four digits.
LEAST = Decimal("0.0001")


@dataclass(frozen=True)
class Line:
    """A line of an order as rules see it.

    ``counted``: it is bought, not given as a reward; ``paying``: it pays (by points, a
    wallet, a gift card) rather than makes the goods cheaper; ``in_minimum``: its
    amount counts where a rule asks for an amount. ``off``: the positions of the lines
    that it makes cheaper, empty for lines that are no discounts. ``parts``: what
    documents bill of it, each as ``(key, quantity, untaxed)``.
    """

    quantity: float
    untaxed: float
    total: float
    counted: bool = True
    paying: bool = False
    in_minimum: bool = True
    off: tuple = ()
    parts: tuple = ()


@dataclass(frozen=True)
class Rule:
    """``points`` per ``order``, ``unit`` or ``money`` on the lines at ``positions``.

    ``minimum_amount`` is in the currency of the program.
    """

    mode: str
    points: float
    positions: tuple = ()
    minimum_quantity: float = 0.0
    minimum_amount: float = 0.0
    minimum_taxed: bool = True


@dataclass(frozen=True)
class Terms:
    """All that says what an order earns: rules, lines, and the rate.

    ``rate``: how much of the program's currency one of the lines' currency is.
    """

    rules: tuple
    lines: tuple
    rate: float = 1.0

    def dump(self) -> list:
        """Return the terms as lists, which JSON keeps as they are.

        >>> terms = Terms((Rule("unit", 1, (0,)),), (Line(2, 20.0, 24.0),), 0.5)
        >>> Terms.load(terms.dump()) == terms
        True
        """
        return [
            [_listed(astuple(rule)) for rule in self.rules],
            [_listed(astuple(line)) for line in self.lines],
            self.rate,
        ]

    @classmethod
    def load(cls, dumped):
        """Return the terms that were dumped."""
        rules, lines, rate = dumped
        return cls(
            tuple(Rule(*_frozen(rule)) for rule in rules),
            tuple(Line(*_frozen(line)) for line in lines),
            rate,
        )


def _listed(value):
    return [_listed(each) for each in value] if isinstance(value, tuple) else value


def _frozen(value):
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def earned(terms) -> float:
    """Return the points that lines earn by rules, to four digits.

    A discount takes its part off each line that it makes cheaper, so that a rule that
    names a product counts what was paid for it:

    >>> pot, off = Line(1, 100, 100), Line(1, -10, -10, counted=False, off=(0,))
    >>> earned(Terms([Rule("money", 1, (0,))], [pot, off]))
    90.0
    >>> earned(Terms([Rule("money", 1, (0, 1))], [pot, off]))
    90.0
    """
    return _earned(terms, terms.lines, terms.lines)


def _earned(terms, standing, now):
    """Return what lines earn ``now``, with minimums that the ``standing`` reach."""
    points = sum(
        (_of_rule(rule, terms, standing, now) for rule in terms.rules), Decimal(0)
    )
    return max(0.0, float(points.quantize(LEAST, ROUND_HALF_UP)))


def _of_rule(rule, terms, standing, now):
    if not _is_reached(rule, terms, standing):
        return Decimal(0)
    points = Decimal(str(rule.points))
    if rule.mode == "unit":
        quantity = sum(line.quantity for line in _bought(rule, now))
        return points * Decimal(str(billing.clean(quantity)))
    if rule.mode == "money":
        paid = billing.clean(_paid(set(rule.positions), now) * terms.rate)
        return (points * Decimal(str(paid))).quantize(CENT, ROUND_DOWN)
    of_all = _proportion(_bought(rule, terms.lines), _bought(rule, now))
    return Decimal(str(part(rule.points, of_all)))


def _bought(rule, lines):
    named = [lines[position] for position in rule.positions]
    return [line for line in named if line.counted]


def _is_reached(rule, terms, standing):
    """Tell whether anything is bought of what the rule names, and its minimums."""
    whole, bought = _bought(rule, terms.lines), _bought(rule, standing)
    if not any(billing.clean(line.quantity) for line in bought):
        return False
    quantity = sum(map(_goods, whole, bought))
    if billing.clean(quantity) < rule.minimum_quantity:
        return False
    named = [standing[position] for position in rule.positions]
    asked = [line for line in named if line.in_minimum]
    amount = sum(line.total if rule.minimum_taxed else line.untaxed for line in asked)
    return billing.clean(amount * terms.rate) >= rule.minimum_amount


def _goods(whole, standing):
    """Return how many are there still: goods made cheaper are not fewer."""
    if whole.quantity <= 0 or billing.clean(whole.quantity) % 1:
        return standing.quantity
    return ceil(billing.clean(standing.quantity))


def _paid(positions, lines):
    """Return what was paid for the lines at positions: less their part of discounts."""
    paid = 0.0
    for position, line in enumerate(lines):
        if line.paying:
            continue
        whole = sum(lines[other].total for other in line.off)
        if not billing.clean(whole):
            paid += line.total if position in positions else 0.0
        else:
            named = sum(lines[other].total for other in positions & set(line.off))
            paid += line.total * named / whole
    return paid


def _proportion(whole, now):
    """Return which part of lines they are now: by amounts, by quantities if free."""
    for measure in ("untaxed", "quantity"):
        ordered = sum(getattr(line, measure) for line in whole)
        if billing.clean(ordered) > 0:
            return sum(getattr(line, measure) for line in now) / ordered
    return 1.0


# -- what is kept of it --------------------------------------------------------------


def deserved(points, earn_on, terms, billed, exact=True) -> float:
    """Return what of its points an order has earned by now.

    The rules are asked for what is there of each line: billed or paid where it earns
    by that, and not given back. What an order gives back is as if it had been ordered
    without, with two exceptions: points per order stay in proportion to the amounts,
    and no more is earned than ``points``. A minimum that is not reached without what
    was given back gives nothing, as at an order without it; what is not billed or paid
    yet counts in a minimum.

    :param points: what the order earns in full
    :param terms: :class:`Terms`
    :param billed: ``{key: billing.Bills}`` by the keys of parts of lines
    :param exact: False: ``points`` follow from other terms; they are earned in
        proportion to the amounts of the lines that rules name

    >>> lines = Line(10, 1000, 1000, parts=(("a", 10, 1000),)), Line(
    ...     1, 10, 10, parts=(("b", 1, 10),))
    >>> terms = Terms((Rule("money", 1, (0, 1)), Rule("unit", 50, (1,))), lines)
    >>> back = billing.Bills()
    >>> back.add(False, 10, 1)
    >>> back.add(True, 10, 1)
    >>> earned(terms), deserved(1060, "order", terms, {"b": back})
    (1060.0, 1000.0)
    """
    if not points or earn_on == "order" and not billed:
        return points
    now = [billing.cut(earn_on, line, billed) for line in terms.lines]
    if exact:
        standing = [billing.cut("order", line, billed) for line in terms.lines]
        return min(points, _earned(terms, standing, now))
    named = Rule(
        "money", 1, sorted({at for rule in terms.rules for at in rule.positions})
    )
    return part(points, _proportion(_bought(named, terms.lines), _bought(named, now)))


def part(points, share) -> float:
    """Return a share of points in hundredths, all of them where it is the whole.

    Rounded on what has been earned in all, so that parts add up to the whole.

    >>> part(10.005, 1.0), part(10, 1 / 3), part(10, 2 / 3)
    (10.005, 3.33, 6.67)
    """
    if billing.clean(share) >= 1:
        return points
    exact = Decimal(str(points)) * Decimal(str(max(0.0, share)))
    return float(exact.quantize(CENT, ROUND_HALF_UP))


# -- from what is held to what is deserved -------------------------------------------


@dataclass(frozen=True)
class Hold:
    """What still holds of a move: points that it issued, or took as redeemed."""

    move: object
    issuing: bool
    points: float


def steps(issued, used, holds, digits=4):
    """Yield what leads from the moves of a document to what it deserves.

    ``("reverse", move, points)``, ``("issue", None, points)`` and
    ``("redeem", None, points)``. What was redeemed is given back before points are
    taken back, and taken before points are redeemed.

    :param holds: each :class:`Hold`, in the order in which they are to be reversed

    >>> list(steps(0, 0, [Hold("r", False, 50), Hold("e", True, 80)]))
    [('reverse', 'r', 50), ('reverse', 'e', 80)]
    >>> list(steps(100, 50, [Hold("e", True, 80)]))
    [('issue', None, 20), ('redeem', None, 50)]
    """
    more_issued, back_issued = _difference(issued, holds, True, digits)
    more_used, back_used = _difference(used, holds, False, digits)
    yield from back_used
    if more_issued:
        yield "issue", None, more_issued
    yield from back_issued
    if more_used:
        yield "redeem", None, more_used


def _difference(wanted, holds, issuing, digits):
    """Return how much more is wanted, and what is to be reversed."""
    holds = [hold for hold in holds if hold.issuing == issuing and hold.points > 0]
    surplus = round(sum(hold.points for hold in holds) - wanted, digits)
    if surplus <= 0:
        return -surplus, []
    back = []
    for hold in holds:
        points = round(min(hold.points, surplus), digits)
        if points > 0:
            back.append(("reverse", hold.move, points))
        surplus = round(surplus - points, digits)
    return 0.0, back
