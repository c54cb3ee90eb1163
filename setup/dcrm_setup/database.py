"""Databases of the server, each with its folder of attachments."""

import json
import os
import re
import subprocess
import time
from pathlib import Path

from . import cache as caches
from .cluster import Server
from .errors import SetupError

SCRIPT = Path(__file__).parent / "inside" / "databases.py"
NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}")
RESERVED = ("postgres", "template0", "template1")
OURS = "dcrm-"  # templates and drafts; no user's database may be called so


class Databases:
    """Create, copy and drop; what is known of a database is noted with it."""

    def __init__(self, python: str, server: Server, data: Path):
        self.python = python
        self.server = server
        self.filestore = data / "filestore"

    def run(self, action: str, *words: str):
        """One action of ``inside/databases.py``; raises SetupError with its reason."""
        done = subprocess.run(
            [self.python, str(SCRIPT), action, *words],
            capture_output=True,
            text=True,
            env=self.server.environ,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise SetupError(f"The database server says: {reason}")
        return json.loads(done.stdout)

    def version(self) -> str:
        return str(self.run("version"))

    def notes(self) -> dict[str, dict]:
        """Each database's name and what was noted with it."""
        return {name: parsed(text) for name, text in self.run("listed")}

    def note(self, name: str, **facts):
        self.run("note", name, json.dumps({"dcrm": 1, "at": time.time(), **facts}))

    def installed(self, name: str) -> set[str]:
        return set(self.run("installed", name))

    def create(self, name: str, template: str = "template0"):
        """A database like ``template``, attachments included."""
        self.run("create", name, template)
        caches.remove(self.filestore / name)
        link_tree(self.filestore / template, self.filestore / name)

    def drop(self, name: str):
        self.run("drop", name)
        caches.remove(self.filestore / name)

    def rename(self, old: str, new: str):
        self.run("rename", old, new)
        if (self.filestore / old).exists():
            caches.remove(self.filestore / new)
            (self.filestore / old).rename(self.filestore / new)

    def need(self, name: str):
        """Raise SetupError unless there is a database of that name."""
        notes = self.notes()
        known = [n for n in notes if n not in RESERVED and not n.startswith(OURS)]
        if name not in known:
            more = ", …" if len(known) > 8 else ""
            others = f" There are: {', '.join(known[:8])}{more}." if known else ""
            raise SetupError(
                f"There is no database named '{name}': "
                f"'./setup/dcrm db {name}' makes it.{others}"
            )


def parsed(note: str | None) -> dict:
    try:
        facts = json.loads(note or "{}")
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def need_name(name: str):
    """Raise SetupError for a name that the host or the server would not take."""
    if not NAME.fullmatch(name) or name in RESERVED or name.startswith(OURS):
        raise SetupError(
            f"'{name}' cannot be a database's name: use letters, digits, '_', '.' and "
            f"'-', begin with a letter or digit, at most 63, not with '{OURS}'."
        )


def link_tree(source: Path, target: Path):
    """Copy a folder by hard links: the host never changes an attachment's file."""
    for folder, _folders, names in os.walk(source):
        into = target / Path(folder).relative_to(source)
        into.mkdir(parents=True, exist_ok=True)
        for name in names:
            os.link(Path(folder) / name, into / name)
