"""Which addons there are, and what a template database is keyed by."""

import pytest
from dcrm_setup import database, project, template, testing
from dcrm_setup.errors import SetupError
from dcrm_setup.host import Host
from setup_support import add_addon


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with one addon on top of the host's sale."""
    root = tmp_path / "checkout"
    add_addon(root, "dcrm_analytics", '{"depends": ["sale", "mail"]}')
    add_addon(root, "dcrm_loyalty", '{"depends": ["dcrm_analytics", "loyalty"]}')
    monkeypatch.setattr(project, "ROOT", root)
    monkeypatch.setattr(project, "TEST_ADDONS", root / "tests" / "addons")
    return root


def test_addons_that_are_there_are_found(checkout):
    assert project.own_addons() == ["dcrm_analytics", "dcrm_loyalty"]
    assert project.test_addons() == []
    assert project.addons_paths() == [checkout]


def test_dependencies_are_told_apart(checkout):
    own, hosts = project.closure(["dcrm_loyalty", "crm"])
    assert own == ["dcrm_analytics", "dcrm_loyalty"]
    assert hosts == ["crm", "loyalty", "mail", "sale"]


def test_what_is_usual_lies_below_what_is_not(checkout):
    usual = project.closure(["dcrm_loyalty", *project.HOST_ADDONS])[1]
    assert template.host_layers(usual) == [usual]
    assert template.host_layers([*usual, "crm"]) == [usual, ["crm"]]
    assert template.host_layers(["crm", "sale"]) == [["crm", "sale"]]


def test_a_misspelt_addon_is_named(checkout, host_folder):
    host = Host(host_folder, "")
    project.need_addons(["sale", "dcrm_loyalty"], host)
    with pytest.raises(SetupError, match="'dcrm_loyalti'.* Is it dcrm_loyalty?"):
        project.need_addons(["dcrm_loyalti"], host)


def test_a_broken_manifest_is_named(checkout):
    (checkout / "dcrm_analytics" / "__manifest__.py").write_text("{")
    with pytest.raises(SetupError, match="__manifest__.py cannot be read"):
        project.closure(["dcrm_analytics"])


@pytest.mark.parametrize(
    "place, counts",
    [
        ("models/customer.py", True),
        ("queries/triggers.py", True),
        ("views/customer.xml", True),
        ("i18n/de.po", True),
        ("static/description/icon.png", True),
        ("static/src/grid.js", False),
        ("tests/test_grid.py", False),
        ("compute/rfm.py", False),
        ("models/__pycache__/customer.pyc", False),
        ("readme/USAGE.md", False),
    ],
)
def test_a_template_depends_on_what_is_installed(checkout, place, counts):
    before = project.fingerprint(["dcrm_analytics"])
    path = checkout / "dcrm_analytics" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("new")
    assert (project.fingerprint(["dcrm_analytics"]) != before) is counts


@pytest.mark.parametrize("name", ["demo", "a", "my-db_2.x", "a" * 63])
def test_a_databases_name_may_be(name):
    database.need_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "-a", "a b", "a;b", "a" * 64, "postgres", "template1", "dcrm-x", "../a"],
)
def test_a_databases_name_may_not_be(name):
    with pytest.raises(SetupError, match="cannot be a database's name"):
        database.need_name(name)


def test_attachments_are_copied_by_links(tmp_path):
    (tmp_path / "a" / "12").mkdir(parents=True)
    (tmp_path / "a" / "12" / "file").write_text("x")
    database.link_tree(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b" / "12" / "file").samefile(tmp_path / "a" / "12" / "file")
    database.link_tree(tmp_path / "none", tmp_path / "c")
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize("text", [None, "", "a sentence", "[1]", '{"half'])
def test_a_foreign_note_is_no_note(text):
    assert database.parsed(text) == {}


def test_what_a_dead_run_left_is_told_from_what_is_in_use():
    facts = template.this_process() | {"at": 2**40}
    assert not template.is_left(facts)
    assert template.is_left(facts | {"at": 0})
    assert template.is_left(facts | {"pid": 2**22 + 1})
    assert not template.is_left(facts | {"pid": 2**22 + 1, "host": "another"})


def test_paths_for_pytest_are_told_from_options(checkout):
    (checkout / "tests" / "setup").mkdir(parents=True)
    named = testing.named_paths(["-x", "tests/setup::test_a"])
    assert named == [checkout / "tests" / "setup"]
    assert not testing.named_paths(["-k", "tests", "-q"])
    assert not testing.named_paths([])
    assert testing.all_paths() == ["tests"]


def test_tests_of_more_of_the_host_are_found_by_their_names(checkout):
    assert testing.more_of_the_host() == ([], [])
    tests = checkout / "dcrm_loyalty" / "tests"
    tests.mkdir()
    for name in ("test_bundle.py", "test_bundle_shop.py", "test_club_pos.py"):
        (tests / name).touch()
    addons, files = testing.more_of_the_host()
    assert addons == ["point_of_sale", "pos_sale", "website_sale"]
    assert files == [
        str(tests / "test_club_pos.py"),
        str(tests / "test_bundle_shop.py"),
    ]
    assert testing.more_needed([tests]) == []
    assert testing.more_needed([tests / "test_bundle_shop.py"]) == ["website_sale"]
