"""The rules that the code's shape keeps, read from the source without the host.

Each rule is one test over the files it speaks of; a failure names file, line and rule.
"""

import ast
import csv
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = sorted(path.parent for path in ROOT.glob("dcrm_*/__manifest__.py"))
TEST_ONLY = sorted(path.parent for path in ROOT.glob("tests/addons/*/__manifest__.py"))
ADDONS = PRODUCT + TEST_ONLY

TOP_LEVEL = {
    "dcrm_analytics",
    "dcrm_loyalty",
    "dcrm_service",
    "tests",
    "setup",
    "requirements.txt",
    "README.md",
    "LICENSE",
}
LAYERS = {
    "compute",
    "queries",
    "models",
    "report",
    "wizards",
    "controllers",
    "views",
    "data",
    "demo",
    "security",
    "static",
    "i18n",
    "migrations",
    "readme",
    "tests",
}
COMPUTE_IMPORTS = {"numpy", "scipy", "pandas"} | set(sys.stdlib_module_names)
# Loyalty and service stand on analytics; nothing else names another addon of ours.
MAY_NAME = {
    "dcrm_analytics": set(),
    "dcrm_loyalty": {"dcrm_analytics"},
    "dcrm_service": {"dcrm_analytics"},
}
SQL_KEYWORDS = re.compile(
    r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|CREATE|DROP|ALTER|JOIN|WHERE)\b"
)
# How view files' names go on after their model's: a large model has one a screen.
VIEW_SUFFIXES = (
    "_views",
    "_search_views",
    "_timeline_views",
    "_templates",
    "_report",
)
# What leads to the views of several models.
SPANNING_VIEWS = {"dcrm_menus", "dcrm_actions"}


def ids(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def sources(addon, *folders):
    for folder in folders or sorted(LAYERS | {"."}):
        pattern = "*.py" if folder == "." else "**/*.py"
        yield from sorted((addon / folder).glob(pattern))


def tree(path):
    return ast.parse(path.read_text(), str(path))


def where(path, node):
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def imports(path):
    """Yield (node, dotted name, names) of each import; dots begin relative ones."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name, ()
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield node, module, tuple(alias.name for alias in node.names)


def call_name(node):
    """Return ``a.b.c`` of a call, as far as it is names."""
    parts, target = [], node.func
    while isinstance(target, ast.Attribute):
        parts.append(target.attr)
        target = target.value
    if isinstance(target, ast.Name):
        parts.append(target.id)
    return ".".join(reversed(parts))


def calls(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield node, call_name(node)


def model_classes(path):
    """Yield (class, {attribute: constant}) of the host's models that a file defines."""
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.ClassDef):
            continue
        bases = {ast.unparse(base) for base in node.bases}
        if bases & {"models.Model", "models.TransientModel", "models.AbstractModel"}:
            yield node, bases, dict(class_constants(node))


def class_constants(node):
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(
            statement.value, ast.Constant
        ):
            for target in statement.targets:
                yield ast.unparse(target), statement.value.value


def manifest(addon):
    return ast.literal_eval((addon / "__manifest__.py").read_text())


# -- the tree ------------------------------------------------------------------------


def test_nothing_else_at_the_top_level():
    visible = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert visible <= TOP_LEVEL


@pytest.mark.parametrize("addon", PRODUCT, ids=ids(PRODUCT))
def test_folders_of_an_addon_are_layers(addon):
    folders = {path.name for path in addon.iterdir() if path.is_dir()}
    assert folders - {"__pycache__"} <= LAYERS


# -- the layers ----------------------------------------------------------------------


@pytest.mark.parametrize("addon", ADDONS, ids=ids(ADDONS))
def test_compute_is_pure(addon):
    wrong = [
        f"{where(path, node)} imports {name}"
        for path in sources(addon, "compute")
        for node, name, _names in imports(path)
        if not name.startswith(".") and name.split(".")[0] not in COMPUTE_IMPORTS
    ]
    # Out of its own folder by a relative import is out of the layer, too.
    wrong += [
        f"{where(path, node)} imports {name}"
        for path in sources(addon, "compute")
        for node, name, _names in imports(path)
        if len(name) - len(name.lstrip(".")) > depth_below(path, addon / "compute")
    ]
    assert not wrong


