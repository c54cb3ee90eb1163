"""How long the work of service takes, in one run.

    ./setup/dcrm bench service [--tickets 160000] [--records 50] [--open 100000]
                               [--due 100 1000 3000]

It prints

- opening: tickets a second by e-mail, by the portal, by a call and many at once, with
  their deadlines, beside as many bare records with a thread and nothing else of their
  own, in turns: the ratio of their medians, and the statements each takes; beside a
  hundred other tickets, and beside so many;
- growth: what each of these and the screens take beside so many tickets, and beside a
  hundred: an agent's list and kanban of open tickets, the timeline of a customer who
  has a sixteenth of the talks, the counters of teams. Where one asks more of the
  database than it did, the run fails;
- escalation: the scheduled action that climbs ladders over so many open tickets, when a
  ladder is switched on, when nobody is to be told, and when somebody is of so many
  tickets at once; beside the bare SQL that finds these.

The portal is a browser in this process: the host's application without the network.
Each step is committed as it goes.
"""

import argparse
import statistics
import time

import _escalation
from _desk import Desk
from _measuring import say
from _openings import Openings
from _screens import Screens

from odoo import sql_db

FEW = 100
# What comes before the first figure: caches are filled once.
WARM = 3


class Taken:
    """The medians of what steps took: seconds and statements."""

    def __init__(self, each=1):
        self.each, self._steps = each, []

    def add(self, run):
        # Requests have sessions of their own: all statements of the process count.
        statements, started = sql_db.sql_counter, time.perf_counter()
        run()
        seconds = time.perf_counter() - started
        self._steps.append((seconds, sql_db.sql_counter - statements))

    def _median(self, place):
        return statistics.median(step[place] for step in self._steps[WARM:])

    @property
    def seconds(self):
        return self._median(0) / self.each

    @property
    def statements(self):
        return self._median(1)


def opened(openings, records):
    """Return ``{way: (taken by tickets, taken by bare records)}``."""
    return {
        name: _in_turns(openings.env, ours, bare, count, max(3, records // count))
        for name, (ours, bare, count) in openings.ways().items()
    }


def _in_turns(env, ours, bare, count, runs):
    pair = Taken(count), Taken(count)
    for number in range(WARM + runs):
        steps = list(zip(pair, (ours, bare), strict=True))
        for taken, run in reversed(steps) if number % 2 else steps:
            env.invalidate_all()
            taken.add(lambda run=run: (run(), env.cr.commit()))
    return pair


def shown(screens, runs=5):
    """Return ``{screen: what it takes}``."""
    taken = {}
    for name, run in screens.all().items():
        taken[name] = Taken()
        for _number in range(WARM + runs):
            screens.env.invalidate_all()
            taken[name].add(run)
        screens.env.cr.commit()
    return taken


def report_openings(size, steps):
    print(f"\nOpening tickets beside {size:,} others")
    heads = ("a second", "bare", "ratio", "queries", "bare")
    print(f"{'':24}{''.join(f'{head:>10}' for head in heads)}")
    for name, (ours, bare) in steps.items():
        print(
            f"{name:24}{1 / ours.seconds:10.1f}{1 / bare.seconds:10.1f}"
            f"{ours.seconds / bare.seconds:10.2f}"
            f"{ours.statements:10g}{bare.statements:10g}",
            flush=True,
        )


def report_growth(few, many, size):
    """Print what is taken beside few and many; return what asks more."""
    print(f"\nGrowth from {FEW} to {size:,} tickets")
    heads = ("ms", "ms then", "ratio", "queries", "then")
    print(f"{'':24}{''.join(f'{head:>10}' for head in heads)}")
    for name, before in few.items():
        after = many[name]
        print(
            f"{name:24}{1000 * before.seconds:10.2f}{1000 * after.seconds:10.2f}"
            f"{after.seconds / before.seconds:10.2f}"
            f"{before.statements:10g}{after.statements:10g}",
            flush=True,
        )
    return [name for name in few if many[name].statements > few[name].statements]


def measure(env, tickets, records):
    """Print what opening and screens take; return which grow in statements."""
    desk = Desk(env)
    openings, screens = Openings(desk, together=records), Screens(desk)
    taken = []
    for size in (FEW, tickets):
        desk.fill(size)
        say(f"beside {size:,} tickets …")
        pages = shown(screens)
        ways = opened(openings, records)
        report_openings(size, ways)
        taken.append({**{name: ours for name, (ours, _) in ways.items()}, **pages})
    return report_growth(*taken, tickets)


def main(env):
    parser = argparse.ArgumentParser(prog="bench service", description=__doc__)
    parser.add_argument("--tickets", type=int, default=160_000, metavar="N")
    parser.add_argument("--records", type=int, default=50, metavar="N")
    parser.add_argument("--open", type=int, default=100_000, metavar="N")
    parser.add_argument(
        "--due", type=int, nargs="+", default=[100, 1000, 3000], metavar="N"
    )
    options = parser.parse_args()
    growing = measure(env, options.tickets, options.records)
    _escalation.measure(env, options.open, options.due)
    if growing:
        raise SystemExit(f"These ask more beside many tickets: {', '.join(growing)}.")


main(env)  # noqa: F821 - whoever runs the file gives it its environment
