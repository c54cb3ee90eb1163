"""How fast history is imported beside a bare COPY of the same rows, in one run.

    ./setup/dcrm bench import [FILE…]

Files are what ``demo --history`` takes, such as CDNOW_master.txt and OnlineRetail.csv;
without any it is CDNOW as the ``lifetimes`` package ships it. For each file it prints

- bare COPY: the rows, as CSV, into a table without keys, indexes or types but text;
- import: ``import_history`` of the frame into a company of its own, with its customers;
- again: the same frame, of which everything is known by then;

each with rows a second and as a ratio of the bare COPY, with the number of statements
and by how much the process grew at most. Each step is a transaction that commits.
"""

import io
import sys
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "demo_company"))

from reading import frame_of  # noqa: E402

from odoo.tools import SQL  # noqa: E402


def main(env, paths):
    frames = {path.name: frame_of(path) for path in paths} or {"CDNOW": cdnow()}
    for name, frame in frames.items():
        say(f"{name}: {len(frame):,} rows")
        company = env["res.company"].create({"name": f"Bench {name}"})
        env.user.company_ids += company
        bare = measured(env, "bare COPY", frame, lambda frame=frame: copy(env, frame))

        def load(frame=frame, company=company):
            return env["dcrm.purchase"].import_history(frame, company)

        for step in ("import", "again"):
            measured(env, step, frame, load, bare)


def cdnow():
    """Return the history that the package of lifetime models ships."""
    with warnings.catch_warnings(action="ignore"):
        from lifetimes.datasets import load_dataset

    rows = load_dataset("CDNOW_master.txt", sep=r"\s+", dtype=str)
    return rows.set_axis(["customer", "date", "quantity", "amount"], axis=1)


def copy(env, frame):
    """Copy the rows into a bare table."""
    columns = SQL(", ").join(
        SQL("%s text", SQL.identifier(f"c{number}"))
        for number in range(len(frame.columns))
    )
    env.cr.execute("DROP TABLE IF EXISTS bench_copy")
    env.cr.execute(SQL("CREATE TABLE bench_copy (%s)", columns))
    text = io.StringIO(frame.to_csv(header=False, index=False))
    env.cr.copy_expert("COPY bench_copy FROM STDIN WITH (FORMAT csv)", text)


def measured(env, step, frame, run, bare=None):
    """Run a step, print what it took and return the seconds."""
    statements, memory = env.cr.sql_log_count, memory_now()
    started = time.perf_counter()
    result = run()
    env.cr.commit()
    seconds = time.perf_counter() - started
    told = [
        f"{step:10} {seconds:8.2f} s {len(frame) / seconds:10,.0f} rows/s",
        f"{seconds / (bare or seconds):6.1f} ×",
        f"{env.cr.sql_log_count - statements:4} statements",
        f"+{memory_peak() - memory:.0f} MB",
    ]
    if result:
        told.append(f"{result['accepted']:,} accepted, {result['rejected']:,} rejected")
    say("  ".join(told))
    return seconds


def memory_now():
    """Return the memory of this process in MB, and measure its peak from now on."""
    Path("/proc/self/clear_refs").write_text("5")
    return memory("VmRSS:")


def memory_peak():
    return memory("VmHWM:")


def memory(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


def say(text):
    print(text, flush=True)


main(env, [Path(word) for word in sys.argv[1:]])  # noqa: F821 (env is in scope)
