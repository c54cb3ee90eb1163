"""Run the tests with pytest-odoo on a copy of a template database."""

import os
import secrets
import subprocess
from pathlib import Path

from . import browser, project, template
from .context import INSIDE, Context
from .progress import progress


def run(context: Context, words: list[str], extra: list[str]) -> int:
    """Run pytest with ``words``; returns its exit code."""
    context.prepare()
    context.tools += browser.ensure(context)
    made = template.ensure(context, test_addons(extra))
    name = f"dcrm-test-{os.getpid()}-{secrets.token_hex(3)}"
    with progress.step("Copying the template database"):
        context.databases.create(name, made)
        context.databases.note(name, kind="test", **template.this_process())
    try:
        command = pytest_command(context, name, words)
        return subprocess.run(
            command, env=environ(context), cwd=project.ROOT, check=False
        ).returncode
    finally:
        context.databases.drop(name)


def test_addons(extra: list[str]) -> list[str]:
    own = [*project.own_addons(), *project.test_addons()]
    return [*own, *project.HOST_ADDONS, *extra]


def pytest_command(context: Context, name: str, words: list[str]) -> list[str]:
    command = [context.environment.python, "-m", "pytest", "-p", "pytest_dcrm"]
    command += ["--odoo-config", str(context.conf), "--odoo-database", name]
    command += ["--odoo-http", "--rootdir", str(project.ROOT)]
    return [*command, *words, *([] if has_paths(words) else all_paths())]


def has_paths(words: list[str]) -> bool:
    """Whether pytest's arguments name something to run."""
    named = (word.split("::")[0] for word in words if not word.startswith("-"))
    return any((project.ROOT / word).exists() for word in named)


def all_paths() -> list[str]:
    """Each addon's tests, its doctested computations, and what spans addons."""
    addons = project.own_addons()
    paths = [f"{addon}/{part}" for addon in addons for part in ("tests", "compute")]
    return [path for path in [*paths, "tests"] if (project.ROOT / path).is_dir()]


def environ(context: Context) -> dict[str, str]:
    settings = context.environ
    paths = [str(INSIDE), settings["PYTHONPATH"]]
    setup = str(Path(__file__).parent.parent)
    return {**settings, "PYTHONPATH": os.pathsep.join([*paths, setup])}
