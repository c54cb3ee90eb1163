"""What each subcommand does; the doing is in the other modules."""

import os
from argparse import Namespace
from pathlib import Path

from . import browser, process, project, template, testing
from . import cluster as clusters
from . import demo as demos
from . import lint as linting
from . import serve as serving
from .context import INSIDE, Context
from .database import need_name
from .errors import SetupError
from .progress import progress


def demo(context: Context, options: Namespace) -> int:
    return demos.run(context, options)


def test(context: Context, options: Namespace) -> int:
    return testing.run(context, options.words, names(options.addons))


def db(context: Context, options: Namespace) -> int:
    need_name(options.name)
    context.prepare()
    if options.name in context.databases.notes() and not options.force:
        raise SetupError(
            f"There is a database named '{options.name}' already: "
            "--force makes it anew (what is in it is lost)."
        )
    addons = names(options.addons) or default_addons()
    made = template.ensure(context, addons, options.demo)
    with progress.step(f"Creating the database {options.name}"):
        context.databases.drop(options.name)
        context.databases.create(options.name, made)
        context.databases.note(options.name, kind="user", addons=addons)
    progress.say(f"Database '{options.name}' is ready.")
    return 0


def shell(context: Context, options: Namespace) -> int:
    path = Path(options.file).absolute() if options.file else None
    if path and not path.is_file():
        raise SetupError(f"There is no file {options.file}.")
    context.prepare()
    context.databases.need(options.db)
    if path:
        return run_file(context, options.db, path, options.words)
    words = ["shell", "--database", options.db, "--no-http", "--max-cron-threads=0"]
    command = context.odoo_command(*words)
    return process.foreground(command, env=context.environ)


def run_file(context: Context, name: str, path: Path, words: list[str]) -> int:
    """Run a Python file with ``env`` in scope; returns its exit code."""
    command = context.file_command(name, path, words)
    return process.foreground(command, env=context.environ)


def serve(context: Context, options: Namespace) -> int:
    serving.need_port(options.port)
    context.prepare(browser.add_printer)
    context.databases.need(options.db)
    return serving.serve(context, options.db, options.port, options.workers)


def stop(context: Context, options: Namespace) -> int:
    stopped = serving.stop_servers(context)
    if not options.db_url and clusters.Cluster(context.cache).stop():
        stopped.append("the private database server")
    progress.say(
        f"Stopped {', '.join(stopped)}." if stopped else "Nothing was running."
    )
    return 0


def lint(context: Context, options: Namespace) -> int:
    return linting.run(context, options.fix)


def bench(context: Context, options: Namespace) -> int:
    """Run ``setup/bench/NAME.py`` in a database of its own."""
    folder = project.ROOT / "setup" / "bench"
    known = sorted(path.stem for path in folder.glob("[a-z]*.py"))
    if not options.name:
        print("\n".join(known))
        return 0
    if options.name not in known:
        raise SetupError(
            f"There is no benchmark '{options.name}'. There are: {', '.join(known)}."
        )
    path = folder / f"{options.name}.py"
    return run_in_passing(context, f"bench-{options.name}", path, options.words)


def i18n(context: Context, options: Namespace) -> int:
    """Write the addons' ``i18n/`` from what a database with all of them says."""
    addons = names(options.addons) or project.own_addons()
    unknown = set(addons) - {*project.own_addons()}
    if unknown:
        raise SetupError(f"There is no addon '{min(unknown)}' in this checkout.")
    words = [f"--languages={language}" for language in names(options.languages)]
    path = INSIDE / "translations.py"
    return run_in_passing(context, "i18n", path, [*words, *addons])


def run_in_passing(context: Context, label: str, path: Path, words: list[str]) -> int:
    """Run a Python file on a database that is made for it and dropped after it."""
    context.prepare()
    made = template.ensure(context, default_addons())
    name = f"dcrm-{label}-{os.getpid()}"
    template.clean(context)
    context.databases.create(name, made)
    context.databases.note(name, kind="test", **template.this_process())
    try:
        return run_file(context, name, path, words)
    finally:
        context.databases.drop(name)


def audit(context: Context, options: Namespace) -> int:
    context.prepare()
    context.databases.need(options.db)
    if "dcrm_analytics" not in context.databases.installed(options.db):
        raise SetupError(f"dcrm_analytics is not installed in '{options.db}'.")
    return run_file(context, options.db, INSIDE / "audit.py", [])


def names(text: str | None) -> list[str]:
    """The addons' names in ``A,B``."""
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def default_addons() -> list[str]:
    """This checkout's addons and what a company that sells has beside them."""
    return [*project.own_addons(), *project.HOST_ADDONS]
