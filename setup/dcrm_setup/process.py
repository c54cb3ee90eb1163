"""Run other programs: their output to a log, their last words into the error."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from .errors import SetupError

_running: set[subprocess.Popen] = set()
_guard = threading.Lock()
TAIL_BYTES = 20_000
_libc = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1  # of <sys/prctl.h>


def tied() -> Callable[[], None]:
    """What a child does first so that a SIGKILL of this process ends it, too.

    Else it would go on with what the next run begins anew. What it starts itself is
    not tied: PostgreSQL's server outlives its starter.
    """
    return partial(_tie, os.getpid())


def _tie(parent: int):
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)  # it was killed just now


@contextmanager
def started(command: Sequence[str], **options):
    """Start a program and be sure that it does not outlive the block."""
    words = [str(word) for word in command]
    child = subprocess.Popen(words, preexec_fn=tied(), **options)
    with _guard:
        _running.add(child)
    try:
        yield child
    finally:
        with _guard:
            _running.discard(child)
        if child.poll() is None:
            end(child)


def end(child: subprocess.Popen, seconds: float = 10):
    """Ask a program to end, then make it."""
    child.terminate()
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def foreground(command: Sequence[str], **options) -> int:
    """Run a program that has the terminal to itself; returns its exit code.

    Ctrl-C reaches it from the terminal, so here it is only waited for; without a
    terminal it is handed on.
    """
    with started(command, **options) as child:

        def hand_on(number, _frame):
            if not sys.stdin.isatty():
                child.send_signal(number)

        before = signal.signal(signal.SIGINT, hand_on)
        try:
            code = child.wait()
        finally:
            signal.signal(signal.SIGINT, before)
    return code if code >= 0 else 128 - code


def end_all():
    """End every program still running here; for an interrupted run."""
    with _guard:
        children = list(_running)
    for child in children:
        if child.poll() is None:
            end(child)


def logged(
    command: Sequence[str],
    log: Path,
    what: str,
    follow: Callable[[str], None] | None = None,
    **options,
):
    """Run ``command`` with all its output in ``log``; ``follow`` sees each line.

    Raises SetupError with the output's last telling line when it fails.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    options.setdefault("stdin", subprocess.DEVNULL)
    with (
        log.open("w", encoding="utf-8", errors="replace") as sink,
        started(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            **options,
        ) as child,
    ):
        for line in child.stdout:
            sink.write(line)
            if follow:
                follow(line.rstrip())
        code = child.wait()
    if code:
        raise SetupError(f"{what} failed: {reason_in(log, code)} (all of it: {log})")


def captured(command: Sequence[str], what: str, **options) -> str:
    """Run a short command; returns its standard output."""
    options.setdefault("stdin", subprocess.DEVNULL)
    try:
        done = subprocess.run(
            [str(word) for word in command],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            preexec_fn=tied(),
            **options,
        )
    except OSError as error:
        raise SetupError(f"{what} failed: {error}") from error
    if done.returncode:
        words = telling_line(done.stderr.splitlines()) or f"exit {done.returncode}"
        raise SetupError(f"{what} failed: {words}")
    return done.stdout


def reason_in(log: Path, code: int) -> str:
    """The most telling of a failed program's last lines."""
    if code < 0:
        return f"it was ended by {signal.Signals(-code).name}"
    with log.open("rb") as source:
        source.seek(0, os.SEEK_END)
        source.seek(max(0, source.tell() - TAIL_BYTES))
        lines = source.read().decode("utf-8", "replace").splitlines()
    return telling_line(lines) or f"exit {code}"


def telling_line(lines: Sequence[str]) -> str:
    """The last line that names an error, else the last that is not empty."""
    filled = [line.strip() for line in lines if line.strip()]
    telling = [
        line
        for line in filled
        if line.startswith(("E: ", "ERROR", "FATAL", "error:"))
        or "Error: " in line
        or "ERROR " in line
        or "CRITICAL " in line
        or "FATAL: " in line
    ]
    return (telling or filled or [""])[-1][:300]
