"""The clock beside a slow oracle that looks at every minute."""

import doctest
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..compute import sla_clock
from ..compute.sla_clock import (
    FOREVER,
    MINUTE,
    Replayed,
    deadline,
    elapsed,
    tidy,
    without,
)

EPOCH = datetime(2026, 3, 2)
SPAN = 150


def at(minute):
    return EPOCH + minute * MINUTE


def minutes_of(intervals):
    """Which minutes of the span lie in the intervals, one by one."""
    return {
        minute
        for minute in range(-SPAN, 3 * SPAN)
        if any(start <= at(minute) < stop for start, stop in intervals)
    }


def oracle(start, promised, work, pauses):
    """Look at one minute after another until what was promised has been counted."""
    counting = minutes_of(work) - minutes_of(pauses)
    minute = start
    while promised:
        if minute >= 3 * SPAN:
            return None
        promised -= minute in counting
        minute += 1
    return at(minute)


def pairs(most):
    bounds = st.tuples(st.integers(0, SPAN), st.integers(0, 50))
    return st.lists(
        bounds.map(lambda pair: (at(pair[0]), at(pair[0] + pair[1]))), max_size=most
    )


instants = st.integers(0, SPAN)
# A busy machine is no fault of the code.
patiently = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@tagged("post_install", "-at_install")
class TestSlaClock(BaseCase):
    def test_examples(self):
        outcome = doctest.testmod(sla_clock)
        self.assertGreater(outcome.attempted, 10)
        self.assertEqual(outcome.failed, 0)

    @patiently
    @given(start=instants, promised=st.integers(0, 120), work=pairs(6), away=pairs(3))
    def test_deadline_is_the_minute_of_the_oracle(self, start, promised, work, away):
        expected = oracle(start, promised, work, away)
        work = tidy(work)
        if expected is None:
            with self.assertRaises(ValueError):
                deadline(at(start), promised * MINUTE, work, away)
        else:
            found = deadline(at(start), promised * MINUTE, work, away)
            self.assertEqual(found, expected)

    @patiently
    @given(start=instants, stop=instants, work=pairs(6), away=pairs(3))
    def test_elapsed_counts_the_minutes_of_the_oracle(self, start, stop, work, away):
        counting = minutes_of(work) - minutes_of(away)
        expected = len(counting & set(range(start, stop)))
        found = elapsed(at(start), at(stop), tidy(work), away)
        self.assertEqual(found, expected * MINUTE)

    @patiently
    @given(
        start=instants,
        promised=st.timedeltas(timedelta(seconds=1), timedelta(minutes=90)),
        work=pairs(6),
        away=pairs(3),
    )
    def test_at_the_deadline_all_that_was_promised_is_counted(
        self, start, promised, work, away
    ):
        """To the microsecond, and not a microsecond earlier; a later pause is late."""
        work = [*tidy(work), (at(3 * SPAN), FOREVER)]
        due = deadline(at(start), promised, work, away)
        self.assertEqual(elapsed(at(start), due, work, away), promised)
        before = due - timedelta(microseconds=1)
        self.assertLess(elapsed(at(start), before, work, away), promised)
        late = [*away, (due, due + timedelta(days=3))]
        self.assertEqual(deadline(at(start), promised, work, late), due)

    @patiently
    @given(start=instants, less=instants, more=instants, work=pairs(6), away=pairs(3))
    def test_who_is_promised_less_time_is_due_no_later(
        self, start, less, more, work, away
    ):
        work = [*tidy(work), (at(3 * SPAN), FOREVER)]
        less, more = sorted((less, more))
        self.assertLessEqual(
            deadline(at(start), less * MINUTE, work, away),
            deadline(at(start), more * MINUTE, work, away),
        )

    @patiently
    @given(intervals=pairs(8))
    def test_tidy_is_disjoint_and_loses_nothing(self, intervals):
        tidied = tidy(intervals)
        self.assertEqual(minutes_of(tidied), minutes_of(intervals))
        self.assertEqual(tidied, tidy(tidied))
        for (_start, stop), (start, _stop) in zip(tidied, tidied[1:], strict=False):
            self.assertLess(stop, start)

    @patiently
    @given(work=pairs(6), away=pairs(4))
    def test_without_is_the_difference(self, work, away):
        left = list(without(tidy(work), away))
        self.assertEqual(minutes_of(left), minutes_of(work) - minutes_of(away))
        self.assertEqual(left, sorted(left))

    def test_work_without_end_is_read_no_further_than_needed(self):
        read = []

        def days():
            for day in range(10**9):
                read.append(day)
                start = EPOCH + timedelta(days=day, hours=9)
                yield start, start + timedelta(hours=8)

        work = Replayed(days())
        self.assertEqual(
            deadline(EPOCH, timedelta(hours=20), work), EPOCH + timedelta(2, hours=13)
        )
        deadline(EPOCH, timedelta(hours=10), work)
        self.assertEqual(read, [0, 1, 2])

    def test_round_the_clock(self):
        start = datetime(2026, 3, 28, 23, 59, 17)
        due = deadline(start, timedelta(hours=30), [(start, FOREVER)])
        self.assertEqual(due, datetime(2026, 3, 30, 5, 59, 17))
