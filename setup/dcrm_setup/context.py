"""What the commands share: the parts of a run, each made when first asked for."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cached_property
from pathlib import Path

from . import cache as caches
from . import cluster as clusters
from . import environment as environments
from . import host as hosts
from . import postgresql, process, project
from .cache import Cache
from .cluster import Server
from .database import Databases
from .environment import Environment
from .host import Host

INSIDE = Path(__file__).parent / "inside"


class Context:
    """One run's cache, host, environment, server and databases."""

    def __init__(self, odoo: str | None = None, db_url: str | None = None):
        self.odoo = odoo
        self.db_url = db_url
        self.tools: list[Path] = []  # folders of provisioned programs, for PATH

    @cached_property
    def cache(self) -> Cache:
        return Cache(caches.default_root())

    @cached_property
    def host(self) -> Host:
        return hosts.ensure(self.cache, self.odoo)

    @cached_property
    def environment(self) -> Environment:
        return environments.ensure(self.cache, project.REQUIREMENTS)

    @cached_property
    def server(self) -> Server:
        if self.db_url:
            return clusters.from_url(self.db_url)
        needs_wheel = not postgresql.system_binaries()
        environment = self.environment if needs_wheel else None
        return clusters.Cluster(self.cache, environment).ensure()

    @cached_property
    def databases(self) -> Databases:
        return Databases(self.environment.python, self.server, self.data)

    @cached_property
    def data(self) -> Path:
        """The host's data folder: attachments and sessions, one a server."""
        key = caches.digest([self.server.settings.get("PGHOST", ""), self.db_url or ""])
        folder = self.cache.path("data", key)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def prepare(self, *more: Callable[["Context"], None]) -> Server:
        """Fetch what is missing, the host, the packages and ``more`` at once."""
        with ThreadPoolExecutor() as pool:
            parts = [
                pool.submit(getattr, self, part) for part in ("host", "environment")
            ]
            parts += [pool.submit(function, self) for function in more]
            try:
                for part in as_completed(parts):
                    part.result()
            except BaseException:
                process.end_all()  # or leaving the pool would wait for the other part
                raise
        return self.server

    @cached_property
    def conf(self) -> Path:
        """The host's configuration file for this checkout and this server."""
        paths = [*self.host.addons_paths, *project.addons_paths()]
        settings = {
            "addons_path": ",".join(map(str, paths)),
            "data_dir": self.data,
            "http_interface": "127.0.0.1",
            "list_db": "False",
            "log_level": "warn",
        }
        lines = [f"{key} = {value}\n" for key, value in settings.items()]
        text = "[options]\n" + "".join(lines)
        path = self.cache.path("conf", caches.digest([text]) + ".conf")
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{os.getpid()}")
            draft.write_text(text)
            draft.rename(path)
        return path

    @property
    def environ(self) -> dict[str, str]:
        """The environment of a process that runs the host."""
        tools = [str(folder) for folder in self.tools]
        places = [*tools, os.environ.get("PATH", os.defpath)]
        places.insert(0, str(self.environment.folder / "bin"))
        clean = {
            key: value
            for key, value in self.server.environ.items()
            if not key.startswith(("PYTHON", "ODOO")) and key != "OPENERP_SERVER"
        }
        return {
            **clean,
            "PATH": os.pathsep.join(places),
            "PYTHONPATH": os.pathsep.join([str(self.host.path), str(project.ROOT)]),
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "ignore",
        }

    def odoo_command(self, *words: str) -> list[str]:
        """The command that starts the host."""
        script = str(INSIDE / "odoo_server.py")
        return [self.environment.python, script, *words, "-c", str(self.conf)]

    def file_command(self, database: str, path: Path, words: list[str]) -> list[str]:
        """The command that runs a Python file with ``env`` in scope."""
        script = str(INSIDE / "run_file.py")
        start = [self.environment.python, script, str(self.conf), database]
        return [*start, str(path), *words]
