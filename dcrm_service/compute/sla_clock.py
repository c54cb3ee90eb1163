"""Deadlines on working time: intervals in, instants out.

An instant is a naive ``datetime`` in UTC, so that an hour is an hour whatever a time
zone does that night. *Work* is an iterable of disjoint (start, stop) pairs in
ascending order, of which the stop is not part; it may be made as it is read, and
without end. *Pauses* are such pairs in any order: time that does not count, whether
it would have been worked or not.

The counted time of an instant is the working time since the start that no pause
covers. The deadline is the first instant at which it is what was promised; a pause
after the deadline therefore never moves it. Work is counted exactly, only the bounds
of what a calendar says are rounded, to the minute (:func:`tidy`).

>>> def at(text):
...     return datetime.fromisoformat(f"2026-03-{text}")
>>> week = [(at(f"{day:02} 09:00"), at(f"{day:02} 17:00")) for day in (2, 3, 4)]
>>> str(deadline(at("02 16:30"), timedelta(hours=2), week))
'2026-03-03 10:30:00'
>>> pause = [(at("02 16:45"), at("03 12:00"))]
>>> str(deadline(at("02 16:30"), timedelta(hours=2), week, pause))
'2026-03-03 13:45:00'
>>> str(elapsed(at("02 16:30"), at("03 13:45"), week, pause))
'2:00:00'
"""

from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
NOTHING = timedelta()
FOREVER = datetime.max


def tidy(intervals):
    """Return intervals as a list of disjoint ones, ascending, on whole minutes.

    Bounds are rounded to the nearest minute: calendars write midnight as the moment
    before it, and around the clock is to have no gap there.

    >>> night = datetime(2026, 3, 2, 23, 59, 59, 999999)
    >>> [(a, b)] = tidy([(datetime(2026, 3, 2, 22), night),
    ...                  (datetime(2026, 3, 3), datetime(2026, 3, 3, 6))])
    >>> str(a), str(b)
    ('2026-03-02 22:00:00', '2026-03-03 06:00:00')
    """
    tidied = []
    for start, stop in sorted((nearest(a), nearest(b)) for a, b in intervals):
        if stop <= start:
            continue
        if tidied and start <= tidied[-1][1]:
            tidied[-1] = (tidied[-1][0], max(stop, tidied[-1][1]))
        else:
            tidied.append((start, stop))
    return tidied


def nearest(instant):
    """Return the whole minute nearest to an instant.

    >>> str(nearest(datetime(2026, 3, 2, 8, 59, 30)))
    '2026-03-02 09:00:00'
    """
    past = instant - instant.replace(second=0, microsecond=0)
    return instant - past + (MINUTE if past * 2 >= MINUTE else NOTHING)


def in_minutes(hours):
    """Return a number of hours as a timedelta of whole minutes, at least one.

    >>> str(in_minutes(1.3333)), str(in_minutes(0.001))
    ('1:20:00', '0:01:00')
    """
    return max(round(hours * 60), 1) * MINUTE


def without(work, pauses):
    """Yield what is left of work outside the pauses."""
    pauses = sorted(pauses)
    for start, stop in work:
        for away, back in pauses:
            if back <= start or away >= stop:
                continue
            if away > start:
                yield start, away
            start = min(back, stop)
        if start < stop:
            yield start, stop


def deadline(start, promised, work, pauses=()):
    """Return the first instant at which the promised time is counted.

    :param datetime start: when counting begins
    :param timedelta promised: how much is to be counted; nothing is due at the start
    :param work: (start, stop) pairs, see above
    :param pauses: (start, stop) pairs
    :raise ValueError: where all of the work does not come to what was promised
    """
    left = promised
    if left <= NOTHING:
        return start
    for begin, end in without(work, pauses):
        begin = max(begin, start)
        if begin >= end:
            continue
        if end - begin >= left:
            return begin + left
        left -= end - begin
    raise ValueError(f"{left} of {promised} remain when all work is done.")


def elapsed(start, stop, work, pauses=()):
    """Return the time counted from one instant to another, nothing if it is earlier."""
    counted = NOTHING
    for begin, end in without(work, pauses):
        if begin >= stop:
            break
        counted += max(min(end, stop) - max(begin, start), NOTHING)
    return counted


def course(start, promised, work, pauses=(), held_since=None):
    """Return the deadline, or what is left of the promise where it is held.

    :param pauses: (start, stop) pairs of those that have ended
    :param held_since: the instant since which the clock stands still; ``None``: it runs
    :return: (deadline, ``None``) or (``None``, timedelta); a promise that had run out
        before it was held has its deadline all the same
    :raise ValueError: as :func:`deadline`

    >>> day = [(datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 17))]
    >>> due, left = course(day[0][0], timedelta(hours=4), day,
    ...                    held_since=datetime(2026, 3, 2, 10, 30))
    >>> due, str(left)
    (None, '2:30:00')
    """
    if held_since is not None:
        left = promised - elapsed(start, held_since, work, pauses)
        if left > NOTHING:
            return None, left
    return deadline(start, promised, work, pauses), None


class Replayed:
    """An iterable that asks its source for each item once, however often it is read.

    >>> asked = []
    >>> numbers = Replayed(asked.append(n) or n for n in range(3))
    >>> next(iter(numbers)), list(numbers), list(numbers), len(asked)
    (0, [0, 1, 2], [0, 1, 2], 3)
    """

    def __init__(self, source):
        self._source = iter(source)
        self._seen = []

    def __iter__(self):
        position = 0
        while True:
            if position == len(self._seen):
                try:
                    self._seen.append(next(self._source))
                except StopIteration:
                    return
            yield self._seen[position]
            position += 1
