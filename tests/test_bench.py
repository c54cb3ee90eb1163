"""The benchmarks of what people wait for run, here over little.

Figures of time are for machines that do nothing else. What holds anywhere is asserted
by the benchmarks themselves: they fail where a screen or the opening of a ticket asks
more of the database beside many tickets than beside few, and where somebody who was
to be told was not.
"""

import subprocess
import sys
from pathlib import Path

import pytest
from host_process import host_database, run, tools

SETUP = Path(__file__).resolve().parents[1] / "setup"
SIZES = ("--tickets", "600", "--records", "3", "--open", "200", "--due", "5")
WAYS = ("by e-mail", "by portal", "by a call", "3 at once")
SCREENS = ("list", "kanban", "timeline of a customer", "counters of teams")


@pytest.fixture(scope="module")
def printed():
    with host_database() as name:
        run(name, "-i", "dcrm_service", "--stop-after-init")
        script = SETUP / "dcrm_setup" / "inside" / "run_file.py"
        bench = SETUP / "bench" / "service.py"
        command = [sys.executable, script, tools.config["config"], name, bench, *SIZES]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=600
        )
    assert not done.returncode, done.stderr[-3000:]
    return [line for line in done.stdout.splitlines() if line]


def rows(printed, title):
    """Return ``{name: figures}`` of the table with a title."""
    start = printed.index(title) + 2
    table = {}
    for line in printed[start:]:
        name, figures = line[:24].strip(), line[24:].split()
        if not figures or not all(each.replace(".", "").isdigit() for each in figures):
            break
        table[name] = [float(each) for each in figures]
    return table


@pytest.mark.parametrize("others", ["100", "600"])
def test_opening_is_measured_beside_bare_records(printed, others):
    table = rows(printed, f"Opening tickets beside {others} others")
    assert tuple(table) == WAYS
    for _second, _bare, ratio, statements, fewer in table.values():
        assert ratio > 0
        assert statements > fewer > 0


def test_growth_is_measured_of_ways_and_screens(printed):
    table = rows(printed, "Growth from 100 to 600 tickets")
    assert tuple(table) == (*WAYS, *SCREENS)
    for *_times, few, many in table.values():
        assert many <= few


def test_escalation_is_measured_beside_bare_sql(printed):
    start = printed.index("Escalation over 200 open tickets")
    assert any(line.startswith("5 to be told") for line in printed[start:])
