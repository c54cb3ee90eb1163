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

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
PRINTERS = ("wkhtmltopdf",)
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
    "chromium": ("usr/lib/chromium/chromium", BROWSERS),
    "wkhtmltopdf": ("usr/bin/wkhtmltopdf", PRINTERS),
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


def ensure(context: Context) -> list[Path]:
    """Folders for PATH so that a browser and the PDF printer are found."""
    missing = [name for name, (_path, names) in PROGRAMS.items() if not system(names)]
    folders = [headless_printer(context)] if "wkhtmltopdf" not in missing else []
    return [*folders, provisioned(context, missing)] if missing else folders


def system(names: tuple[str, ...]) -> str | None:
    """The machine's own program of one of these names."""
    if os.environ.get(HIDE):
        return None
    return next(filter(None, map(shutil.which, names)), None)


def headless_printer(context: Context) -> Path:
    """A folder with the machine's wkhtmltopdf, told that there is no display."""
    folder = context.cache.path("programs", "headless")
    write_script(
        folder / "wkhtmltopdf",
        HEADLESS.format(program=shlex.quote(system(PRINTERS))),
    )
    return folder


def provisioned(context: Context, missing: list[str]) -> Path:
    """A folder with scripts that start what was unpacked."""
    folder = context.cache.path("programs", "-".join([codename() or "any", *missing]))
    with context.cache.lock("programs"):
        if caches.is_complete(folder):
            return folder / "bin"
        caches.need_space(context.cache.root, MEGABYTES, "A browser for the tests")
        try:
            with context.cache.making(folder) as draft:
                fetch(context, missing, draft)
                write_wrappers(missing, draft, folder)
            for name in missing:
                probe(name, str(folder / "bin" / name))
        except SetupError as error:
            caches.remove(folder)
            if os.geteuid() != 0:
                raise SetupError(
                    f"{' and '.join(missing)} could not be provisioned ({error}): "
                    f"as root, run 'apt-get install {' '.join(missing)}'."
                ) from error
            install(context, missing, error)
    return folder / "bin"


def fetch(context: Context, missing: list[str], draft: Path):
    """Unpack the packages with what they need and the machine lacks."""
    suite = codename()
    if not suite:
        raise SetupError("this is no Debian")
    apt = Apt(context.cache, "programs", (suite,))
    apt.update()
    named = {package for name in missing for package in PACKAGES[name]}
    packages = sorted({*apt.missing(named), *named})
    debs = context.cache.path("programs", "packages")
    apt.download(packages, debs, f"{' and '.join(missing)} for the tests")
    unpack(debs, draft, f"{' and '.join(missing)}")
    caches.remove(debs)
    caches.remove(apt.home)


def write_wrappers(missing: list[str], draft: Path, root: Path):
    """Write the scripts; they name the place where the draft will stand."""
    (draft / "fonts.conf").write_text(FONT_SETTINGS.format(root=root))
    inside = [*draft.glob("usr/lib/*-linux-gnu*"), *draft.glob("lib/*-linux-gnu*")]
    deeper = [
        path.parent
        for folder in inside
        for path in folder.glob("*/lib*.so*")
        if path.parent.name in ("blas", "lapack", "pulseaudio", "dri")
    ]
    libraries = [*inside, *sorted(set(deeper)), draft / "usr/lib"]
    plugins = [folder / "qt5" / "plugins" for folder in inside]

    def there(paths: list[Path]) -> str:
        return shlex.quote(":".join(str(root / p.relative_to(draft)) for p in paths))

    for name in missing:
        program = PROGRAMS[name][0]
        if not (draft / program).is_file():
            raise SetupError(f"its package has no {program}")
        script = draft / "bin" / name
        write_script(
            script,
            WRAPPER.format(
                libraries=there(libraries),
                fonts=shlex.quote(str(root / "fonts.conf")),
                plugins=there(plugins),
                program=shlex.quote(str(root / program)),
                options=OPTIONS[name],
            ),
        )


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


def install(context: Context, missing: list[str], error: SetupError):
    """Install the packages on the machine itself, as root may."""
    progress.say(
        f"  An unpacked copy does not serve ({error}); installing "
        f"{' and '.join(missing)} on this machine instead."
    )
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = [*missing, *FONTS]
    with progress.step(f"Installing {' and '.join(missing)}"):
        for words in (["update"], ["install", "-y", "--no-install-recommends"]):
            more = packages if words[0] == "install" else []
            log = context.cache.log(f"apt-{words[0]}")
            command = ["apt-get", *words, *more]
            logged(command, log, f"apt-get {words[0]}", env=environ)
