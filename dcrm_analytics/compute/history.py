"""Normalise a frame of purchase history: what each row says, or why it says nothing.

A row is one line of one purchase. What it says of itself is decided here, without a
database: keys are cleaned as text, days and numbers parsed, and equal rows numbered by
their occurrence, so that the same frame means the same rows whenever it is read again.
Whose the rows are and what is already known is the database's to say.
"""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

REQUIRED = ("customer", "date", "amount")
TEXTS = ("customer", "reference", "product", "channel", "currency")
NUMBERS = ("amount", "quantity", "margin")
COLUMNS = (
    "customer",
    "date",
    "amount",
    "reference",
    "product",
    "quantity",
    "margin",
    "currency",
    "channel",
)
#: Longest text kept, in characters: what a B-tree index of the host still takes.
LONGEST = 500
#: Numbers beyond this are typing errors; below it cents are exact in a float.
LARGEST = 1e13
#: Days before this are the zero dates of spreadsheets and databases.
EARLIEST = pd.Timestamp(1900, 1, 2)

# What no cell may hold: control characters and halves of surrogate pairs.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\\s]+")
ISO_DAY = r"\d{4}-\d{2}-\d{2}(?:[T ].*)?"
ISO_NAIVE = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}(?::?\d{2}(?::?\d{2}(?:\.\d+)?)?)?)?"

# One purchase without a reference, and one line of a purchase with one.
PURCHASE = ["customer", "date", "amount", "currency", "channel"]
LINE = ["reference", *PURCHASE, "product", "quantity", "margin"]


@dataclass(frozen=True)
class History:
    """What a frame says.

    ``rows`` is indexed by row number (from 1) and holds :data:`COLUMNS`, ``occurrence``
    (from 1 among equal rows) and ``valid``. Invalid rows are kept in it where they
    name a reference, because the purchase is incomplete without them.
    ``errors`` holds ``row``, ``column`` and ``reason`` (a code), sorted by row.
    """

    rows: pd.DataFrame
    errors: pd.DataFrame


def missing_columns(columns) -> list[str]:
    """Return the required columns that are missing, in their usual order.

    >>> missing_columns(["date", "customer", "shop"])
    ['amount']
    """
    return [name for name in REQUIRED if name not in columns]


def repeated_columns(columns) -> list[str]:
    """Return the known columns that occur more than once.

    >>> repeated_columns(["date", "amount", "amount", "x", "x"])
    ['amount']
    """
    names = list(columns)
    return [name for name in COLUMNS if names.count(name) > 1]


def normalise(frame: pd.DataFrame, today, zone, currency: str) -> History:
    """Return the :class:`History` that ``frame`` tells.

    :param frame: one row a line, with :data:`REQUIRED` and any other of
        :data:`COLUMNS`; further columns are ignored
    :param today: a ``date``; later days are rejected
    :param zone: time zone that instants with an offset are turned into days of
    :param currency: code of the currency of rows that name none
    """
    size = len(frame)
    rows = pd.DataFrame(index=pd.RangeIndex(1, size + 1))
    reasons = {}
    for name in COLUMNS:
        values = frame[name] if name in frame else pd.Series([None] * size)
        values = values.reset_index(drop=True)
        if name == "date":
            found, reason = days(values, zone, today)
        elif name in NUMBERS:
            found, reason = numbers(values)
        else:
            found, reason = texts(values)
        rows[name] = found
        reasons[name] = reason
    for name in REQUIRED:
        empty = rows[name].isna().to_numpy() & (reasons[name] == "")
        reasons[name][empty] = "empty"
    rows["currency"] = rows["currency"].str.upper().fillna(currency)
    valid = np.logical_and.reduce([reason == "" for reason in reasons.values()])
    rows["valid"] = valid
    rows = rows[valid | rows["reference"].notna()]
    return History(rows.assign(occurrence=occurrences(rows)), _errors(reasons))


