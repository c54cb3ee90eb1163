"""Every term of every addon is translated, and rightly so far as a machine can tell.

``./setup/dcrm i18n`` writes the files that are read here. What is asked of them: that
they hold the terms that the host finds now, all of them and no others; a translation
of each; the same placeholders and markup on both sides; and that a user who chose the
language reads it.
"""

import ast
import io
import re
from collections import Counter
from pathlib import Path

import polib
import pytest
from lxml import etree

ROOT = Path(__file__).resolve().parents[1]
ADDONS = sorted(path.parent.name for path in ROOT.glob("dcrm_*/__manifest__.py"))
LANGUAGES = {"nl": "nl_NL", "zh_CN": "zh_CN"}

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdfgr]\b|%%|\$?\{\{?[^{}]*\}?\}")
# Attributes that are words; all others are the markup's own and stay.
WORDS = {"alt", "aria-label", "data-tooltip", "placeholder", "string", "title"}
PYTHON, SCRIPT = "odoo-python", "odoo-javascript"
SCRIPT_TERM = re.compile(r"""\b_t\(\s*(?:"((?:[^"\\]|\\.)*)"|\S)""")

each_addon = pytest.mark.parametrize("addon", ADDONS)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def template(addon):
    return polib.pofile(str(ROOT / addon / "i18n" / f"{addon}.pot"))


def catalogue(addon, language):
    return polib.pofile(str(ROOT / addon / "i18n" / f"{language}.po"))


def terms(entries):
    """Return {term: (where it comes from, comment)} of those that are in use."""
    return {
        entry.msgid: (sorted(entry.occurrences), entry.comment)
        for entry in entries
        if not entry.obsolete
    }


def differences(expected, found):
    """Return what keeps two exports from saying the same, by kind."""
    kinds = {
        "missing": expected.keys() - found.keys(),
        "gone": found.keys() - expected.keys(),
        "elsewhere": {
            term
            for term in expected.keys() & found.keys()
            if expected[term] != found[term]
        },
    }
    return {kind: sorted(those) for kind, those in kinds.items() if those}


# -- the host's own export -----------------------------------------------------------


@pytest.fixture(scope="module")
def env():
    """An environment on the database of the run; what is done in it is undone."""
    common = pytest.importorskip("odoo.tests.common")
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry

    registry = Registry(common.get_db_name())
    with registry.cursor() as cr:
        yield Environment(cr, SUPERUSER_ID, {})
        cr.rollback()
        registry.clear_all_caches()


def need_installed(env, addon):
    if env["ir.module.module"]._get(addon).state != "installed":
        pytest.skip(f"{addon} is not installed")


@each_addon
def test_the_terms_are_those_that_the_host_finds(env, addon):
    from odoo.tools.translate import trans_export

    need_installed(env, addon)
    with io.BytesIO() as buffer:
        trans_export(None, [addon], buffer, "po", env)
        exported = polib.pofile(buffer.getvalue().decode())
    found = differences(terms(exported), terms(template(addon)))
    assert not found, "./setup/dcrm i18n brings the files up to date"


# -- the languages -------------------------------------------------------------------


@each_language
@each_addon
def test_each_term_has_a_translation(addon, language):
    there = catalogue(addon, language)
    assert there.metadata["Language"] == language
    found = differences(terms(template(addon)), terms(there))
    assert not found, "./setup/dcrm i18n brings the files up to date"
    assert not [entry.msgid for entry in there if not entry.msgstr.strip()]
    assert not [entry.msgid for entry in there if entry.fuzzy]
    assert not [entry.msgid for entry in there if entry.obsolete]
    assert not [term for term, n in Counter(e.msgid for e in there).items() if n > 1]


def placeholders(text):
    """Return what a text is filled in with; the order counts where there is no name."""
    found = PLACEHOLDER.findall(text)
    named = [each for each in found if "(" in each or "{" in each]
    return sorted(named), [each for each in found if each not in named]


@each_language
@each_addon
def test_placeholders_are_the_same(addon, language):
    wrong = [
        (entry.msgid, entry.msgstr)
        for entry in catalogue(addon, language)
        if placeholders(entry.msgid) != placeholders(entry.msgstr)
    ]
    assert not wrong


def markup(text):
    """Return the elements of a text in order, or None where it is no markup."""
    try:
        root = etree.fromstring(f"<div>{text}</div>")
    except etree.XMLSyntaxError:
        return None
    return [
        (each.tag, sorted(pair for pair in each.items() if pair[0] not in WORDS))
        for each in root.iter()
    ]


@each_language
@each_addon
def test_markup_is_the_same(addon, language):
    wrong = [
        (entry.msgid, entry.msgstr)
        for entry in catalogue(addon, language)
        if markup(entry.msgid) != markup(entry.msgstr)
    ]
    assert not wrong


@pytest.mark.parametrize(
    "source, translation, same",
    [
        ("%(a)s of %(b)s", "%(b)s的%(a)s", True),
        ("%(a)s of %(b)s", "%(a)s van %(a)s", False),
        ("%s days", "%s dagen", True),
        ("%s days", "dagen", False),
        ("{{ object.name }}", "{{ object.naam }}", False),
        ("Hello {name}", "Hallo {name}", True),
        ("%(share)g %% off", "%(share)s %% korting", False),
        ("15% off", "15 % korting", True),
    ],
)
def test_placeholders_are_told_apart(source, translation, same):
    assert (placeholders(source) == placeholders(translation)) is same


