"""The style stack is one, whoever runs it."""

import json
import re

from dcrm_setup import node
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


def test_npm_is_started_where_its_program_is_no_link(tmp_path):
    programs = tmp_path / "bin"
    assert node.npm(programs) == ["npm"]
    script = tmp_path / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    script.parent.mkdir(parents=True)
    script.touch()
    assert node.npm(programs) == [str(programs / "node"), str(script)]
