"""The database server: a private PostgreSQL cluster on a Unix socket.

It listens on no port and is never the machine's own. A process that is killed
loses no committed work; as it does not wait for the disk (``fsync`` is off), a
power cut may. It is for trying out and for tests: a company's data belongs to
a server of its own (``--db-url``).
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from . import cache as caches
from . import postgresql
from .cache import Cache
from .environment import Environment
from .errors import SetupError
from .postgresql import Binaries
from .process import captured
from .progress import progress

ROLE = "dcrm"
SOCKET = ".s.PGSQL.5432"
SOCKET_PATH_MAX = 107  # bytes, Linux's limit for a socket's whole path
MEGABYTES = 500
PATIENCE = 120  # seconds for a server to start or stop
FOR_ROOT = Path("/var/lib/dcrm")  # where a server that isn't root can go
BELONGS = "cache"  # a file there with the path of the cache that it belongs to


class Server:
    """Where databases are: what libpq has to be told, and the server's version."""

    def __init__(self, settings: dict[str, str], version: str):
        self.settings = settings
        self.version = version

    @property
    def environ(self) -> dict[str, str]:
        """This process's environment with libpq's variables set for the server."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        return {**clean, **self.settings}


def from_url(url: str) -> Server:
    """The server that ``postgresql://user:password@host:port/database`` names."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SetupError(f"--db-url: {error}") from error
    if parts.scheme not in ("postgresql", "postgres"):
        raise SetupError(
            "--db-url has to look like postgresql://user:password@host:5432/postgres"
        )
    query = dict(parse_qsl(parts.query))
    settings = {
        "PGHOST": query.get("host") or unquote(parts.hostname or ""),
        "PGPORT": query.get("port") or str(port or ""),
        "PGUSER": query.get("user") or unquote(parts.username or ""),
        "PGPASSWORD": query.get("password") or unquote(parts.password or ""),
        "PGSSLMODE": query.get("sslmode", ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")) or "postgres",
    }
    if settings["PGUSER"] == "postgres":
        raise SetupError(
            "Odoo refuses to work as the database user 'postgres': make a role that "
            "may create databases (createuser --createdb dcrm) and use it in --db-url."
        )
    return Server({k: v for k, v in settings.items() if v}, "")


class Owner:
    """The user that the server runs as: it refuses to be root."""

    def __init__(self):
        self.switch = {}
        if os.geteuid() != 0:
            self.uid, self.gid = os.geteuid(), os.getegid()
            return
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            self.uid, self.gid = entry.pw_uid, entry.pw_gid
            self.switch = {"user": self.uid, "group": self.gid, "extra_groups": []}
            return
        raise SetupError(
            "PostgreSQL refuses to run as root and there is no other user to run it "
            "as: run this as an ordinary user, or 'useradd --system postgres' first."
        )

    def reaches(self, folder: Path) -> bool:
        """Whether this user may pass through every parent of ``folder``."""
        for parent in folder.parents:
            try:
                facts = parent.stat()
            except FileNotFoundError:
                continue
            if facts.st_uid == self.uid:
                allowed = facts.st_mode & stat.S_IXUSR
            elif facts.st_gid == self.gid:
                allowed = facts.st_mode & stat.S_IXGRP
            else:
                allowed = facts.st_mode & stat.S_IXOTH
            if not allowed:
                return False
        return True

    def folder(self, path: Path) -> Path:
        """Make a folder that is this user's alone."""
        path.mkdir(parents=True, exist_ok=True)
        os.chown(path, self.uid, self.gid)
        path.chmod(0o700)
        return path


def home_of(cache: Cache, owner: Owner) -> Path:
    """Where the cluster is kept: the cache, or for root where its user can go."""
    inside = cache.path("cluster")
    return inside if owner.reaches(inside) else outside(cache)


def outside(cache: Cache) -> Path:
    """A folder of this very cache's: one made anew in its place has another."""
    mark = cache.path("cluster-id")
    if not mark.exists():
        mark.write_text(secrets.token_hex(4))
    return FOR_ROOT / mark.read_text()


def remove_orphans():
    """Stop and remove the clusters outside of caches that are gone."""
    for belongs in FOR_ROOT.glob(f"*/{BELONGS}"):
        home, mark = belongs.parent, Path(belongs.read_text()) / "cluster-id"
        if not mark.exists() or mark.read_text() != home.name:
            stop(home)
            caches.remove(home)


def socket_folder(home: Path, owner: Owner) -> Path:
    """A folder for the socket whose path is short enough for one."""
    folder = home / "socket"
    if len(os.fsencode(folder / SOCKET)) > SOCKET_PATH_MAX:
        folder = Path(f"/tmp/dcrm-{owner.uid}-{caches.digest([str(home)], 8)}")
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            facts = folder.lstat()
            if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in (owner.uid, 0):
                raise SetupError(
                    f"{folder} is another user's: remove it, or set DCRM_CACHE to a "
                    "folder with a shorter path."
                ) from None
    return owner.folder(folder)


class Cluster:
    """The private cluster of one cache."""

    def __init__(self, cache: Cache, environment: Environment | None = None):
        self.cache = cache
        self.environment = environment
        self.owner = Owner()
        self.home = home_of(cache, self.owner)

    def ensure(self) -> Server:
        """The running server, provisioned, initialised and started as needed."""
        with self.cache.lock("cluster"):
            self.make_home()
            binaries = postgresql.ensure(self.cache, self.environment, self.home)
            version = binaries.version()
            data = self.home / version.split(".")[0]
            sockets = socket_folder(self.home, self.owner)
            if not answers(sockets):
                self.initialise(binaries, data)
                self.start(binaries, data, sockets)
        return Server({"PGHOST": str(sockets), "PGUSER": ROLE}, version)

    def make_home(self):
        if os.geteuid() == 0:
            os.umask(0o022)  # the server's user has to read what is put here
        self.home.mkdir(parents=True, exist_ok=True)
        if self.home.parent == FOR_ROOT:
            remove_orphans()
            (self.home / BELONGS).write_text(str(self.cache.root))

    def initialise(self, binaries: Binaries, data: Path):
        """Make the cluster's files, once."""
        if (data / caches.STAMP).exists():
            return
        caches.need_space(self.home, MEGABYTES, "The database cluster")
        caches.remove(data)
        self.owner.folder(data)
        with progress.step("Making a private database cluster"):
            command = [binaries["initdb"], "-D", data, "-U", ROLE, "--auth=trust"]
            self.run(
                [*command, "--encoding=UTF8", "--locale=C.UTF-8"], "Making the cluster"
            )
        with (data / "postgresql.conf").open("a") as conf:
            conf.write(configuration())
        caches.stamp(data)

    def start(self, binaries: Binaries, data: Path, sockets: Path):
        """Start the server; what a crash left behind is cleared away first."""
        clear_stale(data, sockets)
        if running_pid(data):  # an interrupted run's, still at its recovery
            return wait_until(lambda: answers(sockets), "does not answer", data)
        log = data / "server.log"
        command = [binaries["pg_ctl"], "-D", data, "-l", log, "-w", "-t", "120"]
        options = f"-k '{sockets}' -h ''"
        with progress.step("Starting the private database server"):
            try:
                self.run([*command, "-o", options, "start"], "Starting PostgreSQL")
            except SetupError as error:
                words = last_words(log)
                if not words:
                    raise
                raise SetupError(
                    f"PostgreSQL did not start: {words} ({log})"
                ) from error

    def run(self, command: list, what: str):
        # A session of its own: Ctrl-C here must not reach the server.
        captured(
            command, what, cwd="/", start_new_session=True, umask=0o077,
            env=clean_environ(), **self.owner.switch,
        )  # fmt: skip

    def stop(self) -> bool:
        """Stop the server if it runs; returns whether it did."""
        return stop(self.home)


def stop(home: Path) -> bool:
    """Stop the servers of a home's clusters; returns whether any ran."""
    stopped = False
    for data in sorted(home.glob("[0-9]*")):
        pid = running_pid(data)
        if pid:
            os.kill(pid, signal.SIGINT)  # "fast": sessions are ended, work is kept
            with progress.step("Stopping the private database server"):
                gone = partial(is_stopped, data)
                wait_until(gone, "does not stop", data)
            stopped = True
    return stopped


def clean_environ() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("PG")}


