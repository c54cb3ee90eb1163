"""What of a plain text is quoted from earlier e-mails."""

import re

QUOTED = re.compile(r"\s?>(?!From )")
# A line by which a program begins what it copies: all that follows is copied.
SEPARATOR = re.compile(r"\s*(?:[-_*]{3,}[^-_*]{3,60}[-_*]{3,}|_{20,})\s*$")
WORD = r"\*?[^\W\d_][^\n:]{0,24}\*?\s?:\*?"
FROM = re.compile(
    r"\s*\*?(?:from|von|de|da|van|från|fra|od|от|kimden|lähettäjä|feladó)\s?\*?:",
    re.I,
)
HEADER = re.compile(rf"\s*{WORD}\s*\S")
HEADERS = 3
ATTRIBUTION_LENGTH = 250


def parts(text):
    """Return a text as pairs (whether quoted, text), which joined are the text.

    Quoted are lines that begin with ">", the line that says who wrote them, and what
    follows a line such as "-----Original Message-----" or the headers of the e-mail
    that was answered. Where nothing else is left, nothing is quoted.

    >>> parts("Yes.\\n\\nOn 1 May 2026 Ann <ann@a.example> wrote:\\n> Is it?\\n")
    [(False, 'Yes.\\n\\n'), (True, 'On 1 May 2026 Ann <ann@a.example> wrote:\\n> Is it?\\n')]
    >>> parts("> Is it?\\nYes.\\n> Sure?\\nNo.")
    [(True, '> Is it?\\n'), (False, 'Yes.\\n'), (True, '> Sure?\\n'), (False, 'No.')]
    >>> parts("> Is it?"), parts("")
    ([(False, '> Is it?')], [])
    """  # noqa: E501 - a text on one line, as it is returned
    lines = text.splitlines(keepends=True)
    marks = _marks(lines)
    if not any(
        line.strip() for line, mark in zip(lines, marks, strict=True) if not mark
    ):
        return [(False, text)] if text else []
    found = []
    for line, mark in zip(lines, marks, strict=True):
        if found and found[-1][0] == mark:
            found[-1] = (mark, found[-1][1] + line)
        else:
            found.append((mark, line))
    return found


def _marks(lines):
    """Return for each line whether it is quoted."""
    copied = _copied_from(lines)
    marks = [
        position >= copied or bool(QUOTED.match(line))
        for position, line in enumerate(lines)
    ]
    for position in range(1, len(lines)):
        if marks[position] and not marks[position - 1]:
            _mark_before(lines, marks, position)
    return marks


def _copied_from(lines):
    """Return where a copied e-mail begins, the number of lines where none does."""
    for position, line in enumerate(lines):
        if _begins_copy(lines, position) or (
            SEPARATOR.match(line) and _follows_header(lines, position)
        ):
            return position
    return len(lines)


def _begins_copy(lines, position):
    """Return whether headers of an e-mail are here, as programs copy them."""
    block = lines[position : position + HEADERS]
    return (
        len(block) == HEADERS
        and bool(FROM.match(block[0]))
        and all(HEADER.match(line) for line in block)
    )


def _follows_header(lines, position):
    """Return whether the next line that is not blank is a header."""
    following = (line for line in lines[position + 1 : position + 4] if line.strip())
    return bool(HEADER.match(next(following, "")))


def _mark_before(lines, marks, position):
    """Mark blank lines and who is quoted, before a quotation that begins here."""
    above = position - 1
    while above >= 0 and not lines[above].strip() and not marks[above]:
        above -= 1
    if above >= 0 and marks[above]:
        # Blank lines between quoted ones.
        first = above + 1
    else:
        first = above - _attribution(lines, above) + 1
    if first <= above or (above >= 0 and marks[above]):
        marks[first:position] = [True] * (position - first)


def _attribution(lines, position):
    """Return how many lines that end here say who is quoted: none, one or two."""
    if position < 0 or not lines[position].rstrip().endswith((":", "：")):
        return 0
    for count in (1, 2):
        text = "".join(lines[max(0, position - count + 1) : position + 1])
        if len(text) <= ATTRIBUTION_LENGTH and _names_whom(text):
            return min(count, position + 1)
    return 0


def _names_whom(text):
    return bool(re.search(r"\d", text)) and bool(re.search(r"[@<,]", text))