def depth_below(path, folder):
    return len(path.relative_to(folder).parts)


@pytest.mark.parametrize("addon", ADDONS, ids=ids(ADDONS))
def test_queries_know_only_the_sql_object(addon):
    wrong = [
        f"{where(path, node)} imports {name} {names}"
        for path in sources(addon, "queries")
        for node, name, names in imports(path)
        if name.split(".")[0] not in sys.stdlib_module_names
        and (name, names) != ("odoo.tools", ("SQL",))
        and len(name) - len(name.lstrip(".")) not in {1}
    ]
    assert not wrong


@pytest.mark.parametrize("addon", ADDONS, ids=ids(ADDONS))
def test_raw_sql_only_in_queries_and_report(addon):
    wrong = [
        f"{where(path, node)} builds SQL"
        for path in sources(addon)
        if path.relative_to(addon).parts[0] not in {"queries", "report", "tests"}
        for node, name in calls(path)
        if (name == "SQL" or name.endswith(("execute", "execute_query")))
        and any(map(is_sql_text, node.args))
    ]
    assert not wrong


def is_sql_text(node):
    """Tell whether an argument is text of SQL, put together in whatever way."""
    return any(
        isinstance(part, ast.Constant)
        and isinstance(part.value, str)
        and SQL_KEYWORDS.search(part.value)
        for part in ast.walk(node)
    )


@pytest.mark.parametrize("addon", ADDONS, ids=ids(ADDONS))
def test_sql_is_never_formatted(addon):
    """The text of an SQL object is a literal; what varies are its parameters."""
    wrong = [
        f"{where(path, node)} formats SQL"
        for path in sources(addon)
        for node, name in calls(path)
        if name == "SQL"
        and node.args
        and not isinstance(node.args[0], ast.Constant)
        # Joining and nesting SQL objects is what the object is for.
        and isinstance(node.args[0], ast.JoinedStr | ast.BinOp | ast.Call)
    ]
    assert not wrong


@pytest.mark.parametrize("addon", ADDONS, ids=ids(ADDONS))
def test_one_model_a_file(addon):
    wrong = [
        str(path.relative_to(ROOT))
        for path in sources(addon, "models", "report", "wizards")
        if len(list(model_classes(path))) > 1
    ]
    assert not wrong


@pytest.mark.parametrize("addon", ADDONS, ids=ids(ADDONS))
def test_a_view_file_is_named_as_its_model_file(addon):
    models = {path.stem for path in sources(addon, "models", "report", "wizards")}
    models |= SPANNING_VIEWS
    wrong = [
        str(path.relative_to(ROOT))
        for path in sorted((addon / "views").glob("*.xml"))
        if not {path.stem, *stems_without_suffix(path.stem)} & models
    ]
    assert not wrong


def stems_without_suffix(stem):
    return {stem.removesuffix(suffix) for suffix in VIEW_SUFFIXES}


# -- between the addons --------------------------------------------------------------


@pytest.mark.parametrize("addon", PRODUCT, ids=ids(PRODUCT))
def test_dependencies_point_one_way(addon):
    foreign = set(MAY_NAME) - MAY_NAME[addon.name] - {addon.name}
    name = re.compile(rf"\b({'|'.join(sorted(foreign))})\b")
    wrong = [
        f"{path.relative_to(ROOT)} names {found[1]}"
        for path in sorted(addon.rglob("*"))
        if path.suffix in {".py", ".xml", ".csv", ".js", ".scss", ".pot", ".po"}
        and (found := name.search(path.read_text()))
    ]
    assert not wrong
    assert not foreign & set(manifest(addon)["depends"])


