"""E-mails of every sort, made by chance from a seed, and what has become of them.

The tests deliver some hundreds of them, ``setup/check/emails.py`` ten thousand.
"""

import base64
import random
from collections import Counter
from dataclasses import dataclass, field

from odoo.tools import email_normalize

SORTS = {
    "plain": 30,
    "html": 12,
    "charset": 12,
    "file": 8,
    "quoting": 6,
    "answer": 8,
    "numbered": 4,
    "broken": 6,
    "odd": 5,
    "unnamed": 2,
    "forged": 3,
    "both teams": 3,
    "list": 3,
    "machine": 3,
    "away": 3,
    "bounce": 1,
    "long": 0.3,
    "huge": 0.1,
    "deep": 0.2,
}
# Of so many e-mails one comes again, at once or later.
AGAIN = 8
# What is there for nobody to answer: it makes no ticket, and what a machine answered is
# kept on the team.
UNASKED = {"away", "bounce"}
KEPT = {"away"}
MODELS = ("dcrm.ticket", "dcrm.ticket.team")
CHARSETS = (
    *("utf-8", "iso-8859-1", "iso-8859-15", "windows-1252", "koi8-r", "gb18030"),
    *("iso-2022-jp", "shift_jis", "utf-16", "utf-7", "x-klingon", "idna", "base64"),
    *("", "<b>", "utf-8; x=y", "ascii"),
)
WORDS = (
    *("it", "leaks", "the", "lid", "Café", "Größe", "漏れる", "Протекает", "=", ">"),
    *("--", "From:", "\u0000", "\U0001f525"),
)
BOTS = ("bot1@echo.example", "bot2@echo.example")


@dataclass
class Email:
    """An e-mail as bytes, of a sort, and to how many teams it goes."""

    sort: str
    name: str
    content: bytes
    teams: int = 1


@dataclass
class Outcome:
    """What was delivered, and what is wrong with what is there."""

    delivered: int = 0
    distinct: int = 0
    unasked: int = 0
    lost: list = field(default_factory=list)
    doubled: list = field(default_factory=list)
    told: Counter = field(default_factory=Counter)
    sorts: Counter = field(default_factory=Counter)
    errors: list = field(default_factory=list)


