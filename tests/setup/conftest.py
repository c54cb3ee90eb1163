"""The setup code's tests need neither Odoo nor a database."""

import os
import sys

import pytest
from setup_support import ROOT, add_addon

sys.path.insert(0, str(ROOT / "setup"))


@pytest.fixture
def cache(tmp_path):
    from dcrm_setup.cache import Cache

    return Cache(tmp_path / "cache")


@pytest.fixture
def host_folder(tmp_path):
    """A folder with the parts that make an Odoo whole, all of them empty."""
    root = tmp_path / "odoo19"
    release = root / "odoo" / "release.py"
    for part in ("odoo/tools/config.py", "odoo/service/server.py"):
        (root / part).parent.mkdir(parents=True)
        (root / part).touch()
    release.write_text("version_info = (19, 0, 0, 'final', 0, '')\n")
    for name in ("base", "web", "mail", "sale", "account", "sale_management"):
        add_addon(root / "odoo" / "addons", name)
    return root


@pytest.fixture
def no_database_settings(monkeypatch):
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
