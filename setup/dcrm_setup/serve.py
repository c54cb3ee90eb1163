"""Serve a database in the foreground, and stop what was started."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from .context import Context
from .errors import SetupError
from .process import end, reason_in, tied
from .progress import progress

PORT = 8069
ANSWER_SECONDS = 180


def need_port(port: int, interface: str = "127.0.0.1"):
    """Raise SetupError unless the port can be listened on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((interface, port))
        except PermissionError:
            raise SetupError(
                f"Port {port} may not be used by an ordinary user: "
                "choose one above 1023 with --port."
            ) from None
        except OverflowError:
            raise SetupError(f"{port} is no port: choose one below 65536.") from None
        except OSError as error:
            raise SetupError(
                f"Port {port} is taken by another program ({error.strerror}): choose "
                "another with --port, or './setup/dcrm stop' if it is an earlier run."
            ) from None


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(context: Context, name: str, port: int, workers: int = 0, login: str = ""):
    """Serve until interrupted; says where once the server answers."""
    need_port(port)
    words = ["--database", name, "--db-filter", f"^{name}$", "--http-port", str(port)]
    words += ["--workers", str(workers), "--gevent-port", str(free_port())]
    log = context.cache.log(f"serve-{port}")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as sink:
        child = subprocess.Popen(
            [*context.odoo_command(*words), "--log-level=info"],
            stdout=sink,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=context.environ,
            start_new_session=True,  # one Ctrl-C is one request to end, made below
            preexec_fn=tied(),
        )
        record = remember(context, child.pid, name, port)
        try:
            wait_for_answer(child, port, log)
            announce(name, port, login, log)
            return ended(child, log)
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            with progress.step("Stopping the server"):
                end(child, 15)
            record.unlink(missing_ok=True)


def announce(name: str, port: int, login: str, log: Path):
    print(f"\nServing database '{name}' at http://localhost:{port}/odoo")
    if login:
        print(login)
    print(f"Log: {log}\nCtrl-C stops it.", flush=True)


def ended(child: subprocess.Popen, log: Path) -> int:
    """Wait for the server; returns the exit code for having been stopped."""
    try:
        code = child.wait()
    except KeyboardInterrupt:
        return 0
    if code and code not in (-signal.SIGTERM, -signal.SIGINT):
        raise SetupError(f"The server ended: {reason_in(log, code)} (see {log})")
    return 0


def wait_for_answer(child: subprocess.Popen, port: int, log: Path):
    """Return when the server answers; raise SetupError when it never will."""
    until = time.monotonic() + ANSWER_SECONDS
    with progress.step("Starting the server"):
        while time.monotonic() < until:
            code = child.poll()
            if code is not None:
                raise SetupError(
                    f"The server did not start: {reason_in(log, code)} (see {log})"
                )
            if answers(port):
                return
            time.sleep(0.2)
    raise SetupError(f"The server has not answered in {ANSWER_SECONDS} s (see {log}).")


def answers(port: int) -> bool:
    url = f"http://127.0.0.1:{port}/web/login"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=60) as reply:
            return reply.status == 200
    except (OSError, urllib.error.URLError):
        return False


def remember(context: Context, pid: int, name: str, port: int) -> Path:
    """Note the server, so that ``stop`` finds it and knows it again."""
    record = context.cache.path("run", f"{port}.json")
    record.parent.mkdir(parents=True, exist_ok=True)
    facts = {"pid": pid, "began": began(pid), "database": name, "port": port}
    record.write_text(json.dumps(facts))
    return record


def began(pid: int) -> str | None:
    """When a process started, in clock ticks: tells it from a later one's pid."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None


def stop_servers(context: Context) -> list[str]:
    """Stop the servers that were started here; returns what was stopped."""
    stopped = []
    for record in sorted(context.cache.path("run").glob("*.json")):
        try:
            facts = json.loads(record.read_text())
        except ValueError:
            facts = {}
        pid = facts.get("pid")
        if pid and facts["began"] and began(pid) == facts["began"]:
            with progress.step(f"Stopping the server on port {facts['port']}"):
                end_process(pid, facts["began"])
            stopped.append(f"the server of '{facts['database']}' on {facts['port']}")
        record.unlink(missing_ok=True)
    return stopped


def end_process(pid: int, ticks: str, seconds: float = 15):
    """End a process by its id, surely, and only while it is still the same."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        except PermissionError:
            raise SetupError(
                f"The server (process {pid}) is another user's: stop it as that user."
            ) from None
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if began(pid) != ticks:
                return
            time.sleep(0.1)
