"""Points as a performance obligation of their own: IFRS 15, paragraphs B39 to B43.

A sale that grants points sells two things, the goods and a right to more of them. The
price is divided over both by their stand-alone prices. The part of the points is
deferred, and becomes revenue as points are redeemed, in proportion to all that are
expected to be redeemed. A changed expectation is caught up with at once, for all that
has been recognised so far. What no customer can redeem any more is revenue.

Amounts and points are ``Decimal``, so that parts add up to the whole; amounts are
rounded to ``unit``, the least amount of the currency, halves away from zero.

Example 52 of the standard: sales of 100,000 grant 10,000 points of 1 each, of which
9,500 are expected to be redeemed.

>>> unit = Decimal(1)
>>> deferred = rounded(allocate(100_000, 100_000, 10_000 * Decimal("0.95")), unit)
>>> deferred
Decimal('8676')
>>> first = State(deferred, 10_000, redeemed=4_500, rate=Decimal("0.95"))
>>> first.recognised(unit), first.liability(unit)
(Decimal('4110'), Decimal('4566'))

In the second year 8,500 are redeemed in all, and 9,700 are expected to be:

>>> second = State(deferred, 10_000, redeemed=8_500, rate=Decimal("0.97"))
>>> second.recognised(unit) - first.recognised(unit), second.liability(unit)
(Decimal('3493'), Decimal('1073'))
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

NOTHING = Decimal(0)


def rounded(amount, unit):
    """Return an amount in whole units of its currency.

    >>> rounded(Decimal("-8675.7991"), Decimal("0.01")), rounded(Decimal(3), Decimal(5))
    (Decimal('-8675.80'), Decimal('5'))
    """
    return (Decimal(amount) / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit


def allocate(price, goods, points):
    """Return the part of a price that is for points, not rounded.

    :param price: what the customer pays for goods and points together
    :param goods: what the goods, and points of other clubs, cost by themselves
    :param points: what the points that are expected to be redeemed cost by themselves

    >>> round(allocate(90, 100, 10), 4)
    Decimal('8.1818')

    Of what costs nothing, nothing is for points:

    >>> allocate(-5, 100, 10), allocate(100, 0, 0)
    (Decimal('0'), Decimal('0'))
    """
    price, goods = Decimal(price), max(Decimal(goods), NOTHING)
    points = max(Decimal(points), NOTHING)
    if price <= 0 or not points:
        return NOTHING
    return price * points / (goods + points)


def grant(price, goods, points, each, kept, unit):
    """Return what an invoice defers of its price, after what was refunded of it.

    :param points: what the invoice grants after refunds
    :param each: what one granted point costs by itself, times how many of all that are
        granted are expected to be redeemed
    :param kept: the part of the invoice that was not refunded, 0 to 1

    The price is divided as on the day of the invoice; a refund takes its part back.

    >>> cent = Decimal("0.01")
    >>> grant(100, 100, 10, 1, 1, cent), grant(100, 100, 5, 1, Decimal("0.5"), cent)
    (Decimal('9.09'), Decimal('4.55'))
    >>> grant(100, 100, 0, 1, 0, cent)
    Decimal('0.00')
    """
    kept = Decimal(kept)
    if kept <= 0:
        return rounded(NOTHING, unit)
    granted = Decimal(points) / kept
    return rounded(allocate(price, goods, granted * Decimal(each)) * kept, unit)


@dataclass(frozen=True)
class State:
    """What a cohort of points has come to.

    ``deferred``: of the prices, in all; ``issued``: points that it granted, less those
    taken back; ``redeemed`` and ``expired``: what of them is gone, and how; ``rate``:
    how many of those issued are expected to be redeemed in all, 0 to 1.
    """

    deferred: Decimal = NOTHING
    issued: Decimal = NOTHING
    redeemed: Decimal = NOTHING
    expired: Decimal = NOTHING
    rate: Decimal = Decimal(1)

    @property
    def outstanding(self):
        """Points that customers have still."""
        return self.issued - self.redeemed - self.expired

    @property
    def expected(self):
        """Points that are expected to be redeemed in all, those redeemed included.

        Not fewer than were, and not more than still can be:

        >>> State(issued=100, redeemed=30, expired=50, rate=Decimal("0.9")).expected
        Decimal('50')
        >>> State(issued=100, redeemed=30, rate=Decimal("0.2")).expected
        Decimal('30')
        """
        most = max(self.outstanding, 0) + self.redeemed
        wanted = Decimal(self.rate) * self.issued
        return Decimal(max(self.redeemed, min(wanted, most), 0))

    @property
    def part(self):
        """How much of the deferred price has been earned, 0 to 1.

        All of it, once no points are left that are expected to be redeemed.

        >>> State(issued=100, redeemed=0, expired=100).part
        Decimal('1')
        >>> State(issued=100).part
        Decimal('0')
        """
        if self.expected <= self.redeemed:
            return Decimal(1)
        return Decimal(max(self.redeemed, 0)) / self.expected

    def recognised(self, unit):
        """Return how much of the deferred price is revenue by now."""
        return rounded(self.deferred * self.part, unit)

    def liability(self, unit):
        """Return how much is deferred still: what is expected, at the price of each.

        >>> state = State(Decimal(90), 100, redeemed=20, rate=Decimal("0.8"))
        >>> state.liability(Decimal("0.01"))
        Decimal('67.50')
        >>> (state.expected - state.redeemed) * state.deferred / state.expected
        Decimal('67.5')
        """
        return self.deferred - self.recognised(unit)


def release(before, after, unit):
    """Return what of the deferred price became revenue from one state to the next.

    :return: dict ``catch_up`` (by another expectation), ``expired`` (by points that
        expired) and ``redeemed`` (the rest), which add up to the difference of
        ``recognised``; below zero where revenue is taken back

    The standard's second year: what was redeemed in the first is now worth less.

    >>> before = State(Decimal(8676), 10_000, redeemed=4_500, rate=Decimal("0.95"))
    >>> after = State(Decimal(8676), 10_000, redeemed=8_500, rate=Decimal("0.97"))
    >>> release(before, after, Decimal(1))
    {'catch_up': Decimal('-85'), 'expired': Decimal('0'), 'redeemed': Decimal('3578')}
    """
    expecting = replace(before, rate=after.rate)
    granted = replace(expecting, deferred=after.deferred, issued=after.issued)
    expired = replace(granted, expired=after.expired)
    states = (before, expecting, granted, expired, after)
    was, expecting, granted, expired, now = (each.recognised(unit) for each in states)
    return {
        "catch_up": expecting - was,
        "expired": expired - granted,
        "redeemed": now - expired + granted - expecting,
    }


# -- how many are redeemed -----------------------------------------------------------


def redemption_curve(cohorts, now):
    """Return which part of the points issued has been redeemed by each age, in months.

    :param cohorts: ``{month: (issued, {month: redeemed})}``, months as whole numbers
    :param now: the last month that is over
    :return: list; entry ``a`` is the part that is redeemed by the end of the month
        ``a`` months after that of the issue

    Each month of age adds what those cohorts redeemed in it that are so old, over what
    they were issued: the additive method of claims reserving (Bornhuetter and Ferguson,
    1972). Months that were not observed add nothing.

    >>> cohorts = {
    ...     0: (100, {0: 10, 1: 30}), 1: (300, {1: 30, 2: 60}), 2: (100, {2: 20})
    ... }
    >>> [float(part) for part in redemption_curve(cohorts, 2)]
    [0.12, 0.345, 0.345]
    """
    curve, total = [], NOTHING
    for age in range(now - min(cohorts, default=now + 1) + 1):
        old = [each for month, each in cohorts.items() if month + age <= now]
        months = [month for month in cohorts if month + age <= now]
        issued = sum((Decimal(each[0]) for each in old), NOTHING)
        redeemed = sum(
            (Decimal(cohorts[month][1].get(month + age, 0)) for month in months),
            NOTHING,
        )
        total += redeemed / issued if issued > 0 else 0
        curve.append(min(max(total, NOTHING), Decimal(1)))
    return curve


def rate_by_curve(curve, age, issued, redeemed):
    """Return which part of a cohort's points are expected to be redeemed in all.

    What it has redeemed so far, and what others did from this age on.

    :param curve: of :func:`redemption_curve`
    :param age: months since the issue, below zero: not issued yet

    >>> curve = [Decimal("0.1"), Decimal("0.4"), Decimal("0.6")]
    >>> rate_by_curve(curve, -1, 0, 0), rate_by_curve(curve, 1, 100, 50)
    (Decimal('0.6'), Decimal('0.7'))
    >>> rate_by_curve(curve, 9, 100, 50)
    Decimal('0.5')
    """
    ultimate = curve[-1] if curve else NOTHING
    if age < 0 or issued <= 0:
        return ultimate
    by_now = curve[min(age, len(curve) - 1)] if curve else NOTHING
    rate = Decimal(redeemed) / Decimal(issued) + (ultimate - by_now)
    return min(max(rate, NOTHING), Decimal(1))


@dataclass(frozen=True)
class Expectation:
    """What a point costs by itself, and how many of those granted are redeemed.

    ``rate``: the part that is redeemed, by hand; a ``curve`` goes before it.

    >>> by_hand = Expectation(Decimal("0.05"), Decimal("0.8"))
    >>> by_hand.part(3, 100, 90), by_hand.each
    (Decimal('0.8'), Decimal('0.040'))
    >>> by_curve = Expectation(Decimal("0.05"), Decimal("0.8"), (Decimal("0.5"),))
    >>> by_curve.part(3, 100, 90), by_curve.each
    (Decimal('0.9'), Decimal('0.025'))
    """

    price: Decimal
    rate: Decimal
    curve: tuple = ()

    def part(self, age, issued, redeemed):
        """Return which part of a cohort is redeemed in all; see `rate_by_curve`."""
        if self.curve:
            return rate_by_curve(self.curve, age, issued, redeemed)
        return self.rate

    @property
    def each(self):
        """What a point that is granted counts for, before any is redeemed."""
        return self.price * self.part(-1, 0, 0)


# -- what a point costs by itself ----------------------------------------------------


def price_of_point(rewards):
    """Return what one point buys, None where there is nothing to buy.

    :param rewards: ``(price, points, redeemed)`` of each reward: what the customer
        would pay for it, how many points it takes, how many were redeemed on it

    As much as the points redeemed so far have bought; while none were, the mean of the
    rewards.

    >>> price_of_point([(5, 100, 0), (30, 200, 0)])
    Decimal('0.10')
    >>> price_of_point([(5, 100, 900), (30, 200, 100)])
    Decimal('0.06')
    """
    each = [(Decimal(price) / Decimal(points), used) for price, points, used in rewards]
    if not each:
        return None
    used = sum(Decimal(points) for _price, points in each)
    if used <= 0:
        return sum(price for price, _points in each) / len(each)
    return sum(price * Decimal(points) for price, points in each) / used