def _errors(reasons: dict) -> pd.DataFrame:
    """Gather the reasons of each column, in the order of the rows."""
    found = [
        pd.DataFrame({"row": np.flatnonzero(reason != "") + 1, "column": name}).assign(
            reason=reason[reason != ""]
        )
        for name, reason in reasons.items()
    ]
    return pd.concat(found).sort_values("row", kind="stable", ignore_index=True)


def occurrences(rows: pd.DataFrame) -> pd.Series:
    """Number equal rows from 1: within a purchase, or of purchases without reference.

    >>> rows = pd.DataFrame({name: [None] * 3 for name in COLUMNS})
    >>> occurrences(rows.assign(customer=["A", "B", "A"], valid=True)).tolist()
    [1, 1, 2]
    """
    referenced = rows["reference"].notna()
    valid = rows["valid"]
    count = pd.Series(1, index=rows.index)
    for chosen, keys in ((referenced, LINE), (~referenced, PURCHASE)):
        some = rows.loc[chosen & valid, keys]
        codes = {name: pd.factorize(some[name])[0] for name in keys}
        groups = pd.DataFrame(codes, index=some.index).groupby(keys, sort=False)
        count[some.index] = groups.cumcount() + 1
    return count


def batch(rows: pd.DataFrame, start: int, size: int) -> tuple[pd.DataFrame, int]:
    """Return about ``size`` rows from position ``start`` on, and the next position.

    Positions count the rows with the lines of each purchase brought together, so that
    a batch never cuts a purchase; the next position is ``len(rows)`` at the end.

    >>> rows = pd.DataFrame({"reference": ["a", "b", None, "a"], "channel": None})
    >>> batch(rows, 0, 1)[0].index.tolist(), batch(rows, 0, 1)[1]
    ([0, 3], 2)
    """
    purchase = purchases(rows)
    order = np.argsort(purchase, kind="stable")
    ordered = purchase[order]
    end = start + size
    if end < len(rows):
        end = int(np.searchsorted(ordered, ordered[end - 1], side="right"))
    end = min(end, len(rows))
    return rows.iloc[order[start:end]], end


def purchases(rows: pd.DataFrame) -> np.ndarray:
    """Number the purchases that rows belong to, by reference and channel, from 0.

    >>> purchases(pd.DataFrame({"reference": ["a", None, None, "a"], "channel": None}))
    array([0, 1, 2, 0])
    """
    reference = pd.factorize(rows["reference"])[0].astype(np.int64)
    channel = pd.factorize(rows["channel"])[0].astype(np.int64)
    code = reference * (len(rows) + 1) + channel + 1
    code = np.where(reference < 0, -1 - np.arange(len(rows)), code)
    return pd.factorize(code)[0]


def texts(values: pd.Series) -> tuple[pd.Series, np.ndarray]:
    """Return the cells as clean text (missing where empty) and the reasons against.

    >>> found, reasons = texts(pd.Series([12345.0, None, 7.5]))
    >>> [None if pd.isna(text) else text for text in found], reasons.tolist()
    (['12345', None, '7.5'], ['', '', ''])
    >>> texts(pd.Series(["  A\\n1 ", "=1+1"]))[1].tolist()
    ['', 'formula']
    """
    codes, uniques = _factorize(values)
    clean = np.array([_text(value) for value in uniques] + [None], dtype=object)
    reasons = [_text_reason(text) for text in clean]
    found = pd.Series(clean[codes], index=pd.RangeIndex(1, len(values) + 1))
    return found.astype("str"), np.array(reasons, dtype=object)[codes]


