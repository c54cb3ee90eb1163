"""What a document earns: points of its lines by rules, how much of them it has kept.

Amounts are in the currency of the document, quantities in the product's own unit.
Nothing here knows the host.
"""

from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
# Points have four digits.
LEAST = Decimal("0.0001")
# Beyond these digits is noise of binary numbers.
NOISE = 7


@dataclass(frozen=True)
class Line:
    """A line of an order as rules see it.

    ``counted``: it is bought, not given as a reward; ``paying``: it pays (by points, a
    wallet, a gift card) rather than makes the goods cheaper; ``in_minimum``: its
    amount counts where a rule asks for an amount. ``off``: the positions of the lines
    that it makes cheaper, empty for lines that are no discounts.
    """

    quantity: float
    untaxed: float
    total: float
    counted: bool = True
    paying: bool = False
    in_minimum: bool = True
    off: tuple = ()


@dataclass(frozen=True)
class Rule:
    """``points`` per ``order``, ``unit`` or ``money`` on the lines at ``positions``.

    ``minimum_amount`` is in the currency of the program.
    """

    mode: str
    points: float
    positions: frozenset = field(default_factory=frozenset)
    minimum_quantity: float = 0.0
    minimum_amount: float = 0.0
    minimum_taxed: bool = True


def earned(rules, lines, rate=1.0) -> float:
    """Return the points that lines earn, to four digits.

    :param rate: how much of the program's currency one of the lines' currency is

    A discount takes its part off each line that it makes cheaper, so that a rule that
    names a product counts what was paid for it:

    >>> pot, off = Line(1, 100, 100), Line(1, -10, -10, counted=False, off=(0,))
    >>> earned([Rule("money", 1, frozenset({0}))], [pot, off])
    90.0
    >>> earned([Rule("money", 1, frozenset({0, 1}))], [pot, off])
    90.0
    """
    points = sum((_of_rule(rule, lines, rate) for rule in rules), Decimal(0))
    return max(0.0, float(points.quantize(LEAST, ROUND_HALF_UP)))


def _of_rule(rule, lines, rate):
    named = [lines[position] for position in sorted(rule.positions)]
    bought = [line for line in named if line.counted]
    quantity = sum(line.quantity for line in bought)
    if not bought or _clean(quantity) < rule.minimum_quantity:
        return Decimal(0)
    asked = [line for line in named if line.in_minimum]
    amount = sum(line.total if rule.minimum_taxed else line.untaxed for line in asked)
    if _clean(amount * rate) < rule.minimum_amount:
        return Decimal(0)
    points = Decimal(str(rule.points))
    if rule.mode == "unit":
        return points * Decimal(str(_clean(quantity)))
    if rule.mode == "money":
        paid = _clean(_paid(rule.positions, lines) * rate)
        return (points * Decimal(str(paid))).quantize(CENT, ROUND_DOWN)
    return points


def _paid(positions, lines):
    """Return what was paid for the lines at positions: less their part of discounts."""
    paid = 0.0
    for position, line in enumerate(lines):
        if line.paying:
            continue
        whole = sum(lines[other].total for other in line.off)
        if not whole:
            paid += line.total if position in positions else 0.0
        else:
            named = sum(lines[other].total for other in positions & set(line.off))
            paid += line.total * named / whole
    return paid


def _clean(number):
    return round(number, NOISE)


# -- what is kept of it --------------------------------------------------------------


@dataclass(frozen=True)
class Billed:
    """Untaxed amounts of an order's line: ordered, invoiced, paid of it, refunded."""

    ordered: float
    invoiced: float = 0.0
    paid: float = 0.0
    refunded: float = 0.0


def share(earn_on, billed) -> float:
    """Return which part of what an order earns it has earned by now, from 0 to 1.

    :param earn_on: ``order``, ``invoice`` or ``paid``
    :param billed: a :class:`Billed` for each line that earns

    What was billed beyond the order and refunded takes nothing back.

    >>> share("order", [Billed(100, 100, 0, 30)])
    0.7
    >>> share("invoice", [Billed(100, 60), Billed(100)])
    0.3
    >>> share("paid", [Billed(100, 100, 50)])
    0.5
    """
    ordered = sum(line.ordered for line in billed)
    if _clean(ordered) <= 0:
        invoiced = any(line.invoiced > line.refunded for line in billed)
        return float(earn_on == "order" or invoiced)
    kept = sum(_kept(earn_on, line) for line in billed)
    return min(1.0, max(0.0, _clean(kept / ordered)))


def _kept(earn_on, line):
    sign = -1 if line.ordered < 0 else 1
    ordered, invoiced = sign * line.ordered, sign * line.invoiced
    refunded = sign * line.refunded
    if earn_on == "order":
        kept = ordered - max(0.0, refunded - max(0.0, invoiced - ordered))
    elif earn_on == "invoice":
        kept = invoiced - refunded
    else:
        kept = sign * line.paid - refunded
    return sign * min(ordered, max(0.0, kept))


def part(points, share) -> float:
    """Return a share of points in hundredths, all of them where it is the whole.

    Rounded on what has been earned in all, so that parts add up to the whole.

    >>> part(10.005, 1.0), part(10, 1 / 3), part(10, 2 / 3)
    (10.005, 3.33, 6.67)
    """
    if share >= 1:
        return points
    exact = Decimal(str(points)) * Decimal(str(share))
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
