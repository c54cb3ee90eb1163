"""Ladders as plain values, minute by minute, beside what must hold of each."""

import doctest
from datetime import datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..compute import escalation
from ..compute.escalation import (
    ACCEPTED,
    END,
    EXPIRED,
    HANDED_ON,
    OPEN,
    SKIPPED,
    Rung,
    Told,
    climb,
    due,
    instant,
)
from ..compute.sla_clock import FOREVER, MINUTE, elapsed

EPOCH = datetime(2026, 3, 2)
DEADLINE = 60
SPAN = 240

patiently = settings(
    deadline=None, max_examples=200, suppress_health_check=list(HealthCheck)
)
# A rung: minutes after the deadline, whom it names, whether they are there, how long
# they have, and what they say after how many minutes, if anything.
steps = st.tuples(
    st.sampled_from([-30, -10, 0, 0, 0, 20, 60]),
    st.one_of(st.none(), st.integers(1, 4)),
    st.booleans(),
    st.integers(1, 40),
    st.sampled_from([None, ACCEPTED, HANDED_ON]),
    st.integers(0, 50),
)
ladders = st.lists(steps, max_size=6).map(lambda each: sorted(each, key=lambda s: s[0]))


def at(minute):
    return EPOCH + minute * MINUTE


class Play:
    """A ladder that is looked at every so many minutes, with the people on it."""

    def __init__(self, ladder, every=1, hold=None):
        self.ladder, self.every, self.hold = ladder, every, hold
        self.told, self.log, self.deadline = [], [], DEADLINE

    def rungs(self):
        return [
            Rung(
                key,
                at(self.deadline + offset),
                offset < 0,
                person,
                person if there else None,
            )
            for key, (offset, person, there, *_rest) in enumerate(self.ladder, 1)
        ]

    def look(self, minute):
        found = climb(self.rungs(), self.told, at(minute))
        for key in found.void:
            self.log.append((minute, "void", key))
        for key in found.expired:
            self.log.append((minute, EXPIRED, key))
        for key, person in found.taken:
            self.log.append((minute, "told" if person or key == END else SKIPPED, key))
        self.told = list(found.standing)
        if found.taken and (last := self.told[-1]).state == OPEN and last.key != END:
            until = at(minute + self.ladder[last.key - 1][3])
            self.told[-1] = last._replace(until=until)
        return found

    def say(self, minute):
        """Let who was told say what they do, once it is their minute."""
        if not self.told or self.told[-1].state != OPEN or self.told[-1].key == END:
            return
        *_rest, says, after = self.ladder[self.told[-1].key - 1]
        told_at = max(
            when
            for when, what, key in self.log
            if (what, key) == ("told", self.told[-1].key)
        )
        if says and minute >= told_at + after:
            until = at(minute + self.hold) if self.hold else FOREVER
            self.told[-1] = self.told[-1]._replace(state=says, until=until)
            self.log.append((minute, says, self.told[-1].key))

    def run(self, minutes=range(SPAN)):
        for minute in minutes:
            if minute % self.every == 0:
                self.look(minute)
            self.say(minute)
        return self

    def happened(self, what):
        return [(minute, key) for minute, each, key in self.log if each == what]