class Post:
    """Makes e-mails to two addresses of teams, as many as asked for."""

    def __init__(self, count, seed, addresses, run=""):
        """:param str run: what the names of e-mails begin with, besides the seed"""
        self.count, self.addresses = count, addresses
        self.chance = random.Random(seed)
        self.seed = f"{seed}{run}"
        # Fewer of one sender than the host takes for a loop.
        self.senders = max(10, count // 8)
        self.known = []
        self.numbers = []
        self.made = 0

    def emails(self):
        """Yield e-mails; some of them again, some of them later."""
        sorts, weights = zip(*SORTS.items(), strict=True)
        later = []
        for _number in range(self.count - 2 * len(BOTS)):
            if later and self.chance.random() < 0.5 / AGAIN:
                yield later.pop(self.chance.randrange(len(later)))
            email = self.email(self.chance.choices(sorts, weights)[0])
            yield email
            if self.chance.random() < 0.5 / AGAIN:
                yield email
            elif self.chance.random() < 0.5 / AGAIN:
                later.append(email)
        yield from later

    def email(self, sort, sender=None, **headers):
        self.made += 1
        name = f"<{self.seed}.{self.made}@generated.example>"
        sender = sender or f"who{self.made % self.senders}@generated.example"
        teams = 2 if sort == "both teams" else 1
        headers = {
            "From": f"Who <{sender}>",
            "To": ", ".join(self.chance.sample(self.addresses, teams)),
            "Subject": " ".join(self.words(4)).replace("\x00", ""),
            "Message-Id": name,
            **headers,
        }
        make = getattr(self, f"_{sort.replace(' ', '_')}", self._plain)
        body = make(headers)
        if isinstance(body, str):
            body = body.encode("utf-8", "surrogateescape")
        head = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
        return Email(sort, name, head.encode() + b"\r\n" + body, teams)

    def words(self, count):
        return self.chance.choices(WORDS, k=count)

    # -- sorts -------------------------------------------------------------------------

    def _plain(self, headers):
        return " ".join(self.words(40))

    def _html(self, headers):
        headers["Content-Type"] = "text/html; charset=utf-8"
        return f"<p onclick='x()'>{' '.join(self.words(9))}<table><div></p><script>x"

    def _charset(self, headers):
        charset = self.chance.choice(CHARSETS)
        headers["Content-Type"] = f'text/plain; charset="{charset}"'
        headers["Subject"] = f"=?{charset or 'x'}?Q?caf=E9_=00?="
        return " ".join(self.words(9)).encode("utf-8") + b" \xff\xfe\x1b$B\x81"

    def _file(self, headers):
        headers["Content-Type"] = 'multipart/mixed; boundary="b"'
        name = self.chance.choice(("a.pdf", "../../a", "=1+1.csv", "<img src=x>.png"))
        content = base64.encodebytes(self.chance.randbytes(2000)).decode()
        return (
            "--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--b\r\n"
            "Content-Type: application/octet-stream\r\n"
            "Content-Transfer-Encoding: base64\r\n"
            f'Content-Disposition: attachment; filename="{name}"\r\n\r\n'
            f"{content}\r\n--b--\r\n"
        )

    def _quoting(self, headers):
        return f"Yes.\r\n\r\nOn 1 May 2026 us <{self.addresses[0]}> wrote:\r\n> No?\r\n"

    def _answer(self, headers):
        if self.known:
            headers["In-Reply-To"] = self.chance.choice(self.known)
        return "And another thing."

    def _numbered(self, headers):
        if self.numbers:
            headers["Subject"] = f"Re: {self.chance.choice(self.numbers)}"
        return "And another thing."

    def _broken(self, headers):
        headers["Content-Type"] = self.chance.choice(
            (
                "multipart/mixed",
                'multipart/mixed; boundary=""',
                'multipart/alternative; boundary="b"',
                "text",
                "image/png",
                "message/rfc822",
                "multipart/signed; boundary=b; protocol",
                "=?utf-8?Q?text/plain?=",
            )
        )
        headers["Content-Transfer-Encoding"] = self.chance.choice(
            ("base64", "quoted-printable", "8bit", "uuencode", "x-none")
        )
        return b"--b\r\nContent-Type: text/html\r\n\r\n<p>=ZZ %%%\xff--b" * 3

    def _odd(self, headers):
        name = self.chance.choice(("From", "Subject", "Date", "Cc", "References"))
        # Each another sender, or the host takes them for a loop.
        several = f"a{self.made}@b.example, c@d; ,,,"
        headers[name] = self.chance.choice(
            ("", "  ", "=?utf-8?B?//8=?=", "\x07 <<>>", several, "x" * 3000)
        )
        return ""

    def _unnamed(self, headers):
        del headers["Message-Id"]
        return f"{self.seed} {self.made}"

    def _forged(self, headers):
        headers["Authentication-Results"] = "mx; spf=softfail; dmarc=fail"
        return "Send it to me."

    def _list(self, headers):
        headers["List-Id"] = "<friends.generated.example>"
        return "News."

    def _machine(self, headers):
        headers["Auto-Submitted"] = "auto-generated"
        return "The disk is full."

    def _away(self, headers):
        headers["Auto-Submitted"] = "auto-replied (vacation)"
        return "I am away."

    def _bounce(self, headers):
        headers["From"] = "MAILER-DAEMON@generated.example"
        return "It did not arrive."

    def _long(self, headers):
        headers["Content-Type"] = "text/html; charset=utf-8"
        return "<p>It leaks.</p>" * 100_000

    def _huge(self, headers):
        return self._file(headers).replace(
            "\r\n--b--", base64.encodebytes(bytes(8 * 2**20)).decode() + "\r\n--b--"
        )

    def _deep(self, headers):
        headers["Content-Type"] = 'multipart/mixed; boundary="b0"'
        return "".join(
            f'--b{n}\r\nContent-Type: multipart/mixed; boundary="b{n + 1}"\r\n\r\n'
            for n in range(1500)
        )


class Delivery:
    """Delivers e-mails of a post to the gateway, and says what has become of them.

    Two bots write, too, and answer whatever they get, without a word of being bots.
    """

    def __init__(self, env, post, settle):
        """:param settle: called after each e-mail, such as to commit"""
        self.env, self.post, self.settle = env, post, settle
        self.outcome = Outcome()
        self.named = {}
        self.mails = (
            env["mail.mail"].sudo().search([], order="id desc", limit=1).id or 0
        )
        self.messages = (
            env["mail.message"].sudo().search([], order="id desc", limit=1).id or 0
        )

    def run(self):
        """Deliver all; return the outcome."""
        for email in self.post.emails():
            self.deliver(email)
        for bot in BOTS:
            self.deliver(self.post.email("plain", sender=bot))
            self.settle()
        self._compare()
        return self.outcome

    def deliver(self, email):
        waiting = [email]
        while waiting:
            email = waiting.pop(0)
            self.outcome.delivered += 1
            self.outcome.sorts[email.sort] += 1
            self.named.setdefault(email.name, email)
            threads = self.env["mail.thread"].with_context(mail_notify_force_send=False)
            try:
                with self.env.cr.savepoint():
                    threads.message_process(None, email.content)
            except Exception as error:
                self.outcome.errors.append((email.sort, email.name, repr(error)))
            waiting += self._echoes()
            self._learn(email)
            self.settle()

    def _echoes(self):
        """Return what the bots answer to what was just sent to them."""
        sent = (
            self.env["mail.mail"].sudo().search([("id", ">", self.mails)], order="id")
        )
        self.mails = sent[-1:].id or self.mails
        return [
            self.post.email("plain", sender=bot, **{"In-Reply-To": mail.message_id})
            for mail in sent
            for bot in BOTS
            if bot in f"{mail.email_to} {mail.recipient_ids.mapped('email')}"
        ]

    def _learn(self, email):
        """Let later e-mails answer some of these."""
        if email.sort != "plain" or len(self.post.known) > 200:
            return
        claim = self.env["dcrm.ticket.email"].sudo()
        ticket = claim.search([("message_id", "=", email.name)], limit=1).ticket_id
        if ticket:
            self.post.known.append(email.name)
            self.post.numbers.append(ticket.number)

    def _compare(self):
        outcome = self.outcome
        found = Counter()
        messages = self.env["mail.message"].sudo()
        for message in messages.search(
            [("id", ">", self.messages), ("model", "in", MODELS)], order="id"
        ):
            if message.message_type == "auto_comment":
                outcome.told[email_normalize(message.outgoing_email_to)] += 1
            elif message.message_type == "email":
                found[message.model, message.message_id] += 1
        self._count(found)
        outcome.distinct = len(self.named)

    def _count(self, found):
        unnamed = sum(email.sort == "unnamed" for email in self.named.values())
        for (_model, name), count in found.items():
            if name not in self.named:
                unnamed -= count
        if unnamed:
            wrong = self.outcome.lost if unnamed > 0 else self.outcome.doubled
            wrong.append(("unnamed", unnamed))
        for name, email in self.named.items():
            if email.sort == "unnamed":
                continue
            unasked = email.sort in UNASKED
            self.outcome.unasked += unasked
            kept = email.teams if email.sort in KEPT else 0
            wanted = (0 if unasked else email.teams), kept
            there = tuple(found[model, name] for model in MODELS)
            if any(is_ < want for is_, want in zip(there, wanted, strict=True)):
                self.outcome.lost.append((email.sort, name))
            if any(is_ > want for is_, want in zip(there, wanted, strict=True)):
                self.outcome.doubled.append((email.sort, name))
