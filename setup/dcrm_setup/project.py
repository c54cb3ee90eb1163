"""This checkout: its addons, and what their installation depends on."""

import ast
import difflib
from collections.abc import Iterable
from pathlib import Path

from . import cache as caches
from .errors import SetupError
from .host import Host

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements.txt"
ADDONS = ("dcrm_analytics", "dcrm_loyalty", "dcrm_service")
TEST_ADDONS = ROOT / "tests" / "addons"

# What a company that sells has installed, whether or not an addon depends on it.
HOST_ADDONS = ("sale_management", "sale_margin")

# Read when the server runs or when a test does, not when an addon is installed (queries
# are not among them: triggers and functions of the database come from there).
NOT_INSTALLED = ("tests", "readme", "migrations", "compute", "__pycache__")


def own_addons() -> list[str]:
    """Those of the addons that this checkout has."""
    return [name for name in ADDONS if (ROOT / name / "__manifest__.py").is_file()]


def test_addons() -> list[str]:
    """Addons that only tests use."""
    found = TEST_ADDONS.glob("*/__manifest__.py")
    return sorted(manifest.parent.name for manifest in found)


def addons_paths() -> list[Path]:
    return [ROOT, TEST_ADDONS] if test_addons() else [ROOT]


def folder_of(name: str) -> Path | None:
    """The folder of an addon of this checkout; None for the host's."""
    for place in (ROOT, TEST_ADDONS):
        if (place / name / "__manifest__.py").is_file():
            return place / name
    return None


def need_addons(names: Iterable[str], host: Host):
    """Raise SetupError for a name that is no addon's, with those that are near."""
    for name in names:
        if folder_of(name) or host.has_addon(name):
            continue
        known = [*own_addons(), *test_addons(), *host.addon_names()]
        near = difflib.get_close_matches(name, known, 3, 0.6)
        hint = f" Is it {' or '.join(near)}?" if near else ""
        raise SetupError(f"There is no addon named '{name}'.{hint}")


def manifest(folder: Path) -> dict:
    """An addon's manifest; raises SetupError when it cannot be read."""
    path = folder / "__manifest__.py"
    try:
        return ast.literal_eval(path.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError) as error:
        raise SetupError(f"{path} cannot be read: {error}") from None


def closure(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """``names`` with what they need: (this checkout's addons, the host's)."""
    own, hosts, waiting = [], [], list(names)
    while waiting:
        name = waiting.pop(0)
        target = own if folder_of(name) else hosts
        if name in target:
            continue
        target.append(name)
        if target is own:
            waiting += manifest(folder_of(name)).get("depends", [])
    return sorted(own), sorted(hosts)


def fingerprint(names: Iterable[str]) -> str:
    """A key of everything that installing these addons reads."""
    parts: list[str | bytes] = []
    for name in sorted(names):
        folder = folder_of(name)
        for path in sorted(folder.rglob("*")):
            place = path.relative_to(folder)
            if matters(place) and path.is_file():
                parts += [f"{name}/{place}", path.read_bytes()]
    return caches.digest(parts)


def matters(place: Path) -> bool:
    """Whether an addon's file has a part in its installation."""
    if place.parts[0] in NOT_INSTALLED or "__pycache__" in place.parts:
        return False
    if place.parts[0] == "static":
        return place.parts[1:2] == ("description",)
    return place.suffix not in (".pyc", ".md", ".rst", ".toml")