@tagged("post_install", "-at_install")
class TestEscalationCompute(BaseCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(escalation).failed)

    @patiently
    @given(ladders, st.integers(1, 15), st.one_of(st.none(), st.integers(1, 60)))
    def test_nobody_is_told_twice_and_each_look_is_whole(self, ladder, every, hold):
        play = Play(ladder, every, hold)
        for minute in range(0, SPAN, every):
            play.look(minute)
            # Looked at again at the same moment nothing is left to do.
            again = climb(play.rungs(), play.told, at(minute))
            self.assertEqual((again.void, again.expired, again.taken), ((), (), ()))
            self.assertGreater(due(play.rungs(), play.told), at(minute))
            play.say(minute)
        keys = [key for _minute, what, key in play.log if what in ("told", SKIPPED)]
        self.assertEqual(len(keys), len(set(keys)))
        self.assertFalse(play.happened("void"))
        self.assertEqual([key for key in keys if key != END], sorted(set(keys) - {END}))

    @patiently
    @given(ladders)
    @example([(-30, 1, True, 1, "handed_on", 0)])
    def test_the_planned_look_misses_nothing(self, ladder):
        """By the planned looks everybody is told when they are by looking always."""
        always = Play(ladder).run()
        planned, next_at = Play(ladder), at(0)
        for minute in range(SPAN):
            if next_at <= at(minute):
                planned.look(minute)
                next_at = due(planned.rungs(), planned.told)
            before = list(planned.told)
            planned.say(minute)
            if planned.told != before:
                planned.look(minute)
                next_at = due(planned.rungs(), planned.told)
        # As they came: several may come in a minute.
        early, told = planned.happened("told"), always.happened("told")
        self.assertEqual([key for _at, key in early], [key for _at, key in told])
        for (one, key), (other, _key) in zip(early, told, strict=True):
            # By looking always what is said in a minute is seen in the next.
            self.assertIn(other - one, range(len(ladder) + 2), key)

    @patiently
    @given(ladders)
    def test_before_their_time_only_where_it_was_handed_up(self, ladder):
        play = Play(ladder).run()
        for minute, key in play.happened("told"):
            if key == END or minute >= DEADLINE + ladder[key - 1][0]:
                continue
            passed = dict((k, m) for m, w, k in play.log if w in (HANDED_ON, SKIPPED))
            self.assertIn(key - 1, passed)

    @patiently
    @given(ladders)
    def test_at_the_deadline_somebody_is_told_or_nobody_is_there(self, ladder):
        """Whatever was said of warnings, they do not keep a broken promise silent."""
        play = Play(ladder).run(range(DEADLINE + 1))
        late = [
            key
            for key, (offset, _person, there, *_rest) in enumerate(ladder, 1)
            if offset == 0
        ]
        if late:
            taken = {key for _m, what, key in play.log if what in ("told", SKIPPED)}
            self.assertTrue(taken & {END, *late})

    @patiently
    @given(ladders, st.integers(1, 60))
    def test_who_accepts_is_left_in_peace(self, ladder, hold):
        play = Play(ladder, hold=hold).run()
        for minute, key in play.happened(ACCEPTED):
            offset = ladder[key - 1][0]
            until = min(minute + hold, SPAN) if offset >= 0 else DEADLINE
            if offset < 0 and any(0 > other[0] for other in ladder[key:]):
                # Another warning comes when what accepting holds off is over.
                until = min(minute + hold, DEADLINE)
            told = [m for m, k in play.happened("told") if m > minute and k != key]
            self.assertFalse([m for m in told if m < until], play.log)

    @patiently
    @given(ladders)
    def test_it_climbs_until_somebody_acts(self, ladder):
        """With nobody saying anything, the top is reached and the end is told."""
        silent = [(*step[:4], None, 0) for step in ladder]
        play = Play(silent).run(range(3 * SPAN))
        if not ladder:
            self.assertFalse(play.log)
            return
        self.assertEqual(play.told[-1].key, END)
        taken = {key for _m, key in play.happened("told") + play.happened(SKIPPED)}
        late = [key for key, step in enumerate(ladder, 1) if step[0] >= 0]
        self.assertLessEqual({END, *late}, taken)
        if not late:
            self.assertEqual(len(taken), len(ladder) + 1)

    def test_past_the_deadline_nobody_is_warned(self):
        ladder = [Rung(1, at(0), True, 7, 7), Rung(2, at(9), False, 8, 8)]
        self.assertEqual(climb(ladder, [], at(9)).taken, ((2, 8),))
        self.assertEqual(climb(ladder, [], at(8)).taken, ((1, 7),))
        only = ladder[:1]
        self.assertEqual(climb(only, [], at(99)).taken, ((1, 7),))

    @patiently
    @given(ladders, st.integers(1, 300), st.integers(0, SPAN))
    def test_a_later_deadline_undoes_what_is_too_early_by_it(
        self, ladder, later, moved_at
    ):
        play = Play(ladder).run(range(moved_at))
        before = [notice.key for notice in play.told]
        play.deadline += later
        play.look(moved_at)
        void = [key for minute, key in play.happened("void") if minute == moved_at]
        # What is undone is the upper end of what was told.
        self.assertEqual(before[len(before) - len(void) :], void)
        play.run(range(moved_at + 1, 4 * SPAN))
        standing = [notice.key for notice in play.told]
        self.assertEqual(len(standing), len(set(standing)))

    def test_a_notice_of_somebody_else_by_now(self):
        told = [Told(1, OPEN, 7)]
        ladder = [Rung(1, at(0), True, 8, 8)]
        found = climb(ladder, told, at(1))
        self.assertEqual((found.void, found.taken), ((1,), ((1, 8),)))
        accepted = [Told(1, ACCEPTED, 7)]
        self.assertFalse(climb(ladder, accepted, at(1)).void)

    def test_a_step_that_is_gone(self):
        told = [Told(-5, OPEN, 7, at(10))]
        ladder = [Rung(2, at(0), False, 8, 8)]
        self.assertFalse(climb(ladder, told, at(9)).taken)
        self.assertEqual(climb(ladder, told, at(10)).taken, ((2, 8),))

    def test_a_step_that_comes_below_is_not_climbed_down_to(self):
        told = [Told(2, EXPIRED, 8)]
        ladder = [Rung(9, at(0), False, 7, 7), Rung(2, at(0), False, 8, 8)]
        self.assertEqual(climb(ladder, told, at(9)).taken, ((END, None),))

    @patiently
    @given(
        st.integers(-200, 200),
        st.lists(
            st.tuples(st.integers(0, SPAN), st.integers(1, 60)).map(
                lambda pair: (at(pair[0]), at(pair[0] + pair[1]))
            ),
            max_size=3,
        ),
    )
    def test_instants_count_as_deadlines_do(self, offset, pauses):
        work = [(at(day * 100), at(day * 100 + 50)) for day in range(20)]
        start, stop = at(10), at(430)
        found = instant(timedelta(minutes=offset), start, stop, work, pauses)
        if offset >= 0:
            counted = elapsed(stop, found, work, pauses)
            self.assertEqual(counted, offset * MINUTE)
        else:
            whole = elapsed(start, stop, work, pauses)
            counted = elapsed(found, stop, work, pauses)
            self.assertEqual(counted, min(-offset * MINUTE, whole))
            self.assertGreaterEqual(found, start)

    def test_a_pause_without_end(self):
        work = [(at(0), FOREVER)]
        pause = [(at(5), FOREVER)]
        self.assertEqual(instant(10 * MINUTE, at(0), at(0), work, pause), FOREVER)