# -- rights --------------------------------------------------------------------------


# What customers read, each with a record rule and a list of fields of its own.
READ_BY_CUSTOMERS = {"model_dcrm_ticket"}
WRITING = ("write", "create", "unlink")


@pytest.mark.parametrize("addon", PRODUCT, ids=ids(PRODUCT))
def test_every_model_has_access_rules(addon):
    """An abstract model holds no records; every other has a rule, and for a group."""
    with (addon / "security" / "ir.model.access.csv").open() as file:
        rules = list(csv.DictReader(file))
    ruled = {rule["model_id:id"].rpartition("model_")[2] for rule in rules}
    missing = [
        name
        for path in sources(addon, "models", "report", "wizards")
        for _node, bases, constants in model_classes(path)
        if (name := constants.get("_name"))
        and constants.get("_inherit") != name
        and "models.AbstractModel" not in bases
        and name.replace(".", "_") not in ruled
    ]
    assert not missing
    assert not [rule["id"] for rule in rules if not rule["group_id:id"]]
    for rule in rules:
        if "portal" in rule["group_id:id"]:
            assert rule["model_id:id"] in READ_BY_CUSTOMERS, rule["id"]
            assert not any(int(rule[f"perm_{what}"]) for what in WRITING), rule["id"]


@pytest.mark.parametrize("addon", PRODUCT, ids=ids(PRODUCT))
def test_models_describe_themselves(addon):
    wrong = [
        where(path, node)
        for path in sources(addon, "models", "report", "wizards")
        for node, _bases, constants in model_classes(path)
        if "_name" in constants
        and "_description" not in constants
        and "_inherit" not in constants
    ]
    assert not wrong


# -- packaging -----------------------------------------------------------------------


@pytest.mark.parametrize("addon", ADDONS, ids=ids(ADDONS))
def test_manifest(addon):
    values = manifest(addon)
    assert re.fullmatch(r"19\.0(\.\d+){3}", values["version"])
    assert values["author"] == "DCRM contributors"
    assert values["license"] == "LGPL-3"
    assert values.get("installable", True)
    assert values["summary"]


@pytest.mark.parametrize("addon", ADDONS, ids=ids(ADDONS))
def test_every_data_file_is_loaded_and_exists(addon):
    listed = manifest(addon).get("data", []) + manifest(addon).get("demo", [])
    assert len(listed) == len(set(listed))
    assert not [name for name in listed if not (addon / name).is_file()]
    present = {
        str(path.relative_to(addon))
        for folder in ("data", "demo", "report", "security", "views", "wizards")
        for path in (addon / folder).glob("*")
        if path.suffix in {".xml", ".csv"}
    }
    assert present <= set(listed)


@pytest.mark.parametrize("addon", ADDONS, ids=ids(ADDONS))
def test_every_module_is_imported(addon):
    """A file that its package forgets is dead: a model unknown, a test never run."""
    forgotten = []
    for folder in ("models", "report", "wizards", "controllers", "tests"):
        package = addon / folder
        if not (package / "__init__.py").exists():
            continue
        imported = {
            imported_name
            for _node, name, names in imports(package / "__init__.py")
            for imported_name in (*names, name.lstrip("."))
        }
        pattern = "test_*.py" if folder == "tests" else "*.py"
        forgotten += [
            str(path.relative_to(ROOT))
            for path in sorted(package.glob(pattern))
            if path.stem != "__init__" and path.stem not in imported
        ]
    assert not forgotten


def test_nothing_of_the_product_is_agpl():
    word = re.compile("AGPL|affero", re.IGNORECASE)
    text = {".py", ".xml", ".js", ".scss", ".css", ".csv", ".toml", ".md", ".rst"}
    wrong = [
        str(path.relative_to(ROOT))
        for addon in PRODUCT
        for path in sorted(addon.rglob("*"))
        if path.suffix in text and word.search(path.read_text())
    ]
    assert not wrong
