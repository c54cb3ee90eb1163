"""What the rules of a program grant at the till, which has an arithmetic of its own.

The host's till counts in the browser, and not as its orders do: money rounds half up,
to the digits of prices; a discount counts where a rule names it; rewards of the same
program take nothing off. What it tells is held to what this module finds.
"""

from decimal import ROUND_HALF_UP, Decimal

# Beyond these digits is noise of binary numbers.
NOISE = 7

# Half of the least coin: what a line's total may have lost when it was stored.
HALF = 0.5


def granted(rules, lines, digits=2, coin=0.0) -> float:
    """Return the points that ``earning.Rule`` grant on each ``earning.Line``.

    Amounts are what they are: the host's till converts no currencies.

    :param digits: those of prices, to which points of money are rounded
    :param coin: the least that amounts differ by, to find the most that is granted

    >>> from .earning import Line, Rule
    >>> pot, off = Line(2, 50, 60.5), Line(1, -10, -12, counted=False)
    >>> granted([Rule("money", 0.1, (0, 1))], [pot, off])
    4.85
    >>> granted([Rule("unit", 3, (0,), minimum_quantity=3)], [pot])
    0.0
    """
    points = sum((_of_rule(rule, lines, digits, coin) for rule in rules), Decimal(0))
    return max(0.0, float(points))


def _of_rule(rule, lines, digits, coin):
    named = [lines[position] for position in sorted(rule.positions)]
    off = HALF * coin * len(named)
    quantity = sum(line.quantity for line in named if line.counted)
    asked = [line for line in named if line.in_minimum]
    amount = sum(line.total if rule.minimum_taxed else line.untaxed for line in asked)
    if _exact(quantity) < _exact(rule.minimum_quantity) or (
        _exact(amount + off) < _exact(rule.minimum_amount)
    ):
        return Decimal(0)
    points = _exact(rule.points)
    if rule.mode == "unit":
        return points * _exact(quantity)
    if rule.mode == "money":
        paid = sum(line.total for line in named if not line.paying)
        places = Decimal(1).scaleb(-digits)
        return (points * _exact(paid + off)).quantize(places, ROUND_HALF_UP)
    return points


def _exact(number):
    return Decimal(str(round(number, NOISE)))
