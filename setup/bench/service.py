"""How long the work of service takes, in one run.

    ./setup/dcrm bench service [--open 100000] [--due 100 1000 3000]

It prints

- escalation: the scheduled action that climbs ladders over so many open tickets, when a
  ladder is switched on, when nobody is to be told, and when somebody is of so many
  tickets at once; beside the bare SQL that finds these.

Each step is a run of its own, committed as it goes; queries a run.
"""

import argparse

import _escalation


def main(env):
    parser = argparse.ArgumentParser(prog="bench service", description=__doc__)
    parser.add_argument("--open", type=int, default=100_000, metavar="N")
    parser.add_argument(
        "--due", type=int, nargs="+", default=[100, 1000, 3000], metavar="N"
    )
    options = parser.parse_args()
    _escalation.measure(env, options.open, options.due)


main(env)  # noqa: F821 - whoever runs the file gives it its environment
