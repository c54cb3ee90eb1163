"""Terms change, translations stay: what becomes of a language's file at an export."""

import pytest

polib = pytest.importorskip("polib")


def catalogue(terms, **metadata):
    made = polib.POFile()
    made.metadata = metadata
    for msgid, msgstr in terms.items():
        made.append(polib.POEntry(msgid=msgid, msgstr=msgstr, comment="module: sale"))
    return made


def template(*terms):
    return catalogue(dict.fromkeys(terms, ""))


def merged(terms, old, language="nl"):
    from dcrm_setup.inside import translations

    return translations.merged(template(*terms), old, language)


def told(terms, old):
    from dcrm_setup.inside import translations

    return translations.told(merged(terms, old))


def test_what_is_translated_stays_in_the_order_of_the_terms():
    old = catalogue({"Customer": "Klant", "Amount": "Bedrag"})
    new = merged(["Amount", "Customer", "Segment"], old)
    assert [(entry.msgid, entry.msgstr) for entry in new] == [
        ("Amount", "Bedrag"),
        ("Customer", "Klant"),
        ("Segment", ""),
    ]


def test_what_is_gone_goes():
    old = catalogue({"Customer": "Klant", "Something else": "Iets anders"})
    assert [entry.msgid for entry in merged(["Customer"], old)] == ["Customer"]


def test_a_reworded_term_is_fuzzy_until_somebody_looks():
    before, after = "The customer has no score.", "This customer has no score."
    [entry] = merged([after], catalogue({before: "De klant heeft geen score."}))
    assert entry.fuzzy
    assert entry.previous_msgid == before
    assert entry.msgstr == "De klant heeft geen score."


def test_what_is_fuzzy_stays_so():
    old = merged(["A reworded term"], catalogue({"The reworded term": "Een term"}))
    [entry] = merged(["A reworded term"], old)
    assert entry.fuzzy
    assert entry.previous_msgid == "The reworded term"


def test_a_term_that_has_another_ones_words_is_no_rewording_while_that_one_stays():
    old = catalogue({"Value Class A": "Waardeklasse A"})
    new = merged(["Value Class A", "Value Class B"], old)
    assert [entry.msgstr for entry in new] == ["Waardeklasse A", ""]


def test_a_new_language_says_which_it_is_and_an_old_one_keeps_its_head():
    assert merged(["Customer"], polib.POFile()).metadata["Language"] == "nl"
    old = catalogue({}, Language="nl", **{"Last-Translator": "Somebody"})
    assert merged(["Customer"], old).metadata["Last-Translator"] == "Somebody"


def test_it_says_what_is_left():
    old = catalogue({"Customer": "Klant", "All the segments": "Alle segmenten"})
    assert told(["Customer"], old) == "complete"
    assert told(["Customer", "Purchase", "All segments"], old) == (
        "without a translation 1, fuzzy 1"
    )
