"""The host, a real Odoo 19: found where there is one, else provisioned once."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from . import cache as caches
from .apt import Apt, unpack
from .cache import Cache
from .errors import SetupError
from .progress import progress

SERIES = "19.0"
MEGABYTES = 2200  # unpacked, with the packages beside it for a moment

# Links inside the Debian package lead to these packages' files. The two fonts
# have other file names in sid than the links expect.
FROM_SID = (
    "odoo-19",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-ocr-b",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
FROM_BOOKWORM = ("fonts-font-awesome", "fonts-inconsolata")
PACKAGED = "usr/lib/python3/dist-packages"

# Left out of the Debian package for its licence, yet asked for by every page:
# an empty file keeps the browser's console clean.
STAND_IN = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"

# Named by the host's manifests and in no copy of it: generated, or left by mistake.
NOWHERE = {
    "project/static/src/views/project_task_model_mixin",
    "test_assetsbundle/static/invalid_src/xml/file_not_found.xml",
    "web/static/asset_styles_company_report.scss",
    "website/static/src/interactions/follow.edit.js",
}


class Host:
    """An Odoo's folder on PYTHONPATH and its addons' folders."""

    def __init__(self, path: Path, key: str):
        self.path = path
        self.key = key

    @property
    def addons_paths(self) -> list[Path]:
        """Folders of addons that the host does not find by itself."""
        if (self.path / "odoo" / "addons" / "web" / "__manifest__.py").is_file():
            return []  # a package: all are inside, the folder beside is a stray
        return [self.path / "addons"]

    @property
    def all_addons_paths(self) -> list[Path]:
        return [self.path / "odoo" / "addons", *self.addons_paths]

    def has_addon(self, name: str) -> bool:
        return any(
            (p / name / "__manifest__.py").is_file() for p in self.all_addons_paths
        )

    def addon_names(self) -> list[str]:
        found = {
            m.parent.name
            for p in self.all_addons_paths
            for m in p.glob("*/__man*__.py")
        }
        return sorted(found)


def ensure(cache: Cache, named: str | None) -> Host:
    """The host that was named, that is importable, or that is provisioned."""
    named = named or os.environ.get("DCRM_ODOO")
    if named:
        return opened(Path(named).expanduser().absolute())
    home = cache.path("host", SERIES)
    if caches.is_complete(home):
        return from_package(home)
    found = importable()
    return opened(found) if found else provisioned(cache, home)


def opened(path: Path) -> Host:
    """An existing Odoo: a checkout, an unpacked package or a site-packages."""
    for root in (path, path / PACKAGED, path.parent):
        release = root / "odoo" / "release.py"
        if release.is_file():
            need_series(release)
            missing = missing_parts(root)
            if missing:
                raise SetupError(
                    f"The Odoo at {root} is not whole, {missing[0]} is missing: "
                    "get it again, or leave --odoo out to have one provisioned."
                )
            return Host(root, identity(root))
    raise SetupError(
        f"There is no Odoo at {path} (no odoo/release.py): pass the folder of a "
        "checkout or of an unpacked Debian package."
    )


def from_package(home: Path) -> Host:
    return Host(home / PACKAGED, (home / caches.STAMP).read_text())


def importable() -> Path | None:
    """The folder of an Odoo of the right series that this Python can import."""
    code = "import odoo.release as r; print(r.__file__); print(r.series)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    lines = done.stdout.split("\n")
    if done.returncode or len(lines) < 2 or lines[1] != SERIES:
        return None
    return Path(lines[0]).parent.parent


def need_series(release: Path):
    """Raise SetupError unless ``release.py`` is of the series the addons are for."""
    found = re.search(
        r"^version_info\s*=\s*\((\d+),\s*(\d+)", release.read_text(), re.M
    )
    series = ".".join(found.groups()) if found else "unknown"
    if series != SERIES:
        raise SetupError(
            f"The Odoo at {release.parent.parent} is of version {series} and these "
            f"addons need {SERIES}: pass another, or leave --odoo out."
        )


def identity(root: Path) -> str:
    """What tells this host's contents from another's, without reading them all."""
    head = root / ".git" / "HEAD"
    parts = [str(root), (root / "odoo" / "release.py").read_bytes()]
    if head.is_file():
        said = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "HEAD"],
            capture_output=True,
            check=False,
        )
        parts.append(said.stdout)
    else:
        parts.append(str((root / "odoo" / "release.py").stat().st_mtime_ns))
    return caches.digest(parts)


def provisioned(cache: Cache, home: Path) -> Host:
    """Unpack Debian's package into the cache, check it, then call it complete."""
    with cache.lock("host"):
        if caches.is_complete(home):
            return from_package(home)
        home.parent.mkdir(parents=True, exist_ok=True)
        caches.need_space(home.parent, MEGABYTES, "Odoo 19")
        debs = cache.path("host", "packages")
        fetch(cache, debs)
        with cache.making(home) as draft:
            unpack(debs, draft, "Odoo 19")
            root = draft / PACKAGED
            stand_in = root / "odoo" / "addons" / STAND_IN
            stand_in.parent.mkdir(parents=True, exist_ok=True)
            stand_in.touch()
            need_whole(root)
            names = sorted(deb.name for deb in debs.glob("*.deb"))
            key = caches.digest(names)
        caches.stamp(home, key)
        caches.remove(debs)
        caches.remove(cache.path("apt", "host"))
    return from_package(home)


def fetch(cache: Cache, debs: Path):
    """Download the packages that are not there yet."""
    apt = Apt(cache, "host", ("sid", "bookworm"))
    apt.update()
    wanted = [f"{name}/sid" for name in FROM_SID]
    wanted += [f"{name}/bookworm" for name in FROM_BOOKWORM]
    apt.download(wanted, debs, "Odoo 19")


def need_whole(root: Path):
    """Raise SetupError when what was unpacked lacks something."""
    need_series(root / "odoo" / "release.py")
    with progress.step("Checking the unpacked Odoo"):
        missing = missing_parts(root) or missing_assets(root)
    if missing:
        raise SetupError(
            f"The unpacked Odoo is not whole, {len(missing)} files are missing such as "
            f"{missing[0]}: run this again, or pass --odoo PATH to another Odoo 19."
        )


def missing_parts(root: Path) -> list[str]:
    """What no Odoo can do without and this one lacks."""
    host = Host(root, "")
    parts = ["odoo/release.py", "odoo/tools/config.py", "odoo/service/server.py"]
    parts = [part for part in parts if not (root / part).is_file()]
    addons = ("base", "web", "mail", "sale", "account", "sale_management")
    return parts + [f"the addon {name}" for name in addons if not host.has_addon(name)]


def missing_assets(root: Path) -> list[str]:
    """The files named in the manifests' ``assets`` that do not exist."""
    missing = []
    for addons in Host(root, "").all_addons_paths:
        for manifest in sorted(addons.glob("*/__manifest__.py")):
            for name in asset_files(manifest):
                path = name.lstrip("/")
                known = (addons / path.split("/")[0]).is_dir()
                if known and path not in NOWHERE and not (addons / path).exists():
                    missing.append(path)
    return missing


def asset_files(manifest: Path) -> Iterator[str]:
    """The plain files (no patterns, no bundles) of a manifest's assets."""
    assets = ast.literal_eval(manifest.read_text(encoding="utf-8")).get("assets", {})
    for entries in assets.values():
        for entry in entries:
            if isinstance(entry, (tuple, list)):
                if entry[0] in ("include", "remove"):
                    continue
                entry = entry[-1]
            if "/" in entry and "*" not in entry and "://" not in entry:
                yield entry
