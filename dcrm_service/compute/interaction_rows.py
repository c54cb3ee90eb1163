"""Read what other systems write down of calls and visits: one record, one interaction.

Records are dictionaries of whatever was in a file or a call; what is not understood is
told as pairs of a column and a reason's code, and nothing is guessed.
"""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256

#: What a record may say; the first two it must.
COLUMNS = (
    "customer",
    "date",
    "reference",
    "subject",
    "channel",
    "direction",
    "duration",
    "user",
    "said",
    "learned",
    "mood",
    "next_step",
    "next_step_date",
    "promise",
    "promise_date",
    "ticket",
    "order",
)
REQUIRED = COLUMNS[:2]
#: What columns of files are likely to be called; letters and digits only.
NAMES = {
    "customer": "customer customerid client caller callerid callernumber email account",
    "date": "date dateandtime datetime when calldate callstart start starttime time "
    "timestamp datum",
    "reference": "reference ref id callid recordid uniqueid number nummer",
    "subject": "subject topic title reason betreff onderwerp",
    "channel": "channel medium kanal kanaal",
    "direction": "direction calldirection richtung richting",
    "duration": "duration minutes length talktime dauer duur",
    "user": "agent heldby user employee operator handledby login",
    "said": "notes note said comment comments description text notizen notitie",
    "learned": "learned insight",
    "mood": "mood sentiment stimmung stemming",
    "next_step": "nextstep followup action",
    "next_step_date": "nextstepdate nextstepby followupdate",
    "promise": "promise commitment zusage belofte",
    "promise_date": "promisedate promiseduntil due duedate until",
    "ticket": "ticket ticketnumber case caseid casenumber",
    "order": "order ordernumber salesorder",
}
DAYS = ("next_step_date", "promise_date")
DIRECTIONS = {
    "in": "in",
    "inbound": "in",
    "incoming": "in",
    "out": "out",
    "outbound": "out",
    "outgoing": "out",
}
#: How long texts may be, by column; others as the shortest.
LONGEST = {"said": 100_000, "learned": 10_000}
SHORT = 500
EARLIEST = datetime(1900, 1, 1)
#: The clocks of two systems differ a little.
TOLERANCE = timedelta(minutes=5)

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T,]+(.*))?")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[ T]+(.*))?")
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})")


def read(record, options, zone, now):
    """Return the values that a record gives, and what is wrong with it.

    :param dict record: of :data:`COLUMNS`; other keys are an error
    :param dict options: ``{column: {word in small letters: value}}``
    :param zone: the time zone (``tzinfo``) of instants without one
    :param datetime now: naive UTC
    :return: ``{column: value}``, instants as naive UTC; list of (column, code)

    >>> read({"customer": "C1", "date": "2026-03-01 10:00", "mood": "fine"},
    ...      {"mood": {"angry": "1"}}, UTC, datetime(2026, 3, 2))
    ({'customer': 'C1', 'date': datetime.datetime(2026, 3, 1, 10, 0)}, \
[('mood', 'not_known')])
    """
    values, errors = {}, []
    for column in record:
        if column not in COLUMNS:
            errors.append((str(column), "no_column"))
    for column in COLUMNS:
        text = clean(record.get(column), column in LONGEST)
        if not text:
            if column in REQUIRED:
                errors.append((column, "empty"))
            continue
        value, code = _read_cell(column, text, options, zone, now)
        if code:
            errors.append((column, code))
        else:
            values[column] = value
    if "promise_date" in values and "promise" not in values:
        errors.append(("promise", "empty"))
    return values, errors


def _read_cell(column, text, options, zone, now):
    if column == "date":
        return instant(text, zone, now)
    if column in DAYS:
        return day(text)
    if column == "duration":
        return minutes(text)
    if column in options:
        value = options[column].get(text.lower())
        return value, None if value else "not_known"
    if len(text) > LONGEST.get(column, SHORT):
        return None, "too_long"
    return text, None


