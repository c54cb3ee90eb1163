"""Ports that are taken, servers that are ours, and programs that fail."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from dcrm_setup import process, serve
from dcrm_setup.context import Context
from dcrm_setup.errors import SetupError
from setup_support import ROOT


@pytest.fixture
def context(cache, monkeypatch):
    monkeypatch.setenv("DCRM_CACHE", str(cache.root))
    return Context()


@pytest.fixture
def sleeper():
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    with process.started(command) as child:
        yield child


def test_a_taken_port_is_said():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SetupError, match=f"Port {port} is taken"):
            serve.need_port(port)


def test_a_free_port_is_free():
    serve.need_port(serve.free_port())


def test_no_port_is_that_high():
    with pytest.raises(SetupError, match="no port"):
        serve.need_port(70_000)


def test_a_server_of_ours_is_stopped(context, sleeper):
    record = serve.remember(context, sleeper.pid, "demo", 8069)
    assert serve.began(sleeper.pid)
    signal.signal(signal.SIGCHLD, lambda *_: sleeper.poll())
    try:
        stopped = serve.stop_servers(context)
    finally:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    assert stopped == ["the server of 'demo' on 8069"]
    assert sleeper.wait(5) == -signal.SIGTERM
    assert not record.exists()


def test_a_later_process_of_the_same_id_is_left_alone(context, sleeper):
    record = serve.remember(context, sleeper.pid, "demo", 8069)
    record.write_text(record.read_text().replace(serve.began(sleeper.pid), "1"))
    assert serve.stop_servers(context) == []
    assert sleeper.poll() is None
    assert not record.exists()


def test_a_broken_record_is_cleared(context):
    folder = context.cache.path("run")
    folder.mkdir()
    (folder / "8069.json").write_text("{")
    assert serve.stop_servers(context) == []
    assert not list(folder.iterdir())


def test_a_failed_programs_reason_is_told(tmp_path):
    code = "print('fine'); print('ERROR: it broke'); print('bye'); raise SystemExit(3)"
    log = tmp_path / "log"
    with pytest.raises(SetupError, match="Trying failed: ERROR: it broke .*log"):
        process.logged([sys.executable, "-c", code], log, "Trying")
    assert "bye" in log.read_text()


def test_a_killed_programs_reason_is_told(tmp_path):
    code = "import os; os.kill(os.getpid(), 9)"
    with pytest.raises(SetupError, match="SIGKILL"):
        process.logged([sys.executable, "-c", code], tmp_path / "log", "Trying")


def test_a_program_that_is_not_there_is_told():
    with pytest.raises(SetupError, match="Asking failed"):
        process.captured(["/no/such/program"], "Asking")


def test_no_program_outlives_its_block():
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    with pytest.raises(KeyboardInterrupt), process.started(command) as child:
        raise KeyboardInterrupt
    assert isinstance(child, subprocess.Popen) and child.poll() is not None


def test_what_was_started_is_killed_with_its_starter():
    """Else a run that is killed would go on beside the one that begins anew."""
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    code = "from dcrm_setup import process\n"
    code += f"with process.started({sleep}) as child:\n"
    code += "    print(child.pid, flush=True); child.wait()"
    path = {"PYTHONPATH": str(ROOT / "setup")}
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=path) as starter:
        child = int(starter.stdout.readline())
        ticks = serve.began(child)
        starter.kill()
    until = time.monotonic() + 10
    while state(child, ticks) not in (None, "Z") and time.monotonic() < until:
        time.sleep(0.05)
    assert state(child, ticks) in (None, "Z")


def state(pid, ticks):
    """How a process is, ``Z`` for one that only waits to be noticed; None if gone."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return words[0] if ticks and words[19] == ticks else None
