"""Debian packages without touching the machine: a private state of apt's own.

The mirror's address is the machine's, read from its configuration.
"""

import os
import platform
import shutil
import threading
from collections.abc import Iterable
from pathlib import Path

from . import cache as caches
from .cache import Cache
from .errors import SetupError
from .process import captured, logged
from .progress import progress

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
DPKG_STATUS = "/var/lib/dpkg/status"


def codename() -> str:
    """The machine's Debian suite, such as 'bookworm'."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {}
    return release.get("VERSION_CODENAME", "")


def mirror() -> str:
    """The address of the Debian mirror that the machine itself uses."""
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise SetupError(
            "This machine has no apt-get to fetch Odoo 19 with: get Odoo 19 yourself "
            "and pass --odoo PATH (or set DCRM_ODOO)."
        )
    form = "$(REPO_URI)|$(RELEASE)|$(COMPONENT)"
    targets = captured(
        ["apt-get", "indextargets", "--format", form], "Reading apt's configuration"
    )
    rows = {tuple(line.split("|")) for line in targets.splitlines()}
    for uri, suite, component in sorted(row for row in rows if len(row) == 3):
        plain = not any(mark in suite for mark in "-/")
        if plain and component == "main" and "debian" in uri:
            return uri
    raise SetupError(
        "apt knows no Debian mirror on this machine, and Odoo 19 is a Debian "
        "package: get Odoo 19 yourself and pass --odoo PATH (or set DCRM_ODOO)."
    )


class Apt:
    """apt with its own sources, lists and cache in a folder of ours."""

    def __init__(self, cache: Cache, name: str, suites: tuple[str, ...]):
        self.cache = cache
        self.name = name
        self.suites = suites
        self.home = cache.path("apt", name)

    def options(self, status: str | None = None) -> list[str]:
        home = self.home
        settings = {
            "Dir::Etc::sourcelist": home / "sources.list",
            "Dir::Etc::sourceparts": "-",
            "Dir::Etc::preferences": "-",
            "Dir::Etc::preferencesparts": "-",
            "Dir::State": home,
            "Dir::State::lists": home / "lists",
            "Dir::State::status": status or home / "status",
            "Dir::Cache": home / "cache",
            "Acquire::Languages": "none",
            "Acquire::Retries": "2",
            "APT::Default-Release": "",
            "APT::Sandbox::User": "root" if os.geteuid() == 0 else "",
        }
        return [f"-o{key}={value}" for key, value in settings.items()]

    def update(self):
        """Fetch the suites' lists of packages."""
        for part in ("lists/partial", "cache/archives/partial"):
            (self.home / part).mkdir(parents=True, exist_ok=True)
        (self.home / "status").touch()
        signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
        uri = mirror()
        lines = [f"deb {signed}{uri} {suite} main\n" for suite in self.suites]
        (self.home / "sources.list").write_text("".join(lines))
        with progress.step("Reading Debian's lists of packages"):
            self._run(["update", "--error-on=any"], "Reading Debian's package lists")

    def missing(self, packages: Iterable[str]) -> list[str]:
        """``packages`` and what they depend on, less what the machine has."""
        said = captured(
            [
                "apt-get",
                *self.options(DPKG_STATUS),
                "--simulate",
                "--no-install-recommends",
                "install",
                *packages,
            ],
            "Finding out which packages are needed",
        )
        rows = [line.split() for line in said.splitlines() if line.startswith("Inst ")]
        return [row[1] for row in rows]

    def download(self, packages: list[str], folder: Path, what: str):
        """Fetch packages into ``folder``; apt checks each one's hash."""
        folder.mkdir(parents=True, exist_ok=True)
        sizes = self._sizes(packages)
        total = max(sum(sizes.values()), 1)
        caches.need_space(folder, total // 1_000_000 + 50, what)
        ended = threading.Event()
        with progress.step(f"Downloading {what} ({total // 1_000_000} MB)") as step:

            def watch():
                while not ended.wait(0.5):
                    step.detail = f"{min(99, 100 * _bytes_in(folder) // total)} %"

            watcher = threading.Thread(target=watch, daemon=True)
            watcher.start()
            try:
                self._run(["download", *packages], f"Downloading {what}", cwd=folder)
            finally:
                ended.set()
                watcher.join()

    def _sizes(self, packages: list[str]) -> dict[str, int]:
        said = captured(
            ["apt-get", *self.options(), "--print-uris", "download", *packages],
            "Asking for the packages' sizes",
        )
        rows = [line.split() for line in said.splitlines() if line.startswith("'")]
        return {row[1]: int(row[2]) for row in rows}

    def _run(self, words: list[str], what: str, **options):
        log = self.cache.log(f"apt-{self.name}-{words[0]}")
        try:
            logged(["apt-get", *self.options(), *words], log, what, **options)
        except SetupError:
            said = log.read_text(errors="replace")
            offline = ("Temporary failure", "Could not connect", "Could not resolve")
            if any(words in said for words in offline):
                raise SetupError(
                    f"{what} failed, the Debian mirror does not answer: check the "
                    "network and apt's sources, then run this again; or pass "
                    f"--odoo PATH to an Odoo 19 that you have (see {log})."
                ) from None
            raise


def _bytes_in(folder: Path) -> int:
    total = 0
    for entry in folder.rglob("*"):
        try:
            total += entry.stat().st_size
        except OSError:
            continue  # renamed under our eyes
    return total


def unpack(packages: Path, target: Path, what: str):
    """Unpack every .deb of a folder into ``target``."""
    debs = sorted(packages.glob("*.deb"))
    with progress.step(f"Unpacking {what}") as step:
        for number, deb in enumerate(debs, 1):
            step.detail = f"{deb.name.split('_')[0]} ({number} of {len(debs)})"
            captured(["dpkg", "-x", deb, target], f"Unpacking {deb.name}")
