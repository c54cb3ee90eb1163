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
    "auth": ("smtp.auth",),
}

# Strangers write these, too, as long as they like: what is read is read once.
PARENTHESIS = re.compile(r"([()])")
RESULT = re.compile(r"\s*([a-z0-9-]+)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)")
PROPERTY = re.compile(r'(?<![a-z])([a-z]+\.[a-z0-9_-]+)\s*=("[^"]*"|[^\s;]+)')


def proof(message, domain, servers=(), hops=0):
    """Return what servers found of an e-mail's sender: "pass", "fail", or nothing.

    Whoever forges an e-mail can write results into it, too. So only named servers
    prove anything, and only above the lines by which our servers received it: below
    stands what came with it. What is said against the sender is believed wherever it
    stands and whoever says it: nobody writes that of an own forgery.

    :param email.message.EmailMessage message: the e-mail
    :param str domain: what its sender claims to be of
    :param servers: the names by which servers of ours sign their results
    :param int hops: how many lines (``Received``) our own servers write above them

    >>> from email import message_from_string as parse
    >>> bad = parse("Authentication-Results: mx.ours; spf=softfail; dkim=none")
    >>> proof(bad, "a.example"), proof(bad, "a.example", ["mx.ours"])
    ('fail', 'fail')
    >>> good = parse("Authentication-Results: mx.ours; dkim=pass header.d=a.example")
    >>> proof(good, "a.example"), proof(good, "a.example", ["MX.ours"])
    ('', 'pass')
    >>> proof(good, "b.example", ["mx.ours"]), proof(good, "a.example", ["mx.else"])
    ('', '')
    >>> low = parse("Received: x\\nAuthentication-Results: mx.ours; dmarc=pass")
    >>> proof(low, "a.example", ["mx.ours"]), proof(low, "a.example", ["mx.ours"], 1)
    ('', 'pass')
    """
    results = list(_results(message, {server.lower() for server in servers}))
    failed = {method for _above, method, found, _of in results if found in FAILED}
    if "dmarc" in failed:
        return "fail"
    if proving := [above for above, *each in results if _proves(*each, domain)]:
        return "pass" if servers and min(proving) <= hops else ""
    return "fail" if failed & METHODS else ""


def _results(message, servers):
    """Yield (lines of receipt above it, method, result, properties) of each result.

    Those of one server stand together: what is written further down came with it.
    """
    begun, above = False, 0
    for name, value in message.items():
        if name.lower() == "received":
            if begun:
                return
            above += 1
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
                yield above, found[1].lower(), found[2].lower(), properties


def _without_comments(text):
    """Return a header in lower case without what is in parentheses.

    >>> _without_comments("Spf=fail (not (ours)) x=(1")
    'spf=fail   x=(1'
    """
    open_ = [[]]
    for piece in PARENTHESIS.split(text.lower()):
        if piece == "(":
            open_.append([piece])
        elif piece == ")" and len(open_) > 1:
            open_.pop()
            open_[-1].append(" ")
        else:
            open_[-1].append(piece)
    return "".join(piece for pieces in open_ for piece in pieces)


def _proves(method, found, properties, domain):
    if found != "pass":
        return False
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

    A whole top-level domain is nobody's.

    >>> aligned("example", "a.example")
    False
    """
    one, other = (each.lower().strip(".") for each in (one, other))
    if not one or not other:
        return False
    shorter, longer = sorted((one, other), key=len)
    return one == other or ("." in shorter and longer.endswith(f".{shorter}"))


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
