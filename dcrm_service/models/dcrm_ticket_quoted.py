import html
import re

import lxml.etree
import lxml.html
from markupsafe import Markup

from odoo import api, models

from ..compute import quoted_text

QUOTE = "data-o-mail-quote"
# What the host makes of an e-mail of plain text.
PLAIN = re.compile(r"\s*<pre>([^<]*)</pre>\s*")
# On a phone, too, all of a line is read.
WRAPPED = "white-space: pre-wrap; font-family: inherit; margin: 0"
# How Outlook begins the e-mail that it copies: a line above its headers.
RULED = re.compile(r"border-top:\s*solid", re.I)


class DcrmTicket(models.Model):
    """What e-mails to a ticket quote of earlier ones is folded on screen.

    The host folds what is marked as a quotation, and marks what common programs quote;
    this marks what it leaves: in plain text who is quoted and copies below a line, in
    HTML the copies that Outlook makes.
    """

    _inherit = "dcrm.ticket"

    @api.model
    def _fold_quoted(self, body):
        """Return the body of an e-mail with what it quotes marked.

        :param body: HTML, as the host has read it
        """
        if plain := PLAIN.fullmatch(body):
            parts = quoted_text.parts(html.unescape(plain[1]))
            text = Markup().join(
                Markup('<span data-o-mail-quote="1">%s</span>') % text
                if quoted
                else text
                for quoted, text in parts
            )
            return Markup('<pre style="%s">%s</pre>') % (WRAPPED, text)
        if RULED.search(body):
            return _mark_copies(body)
        return body


def _mark_copies(body):
    """Mark the copied e-mails in a body of HTML, each to its end."""
    root = lxml.html.fragment_fromstring(body, create_parent="div")
    found = False
    for element in root.iter("div"):
        text = element.text_content().strip()
        if RULED.search(element.get("style") or "") and quoted_text.FROM.match(text):
            found = _mark_from(element, root) or found
    if not found:
        return body
    inner = lxml.etree.tostring(root, encoding="unicode", method="html")
    return Markup(inner.removeprefix("<div>").removesuffix("</div>"))


def _mark_from(element, root):
    """Mark an element and what follows it, unless nothing else is there."""
    parent = element.getparent()
    while (
        parent is not root and parent[0] is element and not (parent.text or "").strip()
    ):
        element, parent = parent, parent.getparent()
    before = [parent.text or "", *_texts(element.itersiblings(preceding=True))]
    if not "".join(before).strip():
        return False
    for copied in (element, *element.itersiblings()):
        copied.set(QUOTE, "1")
    return True


def _texts(elements):
    for element in elements:
        yield element.text_content() + (element.tail or "")
