"""Deadlines beside an oracle that looks at every minute of local calendars.

The oracle knows nothing of intervals: it asks of each minute, in the time of the zone,
whether it is worked, free or paused, and counts those that are worked.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..compute.sla_clock import FOREVER, MINUTE, NOTHING, course, deadline, tidy

# Both ends of the earth, both ways that clocks change, halves and quarters of hours.
ZONES = (
    "Pacific/Kiritimati",  # UTC+14
    "Etc/GMT+12",  # UTC-12
    "UTC",
    "Europe/Brussels",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Asia/Kathmandu",
)
# Around 29 February, and the nights on which clocks change here and there.
DAYS = (
    date(2024, 2, 27),
    date(2026, 3, 7),
    date(2026, 3, 27),
    date(2026, 4, 3),
    date(2026, 10, 2),
    date(2026, 10, 23),
    date(2026, 10, 30),
    date(2026, 12, 30),
)
SPAN = timedelta(days=5)
WEEK = range(7)
# From this minute of a day on no clock changes in these zones.
CHANGED = 240
ALWAYS = {day: [(0, 1440)] for day in WEEK}
NEVER = {}


def instant_of(local, zone):
    return local.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


def intervals(hours, zone, first, days):
    """Return work as models hand it on: an interval of each stretch of a local day."""
    found = []
    for number in range(-1, days + 1):
        day = first + timedelta(number)
        midnight = datetime(day.year, day.month, day.day)
        for start, stop in hours.get(day.weekday(), ()):
            begin = instant_of(midnight + start * MINUTE, zone)
            end = instant_of(midnight + stop * MINUTE, zone)
            if begin < end:
                found.append((begin, end))
    return tidy(found)


class Oracle:
    """Counts minutes one by one; slow, and plain enough to be right."""

    def __init__(self, zone, hours, change=None, holidays=(), pauses=()):
        self.zone, self.hours, self.change = zone, hours, change
        self.holidays, self.pauses = holidays, pauses

    def counts(self, instant):
        """Return whether the minute that begins at an instant is to be counted."""
        if any(start <= instant < stop for start, stop in self.pauses):
            return False
        local = instant.replace(tzinfo=UTC).astimezone(self.zone)
        if local.date() in self.holidays:
            return False
        hours = self.hours
        if self.change and instant >= self.change[0]:
            hours = self.change[1]
        minute = local.hour * 60 + local.minute
        return any(
            start <= minute < stop for start, stop in hours.get(local.weekday(), ())
        )

    def deadline(self, start, minutes, end):
        """Return the instant after so many counted minutes, None: not by the end."""
        instant = start
        while minutes:
            if instant >= end:
                return None
            minutes -= self.counts(instant)
            instant += MINUTE
        return instant

    def left(self, start, minutes, held):
        """Return how many minutes are left at an instant."""
        instant = start
        while instant < held and minutes:
            minutes -= self.counts(instant)
            instant += MINUTE
        return minutes


def stretch(pair):
    """Return hours that neither begin nor end while clocks may change.

    Of an hour that comes twice, or not at all, a wall clock can not tell which it is.
    """
    start, length = pair
    stop = min(start + length, 1440)
    return (0, max(stop, CHANGED)) if start < CHANGED else (start, stop)


stretches = st.lists(
    st.tuples(st.integers(0, 1439), st.integers(1, 700)).map(stretch),
    min_size=0,
    max_size=2,
)
calendars = st.one_of(
    st.just(ALWAYS),
    st.just(NEVER),
    st.dictionaries(st.sampled_from(WEEK), stretches, min_size=1, max_size=7),
)
cases = st.fixed_dictionaries(
    {
        "zone": st.sampled_from(ZONES).map(ZoneInfo),
        "first": st.sampled_from(DAYS),
        "hours": calendars,
        "start": st.integers(0, 2 * 1440),
        "promised": st.integers(1, 1500),
    }
)
pause_pairs = st.lists(
    st.tuples(st.integers(0, 4 * 1440), st.integers(0, 1440)), max_size=3
)
# A busy machine is no fault of the code.
patiently = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@tagged("post_install", "-at_install")
class TestSlaOracle(BaseCase):
    def made(self, case):
        """Return the start, the end of what is looked at, and the work of a case."""
        midnight = datetime(case["first"].year, case["first"].month, case["first"].day)
        start = midnight + case["start"] * MINUTE
        work = intervals(case["hours"], case["zone"], case["first"], 8)
        return start, midnight + SPAN, work

    def assertDue(self, expected, start, promised, work, pauses, end):
        """The deadline is that instant; None: it is none before the end."""
        try:
            found = deadline(start, promised * MINUTE, work, pauses)
        except ValueError:
            found = None
        if expected is None:
            self.assertTrue(found is None or found > end, (found, end))
        else:
            self.assertEqual(found, expected)

    @patiently
    @given(case=cases, away=pause_pairs)
    def test_deadlines(self, case, away):
        start, end, work = self.made(case)
        pauses = [
            (start + begin * MINUTE, start + (begin + length) * MINUTE)
            for begin, length in away
        ]
        oracle = Oracle(case["zone"], case["hours"], pauses=pauses)
        expected = oracle.deadline(start, case["promised"], end)
        self.assertDue(expected, start, case["promised"], work, pauses, end)

    @patiently
    @given(case=cases, other=calendars, at=st.integers(0, 4 * 1440))
    def test_a_calendar_that_changes_in_between(self, case, other, at):
        """What was worked before stays, and what is worked after is by the new one."""
        start, end, before = self.made(case)
        change = start + at * MINUTE
        after = intervals(other, case["zone"], case["first"], 8)
        work = tidy(
            [
                *((a, min(b, change)) for a, b in before if a < change),
                *((max(a, change), b) for a, b in after if b > change),
            ]
        )
        oracle = Oracle(case["zone"], case["hours"], change=(change, other))
        expected = oracle.deadline(start, case["promised"], end)
        self.assertDue(expected, start, case["promised"], work, (), end)

    @patiently
    @given(case=cases, free=st.sets(st.integers(0, 5), max_size=3))
    def test_holidays(self, case, free):
        start, end, work = self.made(case)
        holidays = [case["first"] + timedelta(number) for number in free]
        away = intervals(ALWAYS, case["zone"], case["first"], 8)
        days = [
            (
                instant_of(datetime(day.year, day.month, day.day), case["zone"]),
                instant_of(
                    datetime(day.year, day.month, day.day) + timedelta(1), case["zone"]
                ),
            )
            for day in holidays
        ]
        self.assertEqual(len(away), 1)
        oracle = Oracle(case["zone"], case["hours"], holidays=holidays)
        expected = oracle.deadline(start, case["promised"], end)
        self.assertDue(expected, start, case["promised"], work, days, end)

    @patiently
    @given(case=cases, held=st.integers(0, 3 * 1440), long=st.integers(0, 2000))
    def test_held_and_gone_on_again(self, case, held, long):
        """What is left while it stands still is what is due after it goes on."""
        start, _end, work = self.made(case)
        since = start + held * MINUTE
        left_then = Oracle(case["zone"], case["hours"]).left(
            start, case["promised"], since
        )
        # Work without end, as models hand it on.
        work = [*work, (work[-1][1] if work else start, FOREVER)]
        promised = case["promised"] * MINUTE
        if since >= work[-1][0]:
            return
        due, left = course(start, promised, work, (), since)
        if not left_then:
            self.assertIsNone(left)
            self.assertLessEqual(due, since)
            return
        self.assertIsNone(due)
        self.assertEqual(left, left_then * MINUTE)
        until = since + long * MINUTE
        again, nothing = course(start, promised, work, [(since, until)])
        self.assertIsNone(nothing)
        self.assertEqual(again, deadline(until, left, work))

    def test_the_end_of_an_interval_is_in_time(self):
        """What comes to its end exactly is due there, not when work goes on."""
        start = datetime(2026, 3, 2, 9)
        work = [(start, start + 60 * MINUTE), (start + 120 * MINUTE, FOREVER)]
        self.assertEqual(deadline(start, 60 * MINUTE, work), start + 60 * MINUTE)
        self.assertEqual(deadline(start, 61 * MINUTE, work), start + 121 * MINUTE)
        due, left = course(start, 60 * MINUTE, work, (), start + 60 * MINUTE)
        self.assertEqual((due, left), (start + 60 * MINUTE, None))
        due, left = course(start, 60 * MINUTE, work, (), start + 59 * MINUTE)
        self.assertEqual((due, left), (None, MINUTE))

    def test_an_empty_calendar_is_never_due(self):
        start = datetime(2026, 3, 2, 9)
        with self.assertRaises(ValueError):
            deadline(start, MINUTE, [])
        self.assertEqual(course(start, MINUTE, [], (), start), (None, MINUTE))
        self.assertEqual(deadline(start, NOTHING, []), start)

    def test_the_29th_of_february(self):
        zone = ZoneInfo("Europe/Brussels")
        for year, days in ((2024, 2), (2026, 1)):
            work = intervals(ALWAYS, zone, date(year, 2, 27), 8)
            start = instant_of(datetime(year, 2, 28), zone)
            due = deadline(start, timedelta(days=days), work)
            self.assertEqual(due, instant_of(datetime(year, 3, 1), zone))

    def test_the_longest_and_the_shortest_day(self):
        zone = ZoneInfo("Europe/Brussels")
        for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25)):
            work = intervals(ALWAYS, zone, day, 3)
            start = instant_of(datetime(day.year, day.month, day.day), zone)
            self.assertEqual(
                deadline(start, timedelta(hours=hours), work),
                instant_of(
                    datetime(day.year, day.month, day.day) + timedelta(days=1), zone
                ),
            )
