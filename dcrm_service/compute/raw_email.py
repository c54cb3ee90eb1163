"""What can be known of an e-mail's bytes without reading what is in it."""

import re
from email.errors import MessageError
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses
from hashlib import sha256

RECIPIENT_HEADERS = ("Delivered-To", "To", "Cc", "Resent-To", "Resent-Cc")


def named(content):
    """Return an e-mail's bytes with a Message-Id, made of them where there is none.

    So that the same bytes are the same e-mail, however often they come.

    >>> named(b"Message-Id: <1@a.example>\\n\\nHi")
    b'Message-Id: <1@a.example>\\n\\nHi'
    >>> named(b"Subject: x\\n\\nHi") == named(b"Subject: x\\n\\nHi")
    True
    """
    headers = BytesHeaderParser(policy=compat32).parsebytes(content)
    if str(headers.get("Message-Id") or "").strip():
        return content
    name = f"Message-Id: <{sha256(content).hexdigest()}@unnamed.invalid>\r\n".encode()
    first, rest = b"", content
    if content.startswith(b"From "):
        first, _end, rest = content.partition(b"\n")
        first += b"\n"
    return first + name + rest


def headers_of(content):
    """Return what can be read of the headers of an e-mail that can't be read.

    :param bytes content: the e-mail
    :return: dict of ``message_id``, ``subject``, ``email_from``, lists ``recipients``
        (addresses in lower case) and ``references`` (ids)

    >>> found = headers_of(b"From: Ann <a@a.example>\\nTo: Us <Help@us.example>\\n\\n")
    >>> found["email_from"], found["recipients"]
    ('Ann <a@a.example>', ['help@us.example'])
    >>> headers_of(b"Subject: =?utf-8?b?a?= leaks\\n\\n")["subject"]
    '=?utf-8?b?a?= leaks'
    """
    headers = BytesHeaderParser(policy=compat32).parsebytes(content)
    recipients = [
        _decoded(value)
        for name in RECIPIENT_HEADERS
        for value in headers.get_all(name, ())
    ]
    references = f"{headers.get('References', '')} {headers.get('In-Reply-To', '')}"
    return {
        "message_id": _decoded(headers.get("Message-Id", "")),
        "subject": _decoded(headers.get("Subject", "")),
        "email_from": _decoded(headers.get("From", "")),
        "recipients": [
            address.lower() for _name, address in getaddresses(recipients) if address
        ],
        "references": re.findall(r"<[^<>\s]+>", references),
    }


def _decoded(value):
    """Return a header as text in one line, whatever it is written in."""
    try:
        text = str(make_header(decode_header(value)))
    except (LookupError, MessageError, ValueError):
        text = str(value)
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    return " ".join(text.split())
