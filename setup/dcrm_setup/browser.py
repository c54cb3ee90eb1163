"""The programs that tests need: a browser and the printer of PDF files.

The machine's own where it has them. Otherwise Debian's packages, unpacked into
the cache with those libraries that the machine lacks; and where such a copy does
not start and we are root, installed as any package is.
"""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from . import cache as caches
from .apt import Apt, codename, unpack
from .context import Context
from .errors import SetupError
from .process import logged
from .progress import progress

FONTS = ("fonts-dejavu-core", "fonts-liberation")
MEGABYTES = 1500
HIDE = "DCRM_NO_SYSTEM_BROWSER"

# Fetched even where the machine seems to have them: parts of one program.
PACKAGES = {
    "chromium": ("chromium", "chromium-common", *FONTS),
    "wkhtmltopdf": ("wkhtmltopdf", *FONTS),
}

# Each program's place in its package, and the names that the host looks for.
PROGRAMS = {
    "chromium": "usr/lib/chromium/chromium",
    "wkhtmltopdf": "usr/bin/wkhtmltopdf",
}
NAMES = {
    "chromium": (
        "google-chrome",
        "chromium",
        "chromium-browser",
        "google-chrome-stable",
    ),
    "wkhtmltopdf": ("wkhtmltopdf",),
}

# What each is tried with, and what it has to answer.
PAGE = b"<p>ready</p>"
PROBES = {
    "chromium": (
        ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
        + ["data:text/html," + PAGE.decode()],
        PAGE,
    ),
    "wkhtmltopdf": (["--quiet", "-", "-"], b"%PDF"),
}

FONT_SETTINGS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{root}/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{root}/font-cache</cachedir>
</fontconfig>
"""

WRAPPER = """\
#!/bin/sh
# Starts the unpacked program with the libraries and fonts unpacked beside it.
export LD_LIBRARY_PATH={libraries}
export FONTCONFIG_FILE={fonts}
export QT_PLUGIN_PATH={plugins}
[ -n "$DISPLAY" ] || export QT_QPA_PLATFORM=offscreen
exec {program} {options} "$@"
"""

# Containers give little or no /dev/shm.
OPTIONS = {"chromium": "--disable-dev-shm-usage", "wkhtmltopdf": ""}

# Debian's wkhtmltopdf wants a display unless it is told that there is none.
HEADLESS = """\
#!/bin/sh
[ -n "$DISPLAY" ] || export QT_QPA_PLATFORM=offscreen
exec {program} "$@"
"""


def ensure(context: Context, *wanted: str) -> list[Path]:
    """Folders for PATH so that the ``wanted`` of the programs are found."""
    return [folder for name in wanted if (folder := folder_with(context, name))]


def add_printer(context: Context):
    """Have PDF files printed if it can be had: all else is served without."""
    try:
        context.tools += ensure(context, "wkhtmltopdf")
    except SetupError as error:
        progress.say(f"  There will be no PDF files: {error}")


def add_all(context: Context):
    """Have all that tests need."""
    context.tools += ensure(context, *PROGRAMS)


def folder_with(context: Context, name: str) -> Path | None:
    """The folder to look for a program in; None where it is on PATH already."""
    if not system(name):
        folder = provisioned(context, name)
        if folder:
            return folder
    return headless_printer(context) if name == "wkhtmltopdf" else None


def system(name: str) -> str | None:
    """The machine's own program of one of the names that the host looks for."""
    if os.environ.get(HIDE):
        return None
    return next(filter(None, map(shutil.which, NAMES[name])), None)


def headless_printer(context: Context) -> Path:
    """A folder with the machine's wkhtmltopdf, told that there is no display."""
    folder = context.cache.path("programs", "headless")
    program = shlex.quote(shutil.which("wkhtmltopdf"))
    write_script(folder / "wkhtmltopdf", HEADLESS.format(program=program))
    return folder


def provisioned(context: Context, name: str) -> Path | None:
    """A folder with a script that starts what was unpacked.

    None where the machine had to have it installed.
    """
    folder = context.cache.path("programs", f"{codename() or 'any'}-{name}")
    with context.cache.lock("programs"):
        if caches.is_complete(folder):
            return folder / "bin"
        try:
            caches.need_space(context.cache.root, MEGABYTES, name)
            with context.cache.making(folder) as draft:
                fetch(context, name, draft)
                write_wrapper(name, draft, folder)
            probe(name, str(folder / "bin" / name))
        except SetupError as error:
            caches.remove(folder)
            if os.geteuid() != 0:
                raise SetupError(
                    f"{name} could not be provisioned ({error}): "
                    f"as root, run 'apt-get install {name}'."
                ) from error
            install(context, name, error)
            return None
    return folder / "bin"


def fetch(context: Context, name: str, draft: Path):
    """Unpack the packages with what they need and the machine lacks."""
    suite = codename()
    if not suite:
        raise SetupError("this is no Debian")
    apt = Apt(context.cache, "programs", (suite,))
    apt.update()
    packages = sorted({*apt.missing(PACKAGES[name]), *PACKAGES[name]})
    debs = context.cache.path("programs", "packages")
    caches.remove(debs)
    apt.download(packages, debs, name)
    unpack(debs, draft, name)
    caches.remove(debs)
    caches.remove(apt.home)


def write_wrapper(name: str, draft: Path, root: Path):
    """Write the script; it names the place where the draft will stand."""
    program = PROGRAMS[name]
    if not (draft / program).is_file():
        raise SetupError(f"its package has no {program}")
    (draft / "fonts.conf").write_text(FONT_SETTINGS.format(root=root))
    inside = [*draft.glob("usr/lib/*-linux-gnu*"), *draft.glob("lib/*-linux-gnu*")]
    deeper = {
        path.parent
        for folder in inside
        for path in folder.glob("*/lib*.so*")
        if path.parent.name in ("blas", "lapack", "pulseaudio", "dri")
    }

    def there(paths: list[Path]) -> str:
        return shlex.quote(":".join(str(root / p.relative_to(draft)) for p in paths))

    text = WRAPPER.format(
        libraries=there([*inside, *sorted(deeper)]),
        fonts=shlex.quote(str(root / "fonts.conf")),
        plugins=there([folder / "qt5" / "plugins" for folder in inside]),
        program=shlex.quote(str(root / program)),
        options=OPTIONS[name],
    )
    write_script(draft / "bin" / name, text)


def write_script(path: Path, text: str):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def probe(name: str, program: str):
    """Raise SetupError unless the program starts and does its work."""
    words, expected = PROBES[name]
    with progress.step(f"Trying {name}"):
        try:
            done = subprocess.run(
                [program, *words],
                input=PAGE,
                capture_output=True,
                timeout=90,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SetupError(f"{name} does not start: {error}") from error
    if expected not in done.stdout:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise SetupError(f"{name} does not work: {said[-1] if said else 'no output'}")


def install(context: Context, name: str, error: SetupError):
    """Install the package on the machine itself, as root may."""
    progress.say(
        f"  An unpacked {name} does not serve ({error}); installing it on this "
        "machine instead."
    )
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install_words = ["install", "-y", "--no-install-recommends", *PACKAGES[name]]
    with progress.step(f"Installing {name}"):
        for words in (["update"], install_words):
            log = context.cache.log(f"apt-{words[0]}")
            logged(["apt-get", *words], log, f"apt-get {words[0]}", env=environ)
