"""Run the tests with pytest-odoo, each time on a fresh copy of a template database."""

import os
import secrets
from pathlib import Path

from . import browser, process, project, template
from .context import INSIDE, Context
from .progress import progress

# Options of pytest's whose value stands apart and could be taken for a path.
TAKE_A_VALUE = {"-k", "-m", "-p", "-c", "-o", "-W", "-r", "--maxfail", "--durations"}

# Tests that need more of the host than the others have, so that these run without it:
# how their files' names end, and the addons. All of them have a run of their own, in
# which none may be skipped.
MORE_OF_THE_HOST = {
    "crm": ("crm",),
    "livechat": ("im_livechat",),
    "mailing": ("mass_mailing",),
    "pos": ("point_of_sale", "pos_sale"),
    "shop": ("website_sale",),
    "stock": ("sale_stock",),
    "website": ("website_crm",),
}

NO_TESTS = 5  # pytest's exit code for having found nothing to run


def run(context: Context, words: list[str], extra: list[str]) -> int:
    """Run pytest with ``words``; returns its exit code."""
    context.prepare(browser.add_all)
    addons, files = more_of_the_host()
    elsewhere = [f"--ignore={file}" for file in files]
    named = named_paths(words)
    if extra or named:
        needed = [*extra, *more_needed(named)]
        return run_once(context, [*words, *([] if extra else elsewhere)], needed)
    first = 0
    if files:
        progress.say(f"Tests with {', '.join(addons)} installed:")
        first = run_once(context, [*words, *files], addons, skips=False)
    progress.say("All tests:")
    last = run_once(context, [*words, *elsewhere, *all_paths()], [])
    return last or (0 if first == NO_TESTS else first)


def more_of_the_host() -> tuple[list[str], list[str]]:
    """The addons that some tests need beside the usual ones, and those tests."""
    addons, files = [], []
    for word, needed in MORE_OF_THE_HOST.items():
        found = sorted(map(str, project.ROOT.glob(f"dcrm_*/tests/test_*_{word}.py")))
        files += found
        addons += needed if found else ()
    return addons, files


def more_needed(named: list[Path]) -> list[str]:
    """The addons that the tests need which are called by their files' names."""
    return [
        addon
        for word, needed in MORE_OF_THE_HOST.items()
        if any(path.stem.endswith(f"_{word}") for path in named)
        for addon in needed
    ]


def run_once(context: Context, words: list[str], extra, skips: bool = True) -> int:
    """One run of pytest on a database with ``extra`` addons of the host's, too."""
    made = template.ensure(context, test_addons(extra))
    name = f"dcrm-test-{os.getpid()}-{secrets.token_hex(3)}"
    with progress.step("Copying the template database"):
        context.databases.create(name, made)
        context.databases.note(name, kind="test", **template.this_process())
    try:
        command = pytest_command(context, name, words)
        settings = environ(context) | {"DCRM_TEST_HOST_TEMPLATE": below(context, extra)}
        settings |= {} if skips else {"DCRM_NO_SKIPS": "1"}
        return process.foreground(command, env=settings, cwd=project.ROOT)
    finally:
        context.databases.drop(name)


def below(context: Context, extra: list[str]) -> str:
    """The template that has the host's addons alone: for tests of installation."""
    _own, hosts = project.closure(test_addons(extra))
    return template.ensure(context, hosts)


def test_addons(extra: list[str]) -> list[str]:
    own = [*project.own_addons(), *project.test_addons()]
    return [*own, *project.HOST_ADDONS, *extra]


def pytest_command(context: Context, name: str, words: list[str]) -> list[str]:
    command = [context.environment.python, "-m", "pytest", "-p", "pytest_dcrm"]
    command += ["--odoo-config", str(context.conf), "--odoo-database", name]
    return [*command, "--odoo-http", "--rootdir", str(project.ROOT), *words]


def named_paths(words: list[str]) -> list[Path]:
    """What pytest's arguments name to be run."""
    values = {i + 1 for i, word in enumerate(words) if word in TAKE_A_VALUE}
    free = [word for i, word in enumerate(words) if i not in values]
    named = [word.split("::")[0] for word in free if not word.startswith("-")]
    paths = [project.ROOT / word for word in named]
    return [path for path in paths if path.exists()]


def all_paths() -> list[str]:
    """Each addon's tests, and what spans addons."""
    paths = [*(f"{addon}/tests" for addon in project.own_addons()), "tests"]
    return [path for path in paths if (project.ROOT / path).is_dir()]


def environ(context: Context) -> dict[str, str]:
    settings = context.environ
    paths = [str(INSIDE), settings["PYTHONPATH"]]
    setup = str(Path(__file__).parent.parent)
    return {**settings, "PYTHONPATH": os.pathsep.join([*paths, setup])}
