"""What headers say of an e-mail, and mending what would keep it from being read."""

REPLY_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From")


def is_automatic_reply(message):
    """Return whether a machine says that it answered by itself (RFC 3834, 2004).

    :param email.message.EmailMessage message: the e-mail

    >>> from email import message_from_string as parse
    >>> is_automatic_reply(parse("Auto-Submitted: auto-replied (vacation)"))
    True
    >>> is_automatic_reply(parse("Auto-Submitted: auto-generated"))
    False
    >>> is_automatic_reply(parse("X-Autoreply: yes")), is_automatic_reply(parse(""))
    (True, False)
    """
    submitted = _submitted(message)
    return (
        submitted.startswith("auto-replied")
        or _precedence(message) == "auto_reply"
        or any(message.get(name) is not None for name in REPLY_HEADERS)
    )


def is_automatic(message):
    """Return whether no person wrote an e-mail, as far as its headers tell.

    >>> from email import message_from_string as parse
    >>> is_automatic(parse("Auto-Submitted: auto-generated"))
    True
    >>> is_automatic(parse("Precedence: bulk")), is_automatic(parse("Precedence: list"))
    (True, False)
    >>> is_automatic(parse("Auto-Submitted: No")), is_automatic(parse("Subject: hello"))
    (False, False)
    """
    return (
        is_automatic_reply(message)
        or _submitted(message) not in ("", "no")
        or _precedence(message) in ("bulk", "junk")
    )


def _submitted(message):
    return str(message.get("Auto-Submitted") or "").partition(";")[0].strip().lower()


def _precedence(message):
    return str(message.get("Precedence") or "").strip().lower()


def mend(message):
    """Mend parts of an e-mail that would be lost or that nothing could read.

    Text in a charset that nobody knows gets one that reads it; what says that it has
    parts and has none is text.

    >>> from email import message_from_bytes, policy
    >>> raw = b"Content-Type: text/plain; charset=x-klingon\\n\\nCaf\\xc3\\xa9"
    >>> message = message_from_bytes(raw, policy=policy.SMTP)
    >>> mend(message)
    >>> message.get_content()
    'Café'
    """
    for part in message.walk():
        if part.get_content_maintype() == "multipart" and not part.is_multipart():
            part.set_type("text/plain")
        charset = part.get_param("charset")
        if part.get_content_maintype() != "text" or charset is None:
            continue
        if not _is_known(charset):
            part.set_param("charset", _readable(part.get_payload(decode=True) or b""))


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
