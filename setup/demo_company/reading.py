"""Read a file of purchase history into the frame that it means."""

import gzip
import lzma
import sys

from odoo.addons.dcrm_analytics.compute import history, history_columns, history_file
from odoo.addons.dcrm_analytics.wizards.dcrm_history_import import read_workbook

MAGIC = {b"\xfd7zXZ\x00": lzma.decompress, b"\x1f\x8b": gzip.decompress}


def frame_of(path):
    """Return the frame; ends the program with a sentence where it can not be read."""
    return understood(table(content(path)))


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


def say(text):
    print(text, file=sys.stderr, flush=True)
