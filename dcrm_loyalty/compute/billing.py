"""What documents bill of what was ordered, and what of it is there by now.

Amounts are untaxed, in the currency of the order; nothing here knows the host.
"""

from dataclasses import dataclass, field, replace

# Beyond these digits is noise of binary numbers.
NOISE = 7
# How far the price of a credit note may be from the invoice's where goods come back.
LIKE_PRICE = 0.05


def clean(number):
    """Return a number without the noise of binary ones."""
    return round(number, NOISE)


@dataclass
class Billed:
    """Of something ordered: invoiced, paid of it, refunded, refunded and never paid.

    In untaxed amounts, or in quantities. ``worth``: what was invoiced at the prices of
    the order.
    """

    ordered: float = 0.0
    invoiced: float = 0.0
    paid: float = 0.0
    refunded: float = 0.0
    unpaid: float = 0.0
    worth: float = 0.0


@dataclass
class Bills:
    """What documents bill of a part of a line, in untaxed amounts and in quantities."""

    money: Billed = field(default_factory=Billed)
    goods: Billed = field(default_factory=Billed)

    def add(self, refunds, amount, quantity, paid=0.0):
        """Add what a document bills; both are positive on credit notes, too.

        :param paid: which part of the document is paid, of a credit note which part
            was never paid
        """
        for billed, size in ((self.money, amount), (self.goods, quantity)):
            if refunds:
                billed.refunded += size
                billed.unpaid += size * paid
            else:
                billed.invoiced += size
                billed.paid += size * paid


def share(earn_on, billed) -> float:
    """Return which part of what was ordered is there by now, from 0 to 1.

    :param earn_on: ``order``, ``invoice`` or ``paid``
    :param billed: an iterable of :class:`Billed`, of one measure

    What was billed beyond the order and refunded takes nothing back; where it was
    invoiced below the prices of the order, a credit note takes back at these.

    >>> share("order", [Billed(100, 100, 0, 30)])
    0.7
    >>> share("invoice", [Billed(100, 60), Billed(100)])
    0.3
    >>> share("paid", [Billed(100, 100, 50)])
    0.5
    >>> share("order", [Billed(100, 80, 0, 40, worth=100)])
    0.5
    """
    billed = list(billed)
    ordered = sum(each.ordered for each in billed)
    if not clean(ordered):
        return 1.0
    kept = sum(_kept(earn_on, each) for each in billed)
    return min(1.0, max(0.0, kept / ordered))


def _kept(earn_on, billed):
    sign = -1 if billed.ordered < 0 else 1
    ordered, invoiced = sign * billed.ordered, sign * billed.invoiced
    refunded = sign * billed.refunded
    if earn_on == "order":
        worth = max(invoiced, sign * billed.worth)
        back = refunded * worth / invoiced if clean(invoiced) > 0 else refunded
        kept = ordered - max(0.0, back - max(0.0, worth - ordered))
    elif earn_on == "invoice":
        kept = invoiced - refunded
    else:
        kept = sign * (billed.paid + billed.unpaid) - refunded
    return sign * min(ordered, max(0.0, kept))


def cut(earn_on, line, billed):
    """Return the line as far as it is there by now."""
    if not line.parts:
        return line
    measured = [_measured(part, billed.get(part[0])) for part in line.parts]
    goods = share(earn_on, [goods for _money, goods in measured])
    money = share(earn_on, [money for money, _goods in measured])
    return replace(
        line,
        quantity=line.quantity * goods,
        untaxed=line.untaxed * money,
        total=line.total * money,
    )


def _measured(part, bills):
    """Return what is billed of a part of a line, in money and in goods."""
    _key, quantity, untaxed = part
    if not bills:
        return Billed(untaxed), Billed(quantity)
    money, goods = bills.money, bills.goods
    worth = untaxed * goods.invoiced / quantity if quantity else 0.0
    return (
        replace(money, ordered=untaxed, worth=worth),
        _given_back(replace(goods, ordered=quantity), money),
    )


def _given_back(goods, money):
    """Return goods so that what was made cheaper later is given back in proportion.

    A credit note over one piece may bring it back, or lower its price: that tells from
    the price of the piece.
    """
    if not (clean(goods.refunded) and clean(goods.invoiced) and clean(money.invoiced)):
        return goods
    as_sold = goods.refunded * money.invoiced / goods.invoiced
    if abs(money.refunded - as_sold) <= LIKE_PRICE * abs(as_sold):
        return goods
    of_it = money.refunded / as_sold
    return replace(goods, refunded=goods.refunded * of_it, unpaid=goods.unpaid * of_it)
