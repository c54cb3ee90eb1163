"""What is known of who sent an e-mail, beyond what it says of itself.

Results of authentication are those of RFC 8601 (2019); a sender's domain and the domain
that was proven align as in the relaxed mode of DMARC, RFC 7489 (2015): they are the
same, or one is part of the other.
"""

import re
from email.utils import parseaddr

METHODS = {"dmarc", "dkim", "spf"}
FAILED = {"fail", "hardfail", "softfail"}
# Which property names the domain that a method proves.
PROVEN = {
    "dkim": ("header.d", "header.i"),
    "spf": ("smtp.mailfrom", "smtp.mail"),
    "dmarc": ("header.from",),
}

COMMENT = re.compile(r"\([^()]*\)")
RESULT = re.compile(r"\s*([a-z0-9-]+)\s*(?:/\s*\d+)?\s*=\s*([a-z]+)", re.I)
PROPERTY = re.compile(r'([a-z]+\.[a-z0-9_-]+)\s*=\s*("[^"]*"|[^\s;]+)', re.I)


def proof(message, domain, servers=()):
    """Return what servers found of an e-mail's sender: "pass", "fail", or nothing.

    Whoever forges an e-mail can write results into it, too. So only named servers
    prove anything; where none is named, what the last server says against the sender
    is believed: nobody writes that of an own forgery.

    :param email.message.EmailMessage message: the e-mail
    :param str domain: what its sender claims to be of
    :param servers: the names by which servers of ours sign their results

    >>> from email import message_from_string as parse
    >>> bad = parse("Authentication-Results: mx.ours; spf=softfail; dkim=none")
    >>> proof(bad, "a.example"), proof(bad, "a.example", ["mx.ours"])
    ('fail', 'fail')
    >>> good = parse("Authentication-Results: mx.ours; dkim=pass header.d=a.example")
    >>> proof(good, "a.example"), proof(good, "a.example", ["MX.ours"])
    ('', 'pass')
    >>> proof(good, "b.example", ["mx.ours"]), proof(good, "a.example", ["mx.else"])
    ('', '')
    """
    results = list(_results(message, {server.lower() for server in servers}))
    if any(method == "dmarc" and found in FAILED for method, found, _of in results):
        return "fail"
    if any(_proves(result, domain) for result in results):
        return "pass" if servers else ""
    if any(method in METHODS and found in FAILED for method, found, _of in results):
        return "fail"
    return ""


def _results(message, servers):
    """Yield (method, result, properties) of the server's own headers.

    They stand above the line by which it received the e-mail: what is written below
    came with it.
    """
    begun = False
    for name, value in message.items():
        if name.lower() == "received" and begun:
            return
        if name.lower() != "authentication-results":
            continue
        if begun and not servers:
            return
        server, *infos = _without_comments(str(value)).split(";")
        if servers and server.split()[:1] not in [[each] for each in servers]:
            continue
        begun = True
        for info in infos:
            if found := RESULT.match(info):
                properties = {
                    key.lower(): text.strip('"').lower()
                    for key, text in PROPERTY.findall(info)
                }
                yield found[1].lower(), found[2].lower(), properties


def _without_comments(text):
    text = text.lower()
    while (shorter := COMMENT.sub(" ", text)) != text:
        text = shorter
    return text


def _proves(result, domain):
    method, found, properties = result
    if found != "pass":
        return False
    if method == "auth":
        # Handed in by somebody who logged in there.
        return True
    names = PROVEN.get(method, ())
    proven = [properties[name] for name in names if name in properties]
    if method == "dmarc" and not proven:
        return True
    return any(aligned(each.rpartition("@")[2], domain) for each in proven)


def aligned(one, other):
    """Return whether two domains are the same, or one is part of the other.

    >>> aligned("mail.a.example", "a.example"), aligned("a.example", "A.EXAMPLE")
    (True, True)
    >>> aligned("notA.example", "a.example"), aligned("", "a.example")
    (False, False)
    """
    one, other = (each.lower().strip(".") for each in (one, other))
    if not one or not other:
        return False
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def envelope_domain(message):
    """Return the domain of who handed an e-mail in; nothing where nobody says.

    >>> from email import message_from_string as parse
    >>> envelope_domain(parse("Return-Path: <bounce+ann=a.example@Post.example>"))
    'post.example'
    >>> envelope_domain(parse("Return-Path: <>")), envelope_domain(parse(""))
    ('', '')
    """
    path = str(message.get("Return-Path") or "")
    return parseaddr(path)[1].rpartition("@")[2].lower()
