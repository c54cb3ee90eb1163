"""Which rung of a ladder is taken when: plain values in, what is to be done out.

A ladder is a list of rungs in the order in which they are climbed. What was told before
is a list of notices in the order in which they were told, of which at most the last is
open. Instants are naive UTC, counted as deadlines are (:mod:`.sla_clock`).

>>> from datetime import datetime
>>> def at(text):
...     return datetime.fromisoformat(f"2026-03-02 {text}")
>>> ladder = [Rung(1, at("09:00"), True, 7, 7), Rung(2, at("10:00"), False, 8, None),
...           Rung(3, at("10:00"), False, 9, 9)]
>>> climb(ladder, [], at("08:59")).taken, str(due(ladder, []))
((), '2026-03-02 09:00:00')
>>> climb(ladder, [], at("09:00")).taken
((1, 7),)
>>> told = [Told(1, ACCEPTED, 7, FOREVER)]
>>> climb(ladder, told, at("09:59")).taken, climb(ladder, told, at("10:00")).taken
((), ((2, None), (3, 9)))
"""

from datetime import datetime
from typing import NamedTuple

from .sla_clock import FOREVER, NOTHING, deadline, elapsed

OPEN, ACCEPTED, HANDED_ON = "open", "accepted", "handed_on"
EXPIRED, SKIPPED, OBSOLETE = "expired", "skipped", "obsolete"
# After these the next rung is taken at once, whenever it would be its turn.
AT_ONCE = {HANDED_ON, SKIPPED}
# The key of the notice that says that a ladder has ended and nobody took over.
END = 0
NOW = datetime.min


class Rung(NamedTuple):
    """A step of a ladder, for one deadline.

    :param int key: what it is known by, not :data:`END`
    :param datetime at: before it the rung is not taken, unless others hand on
    :param bool warns: it lies before the deadline
    :param named: whom it names, ``None`` for nobody
    :param person: the same where they can be told, else ``None``
    """

    key: int
    at: datetime
    warns: bool
    named: int | None
    person: int | None


class Told(NamedTuple):
    """A notice.

    :param int key: that of its rung, which may be gone from the ladder since
    :param person: who was told, ``None`` where nobody was
    :param datetime until: the end of the time to accept it where it is open, of what
        accepting it holds off where it is accepted
    """

    key: int
    state: str
    person: int | None = None
    until: datetime = FOREVER


class Climb(NamedTuple):
    """What is to be done now.

    :param void: keys of notices that are of another time: the deadline was moved
    :param expired: keys of notices that nobody accepted in time
    :param taken: (key, person) of rungs that are taken, ``None`` for nobody there
    :param standing: the notices afterwards; the last of ``taken`` is among them
    """

    void: tuple
    expired: tuple
    taken: tuple
    standing: tuple


def instant(offset, start, due_at, work, pauses=()):
    """Return the instant so much counted time after a deadline, or before it.

    :param timedelta offset: negative before the deadline; never before the start
    :param datetime start: when the deadline began to be counted
    :param work: (start, stop) pairs, see :mod:`.sla_clock`
    :param pauses: (start, stop) pairs
    :return: an instant, ``FOREVER`` where a pause without end comes first
    """
    if offset < NOTHING:
        promised = elapsed(start, due_at, work, pauses)
        due_at, offset = start, max(promised + offset, NOTHING)
    try:
        return deadline(due_at, offset, work, pauses)
    except ValueError:
        return FOREVER


def standing(rungs, told, now):
    """Return the notices that hold by the ladder and deadline as they are now.

    The first that would not be told yet, and an open one that is somebody else's by
    now, are of another time, and so is all that was told after them. What was told
    early because the one before handed it on, or nobody was there, holds with that. So
    do notices whose rung is gone.
    """
    rung_of = {rung.key: rung for rung in rungs}
    kept = []
    for notice in told:
        if rung := rung_of.get(notice.key):
            at_once = kept and kept[-1].state in AT_ONCE
            if now < rung.at and not at_once:
                break
            if notice.state == OPEN and rung.named != notice.person:
                break
        kept.append(notice)
    return kept


def due(rungs, told):
    """Return the instant at which something happens next, ``FOREVER`` for never.

    Whoever takes over a warning has until the deadline, and no longer.

    :param told: notices that are standing
    """
    above = _above(rungs, told)
    if not told:
        return above[0].at if above else FOREVER
    last = told[-1]
    if last.key == END:
        return FOREVER
    if last.state in AT_ONCE:
        return NOW
    if last.state == EXPIRED:
        return above[0].at if above else NOW
    until = last.until
    if above and last.state == ACCEPTED:
        until = max(until, above[0].at)
    warned = any(rung.warns for rung in rungs if rung.key == last.key)
    late = _first_late(above)
    return min(until, late.at) if warned and late else until


def climb(rungs, told, now):
    """Return the :class:`Climb` of a ladder at an instant.

    Whom a rung of the same instant has told already is not told again: the rung is
    passed over.
    """
    kept = standing(rungs, told, now)
    void = tuple(notice.key for notice in told[len(kept) :])
    expired, taken = [], []
    while due(rungs, kept) <= now:
        if kept and kept[-1].state == OPEN:
            kept[-1] = kept[-1]._replace(state=EXPIRED)
            expired.append(kept[-1].key)
            continue
        rung = _next(_above(rungs, kept), now)
        if not rung:
            taken.append((END, None))
            kept.append(Told(END, OPEN))
            break
        person = None if rung.person in _told_with(rung, rungs, kept) else rung.person
        taken.append((rung.key, person))
        if person is not None:
            kept.append(Told(rung.key, OPEN, person))
            break
        kept.append(Told(rung.key, SKIPPED))
    return Climb(void, tuple(expired), tuple(taken), tuple(kept))


def _above(rungs, told):
    """Return the rungs above the highest that was taken."""
    keys = {notice.key for notice in told}
    taken = [number for number, rung in enumerate(rungs) if rung.key in keys]
    return rungs[max(taken, default=-1) + 1 :]


def _first_late(rungs):
    return next((rung for rung in rungs if not rung.warns), None)


def _next(above, now):
    """Return the rung to take, ``None`` at the top; the past is not warned of."""
    late = _first_late(above)
    if late and late.at <= now:
        return late
    return above[0] if above else None


def _told_with(rung, rungs, told):
    """Return who was told at a rung of the same instant."""
    keys = {each.key for each in rungs if each.at == rung.at}
    return {notice.person for notice in told if notice.key in keys}