@pytest.mark.parametrize(
    "source, translation, same",
    [
        ("<b class='x'>All</b>", "<b class='x'>Alle</b>", True),
        ("<b class='x'>All</b>", "<b>Alle</b>", False),
        ("<i title='All'/>", "<i title='Alle'/>", True),
        ("a < b", "a < b", True),
        ("<b>All</b>", "<b>Alle", False),
    ],
)
def test_markup_is_told_apart(source, translation, same):
    assert (markup(source) == markup(translation)) is same


# -- what is marked is exported ------------------------------------------------------


def marked_in_python(addon):
    """Yield (place, term or None where it is no literal) of what ``_`` is called on."""
    for path in sorted((ROOT / addon).rglob("*.py")):
        if "tests" in path.relative_to(ROOT / addon).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and is_translation(node.func):
                term = node.args[0] if node.args else None
                literal = isinstance(term, ast.Constant)
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                yield place, term.value if literal else None


def is_translation(function):
    """Tell whether a call is one of ``_``, ``env._`` or ``self.env._``."""
    name = getattr(function, "attr", getattr(function, "id", None))
    return name in ("_", "_lt")


def marked_in_scripts(addon):
    """Yield (file, term or None where it is no literal) of what ``_t`` is called on."""
    for path in sorted((ROOT / addon / "static" / "src").rglob("*.js")):
        for found in SCRIPT_TERM.finditer(path.read_text()):
            term = None if found[1] is None else found[1].replace('\\"', '"')
            yield str(path.relative_to(ROOT)), term


def shown_by_templates(addon):
    """Yield (place, text) of what the browser's templates show."""
    for path in sorted((ROOT / addon / "static" / "src").rglob("*.xml")):
        place = str(path.relative_to(ROOT))
        for each in etree.parse(str(path)).iter(etree.Element):
            texts = [each.text, each.tail]
            texts += [value for name, value in each.items() if name in WORDS]
            for text in filter(None, map(str.strip, filter(None, texts))):
                if sum(map(str.isalnum, text)) > 1:
                    yield place, text


def found_in(addon, language_of):
    return {entry.msgid for entry in template(addon) if language_of in entry.comment}


@each_addon
def test_terms_of_the_code_are_exported(addon):
    for marked, comment in ((marked_in_python, PYTHON), (marked_in_scripts, SCRIPT)):
        exported = found_in(addon, comment)
        assert not [each for each in marked(addon) if each[1] not in exported]


@each_addon
def test_texts_of_templates_are_exported(addon):
    exported = found_in(addon, SCRIPT)
    assert not [each for each in shown_by_templates(addon) if each[1] not in exported]


@each_addon
def test_no_words_are_put_together_in_attributes_of_templates(addon):
    """The host does not look for terms there: a method of the component says it."""
    wrong = []
    for path in sorted((ROOT / addon / "static" / "src").rglob("*.xml")):
        for each in etree.parse(str(path)).iter(etree.Element):
            for name, value in each.items():
                words = re.sub(r"\{\{.*?\}\}", "", value)
                if name.removeprefix("t-attf-") in WORDS and name not in WORDS:
                    wrong += [(path.name, value)] if re.search(r"\w", words) else []
    assert not wrong


# -- what a user reads ---------------------------------------------------------------


@pytest.fixture(scope="module", params=LANGUAGES)
def speaking(env, request):
    """The environment with the addons' terms loaded in a language: (it, its file)."""
    code = LANGUAGES[request.param]
    env["res.lang"]._activate_lang(code)
    addons = env["ir.module.module"].search([("name", "in", ADDONS)])
    addons._update_translations(code)
    return env(context={"lang": code}), request.param


def stored(entry, addon):
    """Yield (model, field, external id) of the records of ours that say a term."""
    for occurrence, _line in entry.occurrences:
        found = re.fullmatch(r"model:([\w.]+),(\w+):(\w+)\.(.+)", occurrence)
        if found and found[3] == addon:
            yield found[1], found[2], f"{found[3]}.{found[4]}"


@each_addon
def test_menus_fields_and_data_are_shown_in_the_language(speaking, addon):
    env, language = speaking
    need_installed(env, addon)
    shared = {"ir.model"}  # the host's models have the host's names
    wrong, seen = [], Counter()
    for entry in catalogue(addon, language):
        for model, field, name in stored(entry, addon):
            if model in shared:
                continue
            seen[model] += 1
            shown = env.ref(name)[field]
            wrong += [(name, shown)] if shown != entry.msgstr else []
    assert not wrong
    assert seen["ir.ui.menu"] and seen["ir.model.fields"]


def test_a_refusal_is_said_in_the_language(speaking):
    from odoo.exceptions import ValidationError

    env, language = speaking
    expected = {
        "nl": "Recentheidsklassen: 2 ligt niet tussen 3 en 9.",
        "zh_CN": "近度等级数：2 不在 3 到 9 之间。",
    }
    scheme = env.ref("dcrm_analytics.scheme_default")
    with env.cr.savepoint(), pytest.raises(ValidationError) as refused:
        scheme.recency_classes = 2
        scheme.flush_recordset()
    assert expected[language] in str(refused.value)


@each_addon
def test_the_browser_gets_the_language(speaking, addon):
    from odoo.tools.translate import code_translations

    env, language = speaking
    sent = code_translations.get_web_translations(addon, env.lang)["messages"]
    expected = {
        entry.msgid: entry.msgstr
        for entry in catalogue(addon, language)
        if SCRIPT in entry.comment
    }
    assert {term["id"]: term["string"] for term in sent} == expected
