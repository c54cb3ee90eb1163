"""The doctests of each addon's ``compute/``: its specification, without the host."""

import doctest
import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(ROOT.glob("dcrm_*/compute/*.py"))


def load(path):
    """Import a module of a compute package on its own, its addon left out."""
    package = f"{path.parents[1].name}_compute"
    if package not in sys.modules:
        _execute(package, path.parent / "__init__.py", [str(path.parent)])
    name = package if path.stem == "__init__" else f"{package}.{path.stem}"
    return sys.modules.get(name) or _execute(name, path)


def _execute(name, path, locations=None):
    spec = importlib.util.spec_from_file_location(
        name, path, submodule_search_locations=locations
    )
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "path", MODULES, ids=[str(path.relative_to(ROOT)) for path in MODULES]
)
def test_doctests(path):
    # An exception's module is named as the addon's, and here is not loaded as that.
    flags = doctest.IGNORE_EXCEPTION_DETAIL
    failed, _attempted = doctest.testmod(load(path), optionflags=flags)
    assert not failed
