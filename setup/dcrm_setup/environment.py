"""The virtual environment made from the one pinned requirements.txt."""

import importlib.util
import os
import platform
import subprocess
import sys
from pathlib import Path

from . import cache as caches
from .apt import Apt, codename, unpack
from .cache import Cache
from .errors import SetupError
from .process import logged
from .progress import progress

MEGABYTES = 1500
KEPT = 3  # environments of earlier requirements, for switching between branches

# Said by pip when no index can be reached; its retries are noise to a reader.
OFFLINE = (
    "NewConnectionError",
    "Temporary failure in name resolution",
    "Network is unreachable",
    "ConnectTimeoutError",
    "ProxyError",
)


class Environment:
    """A Python with everything the project needs."""

    def __init__(self, folder: Path, key: str):
        self.folder = folder
        self.key = key

    @property
    def python(self) -> str:
        return str(self.folder / "bin" / "python")

    def tool(self, name: str) -> str:
        """The path of a program that came with a package."""
        return str(self.folder / "bin" / name)


def key_of(requirements: Path) -> str:
    """What the environment depends on: the pins, this Python, this machine."""
    return caches.digest(
        [
            requirements.read_bytes(),
            platform.python_version(),
            sys.base_prefix,
            platform.machine(),
        ]
    )


def ensure(cache: Cache, requirements: Path) -> Environment:
    """The environment, made first if there is none for these pins."""
    key = key_of(requirements)
    home = cache.path("environment")
    environment = Environment(home / key, key)
    with cache.lock("environment"):
        if is_ready(environment):
            os.utime(environment.folder / caches.STAMP)
            return environment
        make(cache, environment, requirements)
        caches.stamp(environment.folder)
        caches.forget_old(home, KEPT)
    return environment


def is_ready(environment: Environment) -> bool:
    """Whether it is complete and its Python is still on the machine."""
    return caches.is_complete(environment.folder) and starts(environment)


def starts(environment: Environment) -> bool:
    try:
        command = [environment.python, "-c", "import pip"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make(cache: Cache, environment: Environment, requirements: Path):
    """Make the environment, or go on with one that was interrupted."""
    folder = environment.folder
    if not starts(environment):
        caches.remove(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        caches.need_space(folder.parent, MEGABYTES, "The Python environment")
        if has_module("ensurepip"):
            create(cache, folder)
        else:
            create_with_debian_pip(cache, environment)
    install(cache, environment.python, requirements)


def has_module(name: str) -> bool:
    """Whether this Python has it: Debian leaves parts of the library out."""
    return importlib.util.find_spec(name) is not None


def create(cache: Cache, folder: Path, *options: str):
    command = [sys.executable, "-m", "venv", *options, folder]
    logged(command, cache.log("venv"), "Making the virtual environment")


def create_with_debian_pip(cache: Cache, environment: Environment):
    """Where python3-venv is not installed: pip from Debian's package, unpacked."""
    wheels = cache.path("pip")
    try:
        if not has_module("venv"):
            raise SetupError("the module venv is missing")
        apt = Apt(cache, "pip", (codename(),))
        apt.update()
        apt.download(["python3-pip-whl"], wheels, "pip")
        unpack(wheels, wheels, "pip")
        found = sorted(wheels.glob("usr/share/python-wheels/pip-*.whl"))
        create(cache, environment.folder, "--without-pip")
        script = "import sys; sys.path.insert(0, sys.argv.pop(1)); import runpy; "
        script += "runpy.run_module('pip', run_name='__main__')"
        command = [environment.python, "-c", script, found[-1], "install", "--no-index"]
        logged([*command, found[-1]], cache.log("venv"), "Installing pip")
    except (SetupError, IndexError) as error:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SetupError(
            f"This Python ({sys.executable}) cannot make virtual environments: run "
            f"'apt-get install python{version}-venv' as root, then this again."
        ) from error
    finally:
        caches.remove(wheels)
        caches.remove(cache.path("apt", "pip"))


def install(cache: Cache, python: str, requirements: Path):
    """Install the pins; pip's own cache makes a second try short."""
    total = sum(1 for line in requirements.read_text().splitlines() if "==" in line)
    with progress.step("Installing the Python packages") as step:
        seen = [0]

        def follow(line: str):
            if line.startswith("Collecting "):
                seen[0] += 1
                share = min(99, 100 * seen[0] // max(total, 1))
                step.detail = f"{line.split()[1]}, {share} %"
            elif line.startswith(("Building wheel", "Installing collected")):
                step.detail = " ".join(line.split()[:3]).rstrip(":")

        # Compiled when first imported: most modules never are.
        words = ["install", "--no-compile", "-r", requirements]
        pip(cache, python, words, "python-packages", follow)


def pip(cache: Cache, python: str, words: list, name: str, follow=None):
    """Run pip; raises SetupError, in one line, when it cannot."""
    command = [python, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    command += [words[0], "--progress-bar", "off", *words[1:]]
    log = cache.log(f"pip-{name}")
    try:
        logged(command, log, "Installing Python packages", follow)
    except SetupError as error:
        raise better_reason(error, log) from None


def better_reason(error: SetupError, log: Path) -> SetupError:
    """The same failure in words that say what to do, where they are known."""
    said = log.read_text(errors="replace") if log.exists() else ""
    if any(words in said for words in OFFLINE):
        return SetupError(
            "The Python packages could not be fetched, the package index does not "
            f"answer: check the network or pip's configuration, then again (see {log})."
        )
    if "No space left on device" in said:
        return SetupError(
            "The disk is full: make room, or set DCRM_CACHE to a folder on another "
            "disk, then run this again."
        )
    return error
