"""The style stack is one, whoever runs it."""

import json
import re

from setup_support import ROOT

PINS = re.compile(r"((?:@[\w-]+/)?[\w-]+)(?:==|@)(\d[\w.]*)")


def test_pre_commit_has_the_same_versions():
    package = json.loads((ROOT / "setup" / "package.json").read_text())
    ours = dict(PINS.findall((ROOT / "requirements.txt").read_text()))
    ours |= package["devDependencies"]
    hooks = PINS.findall((ROOT / ".pre-commit-config.yaml").read_text())
    assert {name for name, _version in hooks} >= {"ruff", "eslint", "prettier"}
    for name, version in hooks:
        assert ours[name] == version


def test_the_lock_names_no_place():
    lock = (ROOT / "setup" / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock
