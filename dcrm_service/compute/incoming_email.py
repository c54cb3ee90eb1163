"""What headers say of an e-mail, and mending what would keep it from being read."""

import re

# The database holds no text with it.
ZERO = "\x00"
MACHINE_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From")
# Addresses that nobody reads, or that hand on to many.
NOBODY = re.compile(
    r"mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|listserv|majordomo"
    r"|owner-.*|.*-(?:request|owner|bounces?)"
)
# A text that is longer is a file: no screen shows it, and reading it takes minutes.
LONGEST_TEXT = 2**20
# How often elements of HTML may be in each other: the host's parser ends at 256.
DEEPEST = 200
NESTED = re.compile(
    rb"<(/?)(?:div|span|table|blockquote|font|b|i|em|strong|a|u)\b", re.I
)
# How many words of a subject may be numbers of tickets.
FEW = 10


def is_automatic_reply(message):
    """Return whether a machine says that it answered by itself (RFC 3834, 2004).

    Headers of their own are on what other ticket systems send, too, which may be what
    somebody wrote in them.

    :param email.message.EmailMessage message: the e-mail

    >>> from email import message_from_string as parse
    >>> is_automatic_reply(parse("Auto-Submitted: auto-replied (vacation)"))
    True
    >>> is_automatic_reply(parse("Auto-Submitted: auto-generated"))
    False
    >>> is_automatic_reply(parse("X-Autoreply: yes")), is_automatic_reply(parse(""))
    (False, False)
    """
    submitted = _submitted(message)
    return submitted.startswith("auto-replied") or _precedence(message) == "auto_reply"


def is_by_machine(message):
    """Return whether a machine says that it sent an e-mail.

    >>> from email import message_from_string as parse
    >>> is_by_machine(parse("X-Autoreply: yes")), is_by_machine(parse(""))
    (True, False)
    >>> is_by_machine(parse("Precedence: bulk"))
    False
    """
    return (
        is_automatic_reply(message)
        or _submitted(message) not in ("", "no")
        or any(message.get(name) is not None for name in MACHINE_HEADERS)
    )


def is_automatic(message):
    """Return whether no person wrote an e-mail to us, as far as its headers tell.

    >>> from email import message_from_string as parse
    >>> is_automatic(parse("Auto-Submitted: auto-generated"))
    True
    >>> is_automatic(parse("Precedence: bulk")), is_automatic(parse("Precedence: list"))
    (True, False)
    >>> is_automatic(parse("Auto-Submitted: No")), is_automatic(parse("Subject: hello"))
    (False, False)
    """
    return is_by_machine(message) or _precedence(message) in ("bulk", "junk")


def may_be_answered(message, address):
    """Return whether a machine may answer an e-mail (RFC 3834, 2004, section 2).

    It may not where a machine wrote it, a list handed it on, its sender asks not to, or
    nobody would read the answer.

    :param str address: the sender's normalized address

    >>> from email import message_from_string as parse
    >>> may_be_answered(parse("Subject: hello"), "ann@a.example")
    True
    >>> may_be_answered(parse("List-Id: <x.example>"), "ann@a.example")
    False
    >>> may_be_answered(parse("X-Auto-Response-Suppress: OOF"), "ann@a.example")
    False
    >>> may_be_answered(parse("Return-Path: <>"), "ann@a.example")
    False
    >>> may_be_answered(parse(""), "no-reply@a.example"), may_be_answered(parse(""), "")
    (False, False)
    """
    suppressed = str(message.get("X-Auto-Response-Suppress") or "none").strip().lower()
    null = str(message.get("Return-Path") or "").replace(" ", "") == "<>"
    from_list = _precedence(message) == "list" or any(
        name.lower().startswith("list-") for name in message.keys()
    )
    return (
        bool(address)
        and not (is_automatic(message) or null or from_list)
        and suppressed == "none"
        and message.get_content_type() != "multipart/report"
        and not NOBODY.fullmatch(address.rpartition("@")[0].lower())
    )


def numbers_in(subject):
    """Return what may be numbers of tickets in a subject, as they come, none twice.

    A number without a letter counts only where it is marked as one.

    >>> numbers_in("Re: [T00042] order 2026 and #17, t00042")
    ['T00042', '17', 't00042']
    """
    # Whoever writes a subject without end does not keep us busy by it: a word is read
    # once, whether a digit is in it or not.
    words = re.findall(r"[\[(#]?[\w/-]+", subject or "")
    found = [
        word.lstrip("[(#")
        for word in words
        if re.search(r"\d", word)
        and (word[0] in "[(#" or any(letter.isalpha() for letter in word))
    ]
    return list(dict.fromkeys(found))[:FEW]


def _submitted(message):
    return str(message.get("Auto-Submitted") or "").partition(";")[0].strip().lower()


def _precedence(message):
    return str(message.get("Precedence") or "").strip().lower()


def mend(message):
    """Mend parts of an e-mail that would be lost or that nothing could read.

    Text in a charset that nobody knows gets one that reads it; what says that it has
    parts and has none is text; a text that no screen shows becomes a file.

    >>> from email import message_from_bytes, policy
    >>> raw = b"Content-Type: text/plain; charset=x-klingon\\n\\nCaf\\xc3\\xa9"
    >>> message = message_from_bytes(raw, policy=policy.SMTP)
    >>> mend(message)
    False
    >>> message.get_content()
    'Café'

    :return: whether there is a text that became a file
    """
    long = []
    for part in message.walk():
        if _has_no_parts(part):
            part.set_type("text/plain")
        if part.get_content_maintype() != "text":
            continue
        charset = part.get_param("charset")
        if charset is not None and not _is_known(charset):
            part.set_param("charset", _readable(part.get_payload(decode=True) or b""))
        if _is_for_no_screen(part):
            long.append(part)
    for part in long:
        _make_file(message, part)
    return bool(long)


def _has_no_parts(part):
    # A report that an e-mail did not arrive is known by its type.
    kind = part.get_content_maintype(), part.get_content_subtype() == "report"
    return kind == ("multipart", False) and not part.is_multipart()


def _is_for_no_screen(part):
    if part.is_attachment():
        return False
    text = part.get_payload() or ""
    if len(text) > LONGEST_TEXT:
        return True
    return part.get_content_subtype() == "html" and _is_too_deep(part)


def _is_too_deep(part):
    """Return whether elements are in elements too often: what is in them is lost."""
    content = part.get_payload(decode=True) or b""
    depth = 0
    for tag in NESTED.finditer(content):
        depth += -1 if tag[1] else 1
        if depth > DEEPEST:
            return True
    return False


def _make_file(message, part):
    """Turn a text within an e-mail into a file of it, as it came."""
    kind = "html" if part.get_content_subtype() == "html" else "txt"
    if part is message:
        message.make_mixed()
        [part] = message.get_payload()
    part.set_type("application/octet-stream")
    part.del_param("charset")
    part["Content-Disposition"] = "attachment"
    part.set_param("filename", f"message.{kind}", header="Content-Disposition")


def _is_known(charset):
    # As an RFC 2231 parameter it is (charset, language, value).
    name = charset[2] if isinstance(charset, tuple) else charset
    try:
        # Some codecs are for names of hosts, or not for text at all.
        b"A\xff".decode(name, "replace")
    except (LookupError, ValueError):
        return False
    return True


def _readable(content):
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"
