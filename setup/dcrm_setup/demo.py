"""The demonstration: a database with a company's purchases, scored and served."""

import hashlib
import os
from argparse import Namespace
from pathlib import Path

from . import browser, project, template
from . import serve as serving
from .context import INSIDE, Context
from .database import OURS
from .errors import SetupError
from .process import logged
from .progress import progress

NAME = "demo"
DRAFT = f"{OURS}demo"
MAKERS = project.ROOT / "setup" / "demo_company"
LOGIN = "Log in as admin with the password admin."


def run(context: Context, options: Namespace) -> int:
    """Make the demo database unless it is there, bring it up to date, serve it."""
    history = history_file(options.history)
    if not options.no_serve:
        serving.need_port(options.port)
    context.prepare(browser.add_printer)
    wanted = digest_of(history)
    with context.cache.lock("demo"):
        if options.force:
            context.databases.drop(DRAFT)
        if options.force or not is_made(context, wanted):
            make(context, history, wanted)
        else:
            refresh(context, history)
    if options.no_serve:
        progress.say(f"Database '{NAME}' is ready: ./setup/dcrm serve --db {NAME}")
        return 0
    return serving.serve(context, NAME, options.port, login=LOGIN)


def history_file(text: str | None) -> Path | None:
    """The history's path; raises SetupError where there is no such file."""
    if not text:
        return None
    path = Path(text).expanduser().absolute()
    if not path.is_file():
        raise SetupError(f"There is no file {text}: --history takes a CSV file's path.")
    if not os.access(path, os.R_OK):
        raise SetupError(f"The file {text} may not be read by this user.")
    return path


def digest_of(history: Path | None) -> str:
    """What tells one history from another; empty for the generated company."""
    if not history:
        return ""
    with history.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def is_made(context: Context, history: str) -> bool:
    """Whether the database is there, made of this history and not another."""
    notes = context.databases.notes()
    if NAME not in notes:
        return False
    if notes[NAME].get("kind") != "demo":
        raise SetupError(
            f"There is a database named '{NAME}' that this command did not make: "
            "--force replaces it (what is in it is lost)."
        )
    return notes[NAME].get("history") == history


def make(context: Context, history: Path | None, wanted: str):
    """Make the database under another name first, so that it is whole or not there.

    An interrupted run leaves that draft, and the next one goes on with it.
    """
    own = project.own_addons()
    made = template.ensure(context, [*own, *project.HOST_ADDONS])
    databases = context.databases
    facts = {"kind": "demo-draft", "history": wanted, "template": made}
    found = databases.notes().get(DRAFT, {})
    if {**found, **facts} != found:
        databases.drop(DRAFT)
        databases.create(DRAFT, made)
        databases.note(DRAFT, **facts)
    fill(context, DRAFT, history)
    databases.drop(NAME)
    databases.rename(DRAFT, NAME)
    code = project.fingerprint(own)
    databases.note(NAME, kind="demo", history=wanted, code=code)


def fill(context: Context, name: str, history: Path | None):
    """Give the database its company, and the browser's bundles."""
    if history:
        told(context, name, MAKERS / "history.py", [str(history)], "Scoring the file")
    else:
        told(context, name, MAKERS / "build.py", [], "Making a company with customers")
    told(context, name, INSIDE / "bundles.py", [], "Preparing the screens")


def told(context: Context, name: str, path: Path, words: list[str], what: str):
    """Run a file in the database; what it says is shown as its progress."""
    command = context.file_command(name, path, words)
    log = context.cache.log(f"demo-{path.stem}")
    with progress.step(what) as step:

        def follow(line: str):
            step.detail = line[:80]

        logged(command, log, what, follow, env=context.environ)


def refresh(context: Context, history: Path | None):
    """Bring a database that was made with an earlier checkout up to this one."""
    own = project.own_addons()
    code = project.fingerprint(own)
    facts = context.databases.notes()[NAME]
    if facts.get("code") == code:
        return
    template.upgrade(context, NAME, own)
    if not history:  # the company's later stages, where there are any
        fill(context, NAME, None)
    context.databases.note(NAME, **{**facts, "code": code})
