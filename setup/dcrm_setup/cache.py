"""The folder where everything provisioned lives, and its rules.

What is complete carries a stamp; what has none is half-finished and is made
again. A lock beside each thing keeps two runs from making it at once.
"""

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import SetupError
from .progress import progress

STAMP = ".complete"


def default_root() -> Path:
    """$DCRM_CACHE, else the user's cache folder."""
    named = os.environ.get("DCRM_CACHE")
    if named:
        return Path(named).expanduser().absolute()
    base = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    return Path(base).absolute() / "dcrm"


class Cache:
    """A folder with parts that are either complete or not there."""

    def __init__(self, root: Path):
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SetupError(
                f"The cache folder {root} cannot be made ({error.strerror}): "
                "set DCRM_CACHE to a folder you may write to."
            ) from error
        if not os.access(root, os.W_OK | os.X_OK):
            raise SetupError(
                f"The cache folder {root} is not yours to write to: "
                "set DCRM_CACHE to one that is."
            )
        self.root = root.resolve()

    def path(self, *parts: str) -> Path:
        return self.root.joinpath(*parts)

    def log(self, name: str) -> Path:
        return self.path("logs", f"{name}.log")

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold ``name`` alone; says so while it waits for another run."""
        path = self.path("locks", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as handle:
            _take(handle, name)
            yield

    @contextmanager
    def making(self, target: Path) -> Iterator[Path]:
        """A folder to fill that becomes ``target``, stamped, when all went well.

        Each has a name of its own: programs of a killed run may be filling theirs yet.
        """
        for left in target.parent.glob(f"{target.name}.draft*"):
            remove(left)
        draft = target.with_name(f"{target.name}.draft-{os.getpid()}")
        draft.mkdir(parents=True)
        yield draft
        stamp(draft)
        remove(target)
        draft.rename(target)


def _take(handle, name: str):
    flags = fcntl.LOCK_EX | fcntl.LOCK_NB
    try:
        fcntl.flock(handle, flags)
        return
    except BlockingIOError:
        pass
    with progress.step(f"Waiting for another run that is making '{name}'"):
        while True:
            try:
                fcntl.flock(handle, flags)
                return
            except BlockingIOError:
                time.sleep(0.3)


def stamp(folder: Path, text: str = ""):
    """Mark a folder as complete."""
    (folder / STAMP).write_text(text)


def is_complete(folder: Path) -> bool:
    return (folder / STAMP).is_file()


def remove(path: Path):
    """Remove a folder or file if it is there."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path, ignore_errors=True)


def need_space(folder: Path, megabytes: int, what: str):
    """Raise SetupError unless ``folder``'s disk has room."""
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < megabytes:
        raise SetupError(
            f"{what} needs {megabytes} MB in {folder} and only {free} MB are free: "
            "make room, or set DCRM_CACHE to a folder on another disk."
        )


def digest(parts: Iterable[str | bytes], length: int = 12) -> str:
    """A short key made from ``parts``; their order and borders count."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()[:length]


def forget_old(folder: Path, keep: int, pattern: str = "*"):
    """Remove all but the ``keep`` most recently stamped entries of ``folder``."""

    def used(entry: Path) -> float:
        mark = entry / STAMP
        return (mark if mark.exists() else entry).stat().st_mtime

    entries = sorted(folder.glob(pattern), key=used, reverse=True)
    for entry in entries[keep:]:
        remove(entry)