def numbers(values: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return the cells as floats (NaN where there is none) and the reasons against.

    >>> found, reasons = numbers(pd.Series(["1.5", "1e308", "ten", ""]))
    >>> found[0], reasons.tolist()
    (np.float64(1.5), ['', 'too_large', 'not_number', ''])
    """
    if pd.api.types.is_numeric_dtype(values):
        found = values.to_numpy(dtype=float, na_value=np.nan)
        reasons = np.full(len(values), "", dtype=object)
    else:
        codes, uniques = _factorize(values)
        clean = pd.Series([_text(value) for value in uniques] + [None], dtype="str")
        parsed = pd.to_numeric(clean, errors="coerce").to_numpy(dtype=float)
        wrong = np.isnan(parsed) & clean.notna().to_numpy()
        found = parsed[codes]
        reasons = np.where(wrong, "not_number", "").astype(object)[codes]
    reasons[np.abs(found) > LARGEST] = "too_large"
    reasons[np.isinf(found)] = "not_finite"
    # Minus zero would be another key than zero.
    return found + 0.0, reasons


def days(values: pd.Series, zone, today) -> tuple[np.ndarray, np.ndarray]:
    """Return the cells as days (``datetime64``) and the reasons against.

    Understood are dates, instants, ISO 8601 text and eight digits (20240131); whatever
    else could be read as more than one day is refused rather than guessed.

    >>> from datetime import date, timezone
    >>> found, reasons = days(
    ...     pd.Series(["2024-01-31 23:30", 20240131, "1/2/2024", "2031-01-01"]),
    ...     timezone.utc, date(2024, 6, 1))
    >>> found[:2].astype("datetime64[D]").astype(str).tolist(), reasons.tolist()
    (['2024-01-31', '2024-01-31'], ['', '', 'not_date', 'future'])
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        codes, uniques = pd.factorize(values)
        instants = pd.Series(uniques)
        wrong = np.zeros(len(instants), dtype=bool)
        if instants.dt.tz is not None:
            instants = instants.dt.tz_convert(zone).dt.tz_localize(None)
    else:
        codes, uniques = _factorize(values)
        clean = pd.Series([_text(value) for value in uniques], dtype="str")
        instants = _parse_days(clean, zone)
        wrong = (instants.isna() & clean.notna()).to_numpy()
    found = instants.astype("datetime64[s]").dt.normalize()
    reasons = np.full(len(found) + 1, "", dtype=object)
    reasons[:-1][found > pd.Timestamp(today)] = "future"
    reasons[:-1][found < EARLIEST] = "early"
    reasons[:-1][wrong] = "not_date"
    found = np.append(found.to_numpy(), np.datetime64("NaT", "s"))
    return found[codes], reasons[codes]


def _parse_days(clean: pd.Series, zone) -> pd.Series:
    """Parse unambiguous text into naive instants, missing where it is none."""
    instants = pd.Series(pd.NaT, index=clean.index, dtype="datetime64[us]")
    digits = clean.str.fullmatch(r"\d{8}", na=False)
    iso = clean.str.fullmatch(ISO_DAY, na=False)
    naive = clean.str.fullmatch(ISO_NAIVE, na=False)
    zoned = iso & ~naive
    parse = {"errors": "coerce"}
    instants[digits] = pd.to_datetime(clean[digits], format="%Y%m%d", **parse)
    plain = pd.to_datetime(clean[naive], format="ISO8601", **parse)
    instants[naive] = plain.dt.as_unit("us")
    offset = pd.to_datetime(clean[zoned], format="ISO8601", utc=True, **parse)
    offset = offset.dt.tz_convert(zone).dt.tz_localize(None)
    instants[zoned] = offset.dt.as_unit("us")
    return instants


def _factorize(values: pd.Series):
    """Return codes (−1 for a missing cell) and the unique cells, hashable or not."""
    try:
        return pd.factorize(values)
    except TypeError:
        return pd.factorize(values.map(_text, na_action="ignore"))


def _text(value) -> str | None:
    """Return a cell as clean text; a whole float is the number a person reads."""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)
    return UNPRINTABLE.sub(" ", str(value)).strip() or None


def _text_reason(text: str | None) -> str:
    if text and text.startswith("="):
        return "formula"
    return "too_long" if text and len(text) > LONGEST else ""
