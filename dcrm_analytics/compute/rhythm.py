"""The rhythm of a customer's purchases: its usual gap, and when silence is danger.

The specification of what ``queries.rhythm`` computes inside the database. A customer is
given by the days on which it bought anything, each once. Its *gap* is the median of the
days between them, of the latest so many, so that neither one holiday nor the habits of
years ago bend it; a customer that is silent for
``after`` times its own gap, and for some days at least, is *in danger*, until it buys
again or is lost: who buys daily is not in danger after a weekend. What a spell in
danger is measured by are the gaps before it: what the customer does later changes no
spell of the past.

>>> from datetime import date
>>> days = [date(2024, 1, 1), date(2024, 1, 11), date(2024, 1, 31), date(2024, 2, 10)]
>>> usual_gap(days)
10.0
>>> [spell] = dangers(days, as_of=date(2024, 3, 31))
>>> spell.silent_since.isoformat(), spell.entered_on.isoformat(), spell.left_on
('2024-02-10', '2024-03-01', None)
"""

import math
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import NamedTuple

# Of how many gaps, the latest, the usual one is the median.
LATEST_GAPS = 24
LEAST_DAYS, DANGER_AFTER, LEAST_SILENCE, LOST_AFTER = 3, 2, 14, 365


class Danger(NamedTuple):
    """A spell in danger.

    :param silent_since: the last day on which the customer bought before it
    :param entered_on: the first day in danger
    :param left_on: the first day no more in danger; ``None``: it still is
    :param gap: the customer's usual gap then, in days
    :param outcome: ``'bought'``, ``'lost'``, or ``None`` while it is in danger
    """

    silent_since: date
    entered_on: date
    left_on: date | None
    gap: float
    outcome: str | None


def usual_gap(days, least=LEAST_DAYS):
    """Return the median of the latest days between purchase days, as a float.

    :param days: ascending dates, each once
    :param least: how many there must be; with fewer the gap is ``None``

    >>> first = date(2024, 1, 1)
    >>> usual_gap([first, first + timedelta(7)]) is None
    True
    >>> usual_gap([first, first + timedelta(7), first + timedelta(20)])
    10.0
    >>> weekly = [first + timedelta(7 * number) for number in range(30)]
    >>> usual_gap([*weekly, *(weekly[-1] + timedelta(n) for n in range(1, 14))])
    1.0
    """
    if len(days) < max(least, 2):
        return None
    latest = days[-LATEST_GAPS - 1 :]
    return float(median((b - a).days for a, b in zip(latest, latest[1:], strict=False)))


def due_date(last, gap):
    """Return the day by which a whole gap has passed.

    >>> due_date(date(2024, 1, 1), 9.5).isoformat()
    '2024-01-11'
    """
    return last + timedelta(math.ceil(gap))


def danger_day(last, gap, after=DANGER_AFTER, silence=LEAST_SILENCE):
    """Return the first day in danger if nothing is bought, exact in decimals.

    :param silence: how many days must pass whatever the gap

    >>> danger_day(date(2024, 1, 1), 10.0, 2.1).isoformat()
    '2024-01-22'
    >>> danger_day(date(2024, 1, 1), 1.0).isoformat()
    '2024-01-15'
    """
    gaps = math.ceil(Decimal(str(after)) * Decimal(gap))
    return last + timedelta(max(gaps, silence))


def overdue_gaps(last, gap, as_of):
    """Return how many of its own gaps a customer is silent.

    >>> overdue_gaps(date(2024, 1, 1), 10.0, date(2024, 1, 26))
    2.5
    """
    return (as_of - last).days / gap


def dangers(
    days,
    as_of,
    after=DANGER_AFTER,
    least=LEAST_DAYS,
    lost_after=LOST_AFTER,
    silence=LEAST_SILENCE,
) -> list[Danger]:
    """Return the spells in danger up to a day, the first first.

    Who buys on the very day on which it would get in danger, or be lost, does not.
    Who is lost is not in danger (any more).

    >>> first = date(2024, 1, 1)
    >>> monthly = [first + timedelta(30 * n) for n in range(4)]
    >>> dangers([*monthly, monthly[-1] + timedelta(60)], as_of=date(2024, 5, 30))
    []
    >>> [spell] = dangers([*monthly, monthly[-1] + timedelta(61)], date(2024, 6, 1))
    >>> spell.left_on - spell.entered_on, spell.outcome
    (datetime.timedelta(days=1), 'bought')
    >>> [spell] = dangers(monthly, as_of=date(2030, 1, 1))
    >>> (spell.left_on - monthly[-1]).days, spell.outcome
    (365, 'lost')
    """
    days = [day for day in days if day <= as_of]
    spells = []
    for number, last in enumerate(days, 1):
        gap = usual_gap(days[:number], least)
        if gap is None:
            continue
        bought = days[number] if number < len(days) else None
        lost = last + timedelta(lost_after)
        entered = danger_day(last, gap, after, silence)
        if entered > as_of or entered >= min(bought or date.max, lost):
            continue
        if bought and bought <= lost:
            left, outcome = bought, "bought"
        elif lost <= as_of:
            left, outcome = lost, "lost"
        else:
            left, outcome = None, None
        spells.append(Danger(last, entered, left, gap, outcome))
    return spells
