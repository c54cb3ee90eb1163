"""Read a text file of purchase history into a table of text, whatever it looks like."""

import csv
import gzip
import io
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

import pandas as pd

#: Encodings that a file may be read in; Windows writes the last as "ANSI".
ENCODINGS = ("utf-8", "utf-16", "cp1252")
#: Delimiters in the order of preference; one space stands for any white space.
DELIMITERS = (",", ";", "\t", "|", " ")
# How many lines tell what a file looks like.
LINES = 100


class FileError(Exception):
    """The file can not be read; ``code`` says why and ``line`` where, if anywhere."""

    def __init__(self, code, line=None):
        super().__init__(code)
        self.code = code
        self.line = line


def read(data: bytes) -> pd.DataFrame:
    """Return the table that a text file holds, everything about it recognised.

    :raises FileError: as the steps it is made of

    >>> read(b"id;day\\n7;20240131\\n").to_dict("list")
    {'id': ['7'], 'day': ['20240131']}
    """
    text, _encoding = decode(data)
    cells = read_cells(text, sniff(text))
    return titled(cells, is_header(cells.dropna(how="all").head(1).to_numpy().ravel()))


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text of a file and its encoding, by its mark, else as UTF-8.

    :raises FileError: ``empty``, or ``encoding`` where the bytes are not in it

    >>> decode("Zoë".encode("utf-16"))
    ('Zoë', 'utf-16')
    >>> decode("Zoë".encode("cp1252"))
    Traceback (most recent call last):
    ...
    dcrm_analytics.compute.history_file.FileError: encoding
    """
    if encoding is None:
        marked = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
        encoding = "utf-16" if marked else "utf-8"
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    if encoding != "utf-8" and data.startswith(BOM_UTF8):
        raise FileError("encoding")
    try:
        text = data.decode(codec)
    except UnicodeError:
        raise FileError("encoding") from None
    # Text of two bytes a character read as one byte a character is full of zeros.
    if "\0" in text:
        raise FileError("encoding")
    if not text.strip():
        raise FileError("empty")
    return text, encoding


def sniff(text: str) -> str:
    """Return the delimiter that cuts the first lines into equally many cells.

    >>> sniff("a;b\\n1,5;2\\n2,5;3\\n"), sniff(" id  date\\n 1 19970101\\n")
    (';', ' ')
    """
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:LINES]
    for delimiter in DELIMITERS:
        widths = {len(cells) for cells in _cells(lines, delimiter)}
        if len(widths) == 1 and widths != {1}:
            return delimiter
    # None is regular: the one that cuts most may still be right.
    counts = {
        delimiter: sum(line.count(delimiter) for line in lines)
        for delimiter in DELIMITERS[:-1]
    }
    best = max(counts, key=counts.get)
    if not counts[best]:
        raise FileError("one_column")
    return best


def _cells(lines: list[str], delimiter: str) -> list[list[str]]:
    if delimiter == " ":
        return [line.split() for line in lines]
    # A quoted cell may go on in a next line, so lines are put together again.
    return list(csv.reader(lines, delimiter=delimiter))


def read_cells(text: str, delimiter: str) -> pd.DataFrame:
    """Return the cells of a file as text, an empty one as missing.

    :raises FileError: ``ragged`` where a line has more cells than the first one, or a
        quotation mark is not closed; ``delimiter`` where that can separate no cells
    """
    if delimiter in ("\n", "\r", '"'):
        raise FileError("delimiter")
    try:
        return pd.read_csv(
            io.StringIO(text),
            sep=r"\s+" if delimiter == " " else delimiter,
            header=None,
            dtype=str,
            na_values=[""],
            keep_default_na=False,
            skipinitialspace=True,
            index_col=False,
        )
    except pd.errors.ParserError as error:
        raise FileError("ragged", _line_of(error)) from None


def is_header(cells) -> bool:
    """Tell whether a row names the columns: it has no numbers.

    >>> is_header(["id", "amount"]), is_header(["00004", "19970101", "29.33"])
    (True, False)
    """
    numbers = re.compile(r"\s*[-+]?[\d.,:/-]+(?:[ T][\d:.]+)?\s*")
    return not any(isinstance(cell, str) and numbers.fullmatch(cell) for cell in cells)


def titled(table: pd.DataFrame, header: bool) -> pd.DataFrame:
    """Name the columns, by the first row if that is the header; number rows from 1.

    Empty rows are dropped. Columns without a name, and repeated names, are told apart
    by their number.

    :raises FileError: ``no_rows`` or ``one_column``
    """
    table = table.dropna(how="all")
    names = [None] * len(table.columns)
    if header and len(table):
        names = [None if pd.isna(cell) else str(cell) for cell in table.iloc[0]]
        table = table.iloc[1:]
    table.columns = _distinct(names)
    if table.empty:
        raise FileError("no_rows")
    if len(table.columns) < 2:
        raise FileError("one_column")
    return table.set_axis(pd.RangeIndex(1, len(table) + 1))


def _distinct(names: list) -> list[str]:
    """Return names that are clean and all different.

    >>> _distinct([" a ", None, "a"])
    ['a', '2', 'a (3)']
    """
    found = []
    for number, name in enumerate(names, 1):
        name = " ".join((name or "").split()) or str(number)
        found.append(f"{name} ({number})" if name in found else name)
    return found


def _line_of(error: Exception) -> int | None:
    found = re.search(r"line (\d+)", str(error))
    return int(found[1]) if found else None


def pack(table: pd.DataFrame) -> bytes:
    """Return a table of text in few bytes.

    >>> unpack(pack(pd.DataFrame({"a": ["1.0", None], "b": ["x", "NA"]}, index=[1, 2])))
         a   b
    1  1.0   x
    2  NaN  NA
    """
    return gzip.compress(table.to_csv(index=False).encode(), 1)


def unpack(data: bytes) -> pd.DataFrame:
    """Return the table that was packed, indexed from 1."""
    table = pd.read_csv(
        io.BytesIO(gzip.decompress(data)),
        dtype=str,
        na_values=[""],
        keep_default_na=False,
    )
    return table.set_axis(pd.RangeIndex(1, len(table) + 1))


def write_table(table: pd.DataFrame) -> str:
    """Return a table as CSV that no spreadsheet takes formulas from.

    Text that begins as a formula does is marked with an apostrophe; numbers stay.

    >>> write_table(pd.DataFrame({"a": ["=1+1", "-5.00"], "b": ["@x", None]}))
    "a,b\\n'=1+1,'@x\\n-5.00,\\n"
    """
    return table.map(harmless).to_csv(
        index=False, header=[harmless(name) for name in table.columns]
    )


def harmless(cell):
    """Mark a cell that a spreadsheet would take for a formula."""
    if not isinstance(cell, str) or not cell.startswith(
        ("=", "+", "-", "@", "\t", "\r")
    ):
        return cell
    return cell if re.fullmatch(r"[-+]?[\d.,\s]+", cell) else f"'{cell}"