def clean(value, lines=False):
    """Return a cell as text, on one line unless ``lines``; empty where there is none.

    >>> clean(" a \\n b\\x00 "), clean(12.0), clean(None), clean(float("nan"))
    ('a b', '12', '', '')
    """
    if value is None or value is False or value != value:  # noqa: PLR0124 (NaN)
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = _CONTROL.sub("", str(value))
    return text.strip() if lines else " ".join(text.split())


def instant(text, zone, now):
    """Return an instant as naive UTC and a code that is empty where it is one.

    >>> instant("2026-03-01T10:00:00+02:00", UTC, datetime(2026, 3, 2))
    (datetime.datetime(2026, 3, 1, 8, 0), None)
    >>> instant("2026-03-03", UTC, datetime(2026, 3, 2))[1]
    'future'
    """
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            localize = getattr(zone, "localize", None)
            found = localize(found) if localize else found.replace(tzinfo=zone)
        # There is no year before 1, nor after 9999.
        found = found.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    except (ValueError, OverflowError):
        return None, "not_instant"
    if found > now + TOLERANCE:
        return None, "future"
    return (None, "early") if found < EARLIEST else (found, None)


def day(text):
    """Return a day, and a code that is empty where it is one.

    >>> day("2026-03-01"), day("soon")
    ((datetime.date(2026, 3, 1), None), (None, 'not_date'))
    """
    try:
        return datetime.fromisoformat(text).date(), None
    except ValueError:
        return None, "not_date"


def minutes(text):
    """Return whole minutes, of a number or of hours, minutes and seconds.

    >>> minutes("12"), minutes("01:30:00"), minutes("4:40"), minutes("-1")
    ((12, None), (90, None), (5, None), (None, 'not_minutes'))
    """
    if match := _CLOCK.fullmatch(text):
        hours, mins, seconds = (int(part or 0) for part in match.groups())
        return round(hours * 60 + mins + seconds / 60), None
    if re.fullmatch(r"\d{1,6}(?:\.\d+)?", text):
        return round(float(text)), None
    return None, "not_minutes"


def iso(text, order):
    """Return the text of a day or an instant, year first.

    :param str order: ``ymd``, ``dmy`` or ``mdy``

    >>> iso("31.01.2026 9:05", "dmy"), iso("2026/1/31", "ymd"), iso("soon", "dmy")
    ('2026-01-31 09:05', '2026-01-31', 'soon')
    """
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day_, clock = match.groups()
    elif order != "ymd" and (match := _DAY_FIRST.fullmatch(text)):
        first, second, year, clock = match.groups()
        day_, month = (first, second) if order == "dmy" else (second, first)
    else:
        return text
    written = f"{year}-{month.zfill(2)}-{day_.zfill(2)}"
    if not clock:
        return written
    return f"{written} {clock.zfill(5) if clock[1:2] == ':' else clock}"


def guess(columns):
    """Return ``{meaning: column}`` by the names of the columns.

    >>> guess(["Call ID", "Customer", "Start", "Notes", "Colour"])
    {'customer': 'Customer', 'date': 'Start', 'reference': 'Call ID', 'said': 'Notes'}
    """
    plain = {}
    for column in columns:
        plain.setdefault(re.sub(r"[\W_]+", "", column).lower(), column)
    found = {}
    for meaning, names in NAMES.items():
        column = next((plain[name] for name in names.split() if name in plain), None)
        if column is not None:
            found[meaning] = column
    return found


def keys(source, values_list):
    """Return the key of each record: its reference, else what it says, and how often.

    So the same records have the same keys whenever they are read again.

    >>> keys("Centre", [{"reference": "7"}, {"said": "x"}, {"said": "x"}])[0]
    'import/Centre/reference/7'
    >>> len(set(keys("Centre", [{"reference": "7"}, {"said": "x"}, {"said": "x"}])))
    3
    """
    count, found = {}, []
    for values in values_list:
        if reference := values.get("reference"):
            found.append(f"import/{source}/reference/{reference}")
            continue
        said = sha256(repr(sorted(values.items())).encode()).hexdigest()
        count[said] = count.get(said, 0) + 1
        found.append(f"import/{source}/row/{said}/{count[said]}")
    return found
