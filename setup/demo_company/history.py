"""Import a file of purchase history and score its customers: run with ``env`` in scope.

    ./setup/dcrm demo --history FILE
    ./setup/dcrm shell --db NAME setup/demo_company/history.py FILE

The file is CSV or other delimited text (``.xz`` and ``.gz`` too) or XLSX; what its
columns mean is guessed as the import wizard does. The last day of the history counts
as today: it is set as the company's *Score As Of*. A second run adds nothing.
"""

import sys
import time
from collections import Counter
from pathlib import Path

from reading import frame_of, say


def main(env, path):
    started = time.monotonic()
    say(f"Reading {path.name} …")
    frame = frame_of(path)
    say(f"Importing {len(frame):,} rows …")
    result = env["dcrm.purchase"].import_history(frame)
    env.cr.commit()  # pylint: disable=invalid-commit
    tell(result, len(frame))
    company = env.company
    [(last_day,)] = env["dcrm.purchase"]._read_group(
        [("company_id", "=", company.id), ("source", "=", "import")],
        aggregates=["date:max"],
    )
    if not last_day:
        sys.exit("No row could be imported.")
    company.write({"customer_scoring_today": last_day, "customer_scoring": True})
    say(f"Scoring customers as of {last_day} …")
    env["dcrm.customer.score"].refresh(company)
    scored = env["dcrm.customer.score"].search_count([("company_id", "=", company.id)])
    say(f"{scored:,} customers are scored ({time.monotonic() - started:.0f} s).")


def tell(result, rows):
    known = rows - result["accepted"] - result["rejected"]
    say(
        f"{result['accepted']:,} rows of {result['customers']:,} customers imported, "
        f"{known:,} known already, {result['rejected']:,} rejected."
    )
    reasons = Counter((column, reason) for _row, column, reason in result["errors"])
    for (column, reason), count in reasons.most_common():
        say(f"{count:,} × {column}: {reason}")


if len(sys.argv) != 2:
    sys.exit("Which file? history.py FILE")
main(env, Path(sys.argv[1]))  # noqa: F821 (env is in scope)