def configuration() -> str:
    """Settings for one person's machine: quick, small, durable but for power cuts."""
    shared = max(64, min(512, memory_megabytes() // 8))
    lines = [
        "fsync = off",
        "full_page_writes = off",
        "synchronous_commit = on",
        "wal_level = minimal",
        "max_wal_senders = 0",
        "max_wal_size = 4GB",
        "checkpoint_timeout = 30min",
        "max_connections = 150",
        f"shared_buffers = {shared}MB",
        f"maintenance_work_mem = {max(64, shared // 2)}MB",
        "work_mem = 32MB",
        "jit = off",
        "random_page_cost = 1.1",
        "log_min_messages = warning",
        "log_line_prefix = '%m [%p] %d '",
    ]
    shared_memory = Path("/dev/shm")
    if not shared_memory.is_dir() or shutil.disk_usage(shared_memory).free < 2**28:
        lines.append("dynamic_shared_memory_type = mmap")
    return "\n# Set by ./setup/dcrm\n" + "\n".join(lines) + "\n"


def memory_megabytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20


def answers(sockets: Path) -> bool:
    """Whether a server accepts connections on the socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(5)
        try:
            probe.connect(str(sockets / SOCKET))
        except OSError:
            return False
    return True


def running_pid(data: Path) -> int | None:
    """The process that serves ``data``, known by its own command line."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n")[0])
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    return pid if os.fsencode(data) in words else None


def is_stopped(data: Path) -> bool:
    return running_pid(data) is None


def clear_stale(data: Path, sockets: Path):
    """Remove what tells of a server that is gone (its pid may be another's now)."""
    if running_pid(data):
        return
    for path in (data / "postmaster.pid", sockets / SOCKET, sockets / f"{SOCKET}.lock"):
        path.unlink(missing_ok=True)


def wait_until(reached: Callable[[], bool], failing: str, data: Path):
    """Wait for a server's change; raise SetupError when it takes too long."""
    until = time.monotonic() + PATIENCE
    while not reached():
        if time.monotonic() > until:
            raise SetupError(
                f"The database server {failing}, its process is {running_pid(data)} "
                f"(see {data / 'server.log'})."
            )
        time.sleep(0.1)


def last_words(log: Path) -> str:
    """Why PostgreSQL would not start, from its log."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line]
    return telling[-1].split("] ")[-1].strip() if telling else ""
