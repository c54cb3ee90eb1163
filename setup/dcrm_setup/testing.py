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
MOST_PROCESSES = 4  # each wants a gigabyte and a browser
BY_FILE = ("--dist", "loadfile", "--no-loadscope-reorder")


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
    # What is asked of pytest may need one process: a debugger, a stop at the first.
    parts = 1 if words else min(os.cpu_count() or 1, MOST_PROCESSES)
    last = run_once(context, [*words, *elsewhere, *all_paths()], [], parts=parts)
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


def run_once(
    context: Context, words: list[str], extra, skips: bool = True, parts: int = 1
) -> int:
    """One run of pytest, in ``parts`` processes, with ``extra`` addons of the host's.

    Each process has a database of its own; a file's tests are run by one of them.
    """
    made = template.ensure(context, test_addons(extra))
    name = f"dcrm-test-{os.getpid()}-{secrets.token_hex(3)}"
    copies = [name] if parts == 1 else [f"{name}-gw{part}" for part in range(parts)]
    with progress.step("Copying the template database"):
        for copy in copies:
            context.databases.create(copy, made)
            context.databases.note(copy, kind="test", **template.this_process())
    try:
        command = pytest_command(context, name, words)
        command += [] if parts == 1 else ["-n", str(parts), *BY_FILE]
        settings = environ(context) | {"DCRM_TEST_HOST_TEMPLATE": below(context, extra)}
        settings |= {} if skips else {"DCRM_NO_SKIPS": "1"}
        return process.foreground(command, env=settings, cwd=project.ROOT)
    finally:
        for copy in copies:
            context.databases.drop(copy)


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
    """What spans addons, which takes longest and should not come last, and theirs."""
    paths = ["tests", *(f"{addon}/tests" for addon in project.own_addons())]
    return [path for path in paths if (project.ROOT / path).is_dir()]


def environ(context: Context) -> dict[str, str]:
    settings = context.environ
    paths = [str(INSIDE), settings["PYTHONPATH"]]
    setup = str(Path(__file__).parent.parent)
    return {**settings, "PYTHONPATH": os.pathsep.join([*paths, setup])}
