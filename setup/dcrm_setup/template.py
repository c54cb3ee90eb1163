"""Template databases: installed once, copied in a second.

Two layers, so that a change in this checkout's addons costs their installation
alone: the host's addons below, this checkout's on top. Each template's name
holds a key of all that it was made from.
"""

import os
import re
import time
from collections.abc import Iterable

from . import cache as caches
from . import project
from .context import Context
from .database import OURS
from .errors import SetupError
from .process import logged
from .progress import progress

KEPT = 8
DAY = 86400
LOADING = re.compile(r"Loading module (\w+) \((\d+)/(\d+)\)")


def ensure(context: Context, addons: Iterable[str], demo: bool = False) -> str:
    """The name of a template with ``addons`` and what they need installed."""
    project.need_addons(addons, context.host)
    own, hosts = project.closure(addons)
    below = "template0"
    for part in host_layers(hosts):
        below = layer(context, below, part, [], demo)
    return layer(context, below, own, own, demo) if own else below


def host_layers(hosts: list[str]) -> list[list[str]]:
    """The host's addons in one layer, or what is usual below and the rest on top."""
    usual = project.closure([*project.own_addons(), *project.HOST_ADDONS])[1]
    rest = [name for name in hosts if name not in usual]
    return [usual, rest] if rest and set(usual) < set(hosts) else [hosts]


def layer(
    context: Context, below: str, addons: list[str], own: list[str], demo: bool
) -> str:
    """A template made from the one ``below`` by installing ``addons``."""
    key = caches.digest(
        [
            below,
            context.host.key,
            context.environment.key,
            context.databases.version(),
            str(demo),
            *addons,
            project.fingerprint(own),
        ]
    )
    name = f"{OURS}template-{key}"
    with context.cache.lock(name):
        if name not in context.databases.notes():
            make(context, below, name, addons, demo)
        context.databases.note(name, kind="template", used=time.time(), addons=addons)
    return name


def make(context: Context, below: str, name: str, addons: list[str], demo: bool):
    """Install into a draft; it gets the template's name when it is whole."""
    clean(context)
    databases = context.databases
    draft = f"{OURS}draft-{name[-8:]}-{os.getpid()}"
    databases.drop(draft)
    databases.create(draft, below)
    databases.note(draft, kind="draft", **this_process())
    try:
        install(context, draft, addons, demo)
        databases.rename(draft, name)
    except BaseException:
        databases.drop(draft)
        raise


def install(context: Context, name: str, addons: Iterable[str], demo: bool = False):
    """Install addons into a database; raises SetupError with the host's reason."""
    run_host(context, name, ["--init", ",".join(addons) or "base"], addons, demo)


def upgrade(context: Context, name: str, addons: Iterable[str]):
    """Bring a database's addons up to this checkout's state, new ones included."""
    installed = context.databases.installed(name)
    words = ["--update", ",".join(installed.intersection(addons))]
    new = set(addons) - installed
    words += ["--init", ",".join(new)] if new else []
    run_host(context, name, words, addons)


def run_host(
    context: Context,
    name: str,
    words: list[str],
    addons: Iterable[str],
    demo: bool = False,
):
    command = context.odoo_command("--database", name, *words, "--stop-after-init")
    command += ["--no-http", "--max-cron-threads=0", "--log-level=info"]
    command += ["--with-demo"] if demo else []
    log = context.cache.log(f"install-{name}")
    label = ", ".join(addons) or "base"
    label = label if len(label) < 60 else label[:57] + "..."
    with progress.step(f"Installing {label}") as step:

        def follow(line: str):
            found = LOADING.search(line)
            if found:
                step.detail = "{} ({} of {})".format(*found.groups())

        logged(command, log, "Installing", follow, env=context.environ)
    missing = set(addons) - context.databases.installed(name)
    if missing:
        raise SetupError(f"{', '.join(sorted(missing))} did not install (see {log}).")
    log.unlink(missing_ok=True)


def clean(context: Context):
    """Drop what earlier runs left: drafts, test databases, templates long unused."""
    notes = context.databases.notes()
    for name, facts in notes.items():
        if facts.get("kind") in ("draft", "test") and is_left(facts):
            context.databases.drop(name)
    templates = {n: f for n, f in notes.items() if f.get("kind") == "template"}
    by_use = sorted(templates, key=lambda n: templates[n].get("used", 0))
    for name in by_use[:-KEPT]:
        if time.time() - templates[name].get("used", 0) > 600:
            context.databases.drop(name)


def is_left(facts: dict) -> bool:
    """Whether the process that made a database is gone (or has been for ages)."""
    if time.time() - facts.get("at", 0) > DAY:
        return True
    return facts.get("host") in (None, os.uname().nodename) and not alive(facts["pid"])


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def this_process() -> dict:
    """What tells later runs whether this one is still at work."""
    return {"pid": os.getpid(), "host": os.uname().nodename}
