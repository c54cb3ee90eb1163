"""Import a file of purchase history and score its customers: run with ``env`` in scope.

    ./setup/dcrm demo --history FILE
    ./setup/dcrm shell --db NAME setup/demo_company/history.py FILE

The file is CSV or other delimited text (``.xz`` and ``.gz`` too) or XLSX; what its
columns mean is guessed as the import wizard does. The last day of the history counts
as today: it is set as the company's *Score As Of*. A second run adds nothing.
"""

import gzip
import lzma
import sys
import time
from collections import Counter
from pathlib import Path

from odoo.addons.dcrm_analytics.compute import history, history_columns, history_file
from odoo.addons.dcrm_analytics.wizards.dcrm_history_import import read_workbook

MAGIC = {b"\xfd7zXZ\x00": lzma.decompress, b"\x1f\x8b": gzip.decompress}


def main(env, path):
    started = time.monotonic()
    data = content(path)
    say(f"Reading {path.name} …")
    frame = understood(table(data))
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


def content(path):
    """Return the bytes of the file, decompressed."""
    try:
        data = path.read_bytes()
        for magic, decompress in MAGIC.items():
            if data.startswith(magic):
                return decompress(data)
    except (OSError, EOFError, lzma.LZMAError) as error:
        sys.exit(f"{path} can not be read: {error}")
    return data


def table(data):
    """Return the table that the file holds."""
    try:
        if data.startswith(b"PK\x03\x04"):
            cells = read_workbook(data)
            first = cells.dropna(how="all").head(1).to_numpy().ravel()
            return history_file.titled(cells, history_file.is_header(first))
        return history_file.read(data)
    except history_file.FileError as error:
        sys.exit(f"The file can not be read ({error.code}, line {error.line or '?'}).")


def understood(rows):
    """Return the frame that the table means, and say how it was understood."""
    meanings = history_columns.guess(rows)
    order = "ymd"
    if "date" in meanings:
        order = history_columns.date_order(rows[meanings["date"]])
    if order is None:
        sys.exit(
            "The dates could be read day first or month first. Write them year first "
            "(2024-01-31), or import the file with the wizard, which asks."
        )
    money = meanings.get("amount") or meanings.get("unit_price")
    mark = history_columns.decimal_mark(rows[money]) if money else "."
    frame = history_columns.make_frame(rows, meanings, order, mark)
    if missing := history.missing_columns(frame.columns):
        sys.exit(
            f"No column is recognised as {', '.join(missing)}. There are: "
            f"{', '.join(rows.columns)}."
        )
    say(", ".join(f"{column} is the {name}" for name, column in meanings.items()))
    return frame


def tell(result, rows):
    known = rows - result["accepted"] - result["rejected"]
    say(
        f"{result['accepted']:,} rows of {result['customers']:,} customers imported, "
        f"{known:,} known already, {result['rejected']:,} rejected."
    )
    reasons = Counter((column, reason) for _row, column, reason in result["errors"])
    for (column, reason), count in reasons.most_common():
        say(f"{count:,} × {column}: {reason}")


def say(text):
    print(text, file=sys.stderr, flush=True)


if len(sys.argv) != 2:
    sys.exit("Which file? history.py FILE")
main(env, Path(sys.argv[1]))  # noqa: F821 (env is in scope)
