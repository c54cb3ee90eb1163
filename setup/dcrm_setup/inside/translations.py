"""Export the terms to translate, and keep each language's file up to date with them.

``translations.py [-l LANG…] ADDON…``, run with ``env`` in scope on a database in which
the addons are installed. Writes ``i18n/ADDON.pot`` and every ``i18n/LANG.po`` there is;
``-l`` begins a new one.
"""

import argparse
import difflib
import io
import sys
from pathlib import Path

import polib

ALIKE = 0.75  # from where on a new term is taken for a reworded old one
DATES = ("POT-Creation-Date", "PO-Revision-Date")  # would differ at each export


def exported(env, addon):
    """The terms of an installed addon as the host exports them; a ``POFile``."""
    from odoo.tools.translate import trans_export

    with io.BytesIO() as buffer:
        trans_export(None, [addon], buffer, "po", env)
        template = polib.pofile(buffer.getvalue().decode())
    for name in DATES:
        template.metadata.pop(name, None)
    return template


def merged(template, old, language):
    """The template's terms in a language, translated as they were in ``old``.

    A term that is new has the translation of one that is gone and reads much alike,
    marked fuzzy: a translator mends it and takes the mark away. What else is gone is
    left out.

    :param template: the ``POFile`` of the terms as they are now
    :param old: the ``POFile`` of the language so far, may be empty
    :param language: its code, such as ``nl`` or ``zh_CN``
    """
    known = {entry.msgid: entry for entry in old if entry.msgstr and not entry.obsolete}
    gone = sorted(known.keys() - {entry.msgid for entry in template})
    new = polib.POFile()
    new.header = template.header
    new.metadata = {**template.metadata, "Language": language, **old.metadata}
    for term in template:
        entry = polib.POEntry(
            msgid=term.msgid, comment=term.comment, occurrences=term.occurrences
        )
        alike = difflib.get_close_matches(term.msgid, gone, 1, ALIKE)
        if term.msgid in known:
            before = known[term.msgid]
            entry.msgstr, entry.flags = before.msgstr, before.flags
            entry.previous_msgid = before.previous_msgid
        elif alike:
            entry.msgstr, entry.flags = known[alike[0]].msgstr, ["fuzzy"]
            entry.previous_msgid = alike[0]
        new.append(entry)
    return new


def write(env, addon, languages=()):
    """Write an addon's template and its languages; yields a line on each."""
    from odoo.modules import get_module_path

    folder = Path(get_module_path(addon)) / "i18n"
    folder.mkdir(exist_ok=True)
    template = exported(env, addon)
    template.save(str(folder / f"{addon}.pot"))
    yield f"{addon}: {len(template)} terms."
    there = {path.stem for path in folder.glob("*.po")}
    for language in sorted(there.union(languages)):
        path = folder / f"{language}.po"
        old = polib.pofile(str(path)) if path.exists() else polib.POFile()
        new = merged(template, old, language)
        new.save(str(path))
        yield f"{addon}, {language}: {told(new)}."


def told(catalogue):
    """How far a translation is, in words."""
    fuzzy = sum(entry.fuzzy for entry in catalogue)
    without = sum(not entry.msgstr for entry in catalogue)
    if not fuzzy and not without:
        return "complete"
    return f"without a translation {without}, fuzzy {fuzzy}"


def main(env, words):
    parser = argparse.ArgumentParser()
    parser.add_argument("addons", nargs="+")
    parser.add_argument("-l", "--languages", action="append", default=[])
    options = parser.parse_args(words)
    for addon in options.addons:
        for line in write(env, addon, options.languages):
            print(line, flush=True)


if __name__ == "__main__":
    main(env, sys.argv[1:])  # noqa: F821
