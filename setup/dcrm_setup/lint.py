"""The style stack: every check runs, the exit code tells whether one failed."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from . import node as nodes
from . import project
from .context import Context
from .progress import progress

ROOT = project.ROOT
# A checkout's own text; what is generated or quoted whole is not searched.
TEXT = (".py", ".md", ".xml", ".js", ".json", ".yaml", ".toml", ".txt", ".cfg", ".rst")
SKIPPED = (".git", "node_modules", "__pycache__")
# What pylint-odoo is asked not to say: it wants a generated README, where readme/ holds
# the fragments of one, and it wants all of a model in one file, where we give each of
# its concerns (refreshing, explaining, the grid) a file that is read at one sitting.
PYLINT_OFF = ("missing-readme", "consider-merging-classes-inherited")
FOREIGN_SOURCE = re.compile(r"--(extra-)?index-url|--find-links|\s@\s*(git\+|https?:)")


def run(context: Context, fix: bool = False) -> int:
    """Run all checks; returns 1 if any failed. ``fix`` mends first what tools can."""
    node = nodes.ensure(context)
    if fix:
        mend(context, node)
    failed = [name for name, check in checks(context, node) if not told(name, check)]
    if failed:
        progress.say(f"Style: {len(failed)} failed ({', '.join(failed)}).")
        return 1
    progress.say("Style: all well.")
    return 0


def mend(context: Context, node: nodes.Node):
    """Let the formatters write; what they cannot mend the checks tell."""
    ruff = context.environment.tool("ruff")
    complaints([ruff, "check", "--fix", "--quiet", "--no-cache", "."])
    complaints([ruff, "format", "--no-cache", "."])
    complaints(prettier(node, "--write"), node.environ)


def prettier(node: nodes.Node, mode: str) -> list[str]:
    """The command that checks or writes what prettier formats; empty for nothing."""
    styled = list(matching(".xml", ".js", ".scss"))
    plugin = node.modules / "@prettier" / "plugin-xml" / "src" / "plugin.js"
    command = [node.command("prettier"), mode, "--log-level=warn"]
    command += ["--ignore-path=.gitignore", "--no-error-on-unmatched-pattern"]
    return [*command, f"--plugin={plugin}", *(styled or ["*.xml"])]


def told(name: str, check: Callable[[], str]) -> bool:
    """Run one check and print its outcome; returns whether it found nothing."""
    with progress.step(f"Checking: {name}"):
        found = check().strip()
    print(f"{'FAILED' if found else 'ok':>6}  {name}", flush=True)
    if found:
        print(found, flush=True)
    return not found


def checks(context: Context, node: nodes.Node) -> Iterator[tuple[str, Callable]]:
    """Each check's name and what returns its complaints, empty when content."""
    tool = context.environment.tool
    addons = [str(folder) for folder in addon_folders()]

    def outside(*command: str, environ=None) -> Callable[[], str]:
        return lambda: complaints(list(command), environ)

    yield "ruff check", outside(tool("ruff"), "check", "--quiet", "--no-cache", ".")
    yield (
        "ruff format",
        outside(tool("ruff"), "format", "--check", "--no-cache", "."),
    )
    if addons:
        off = ",".join(PYLINT_OFF)
        pylint = [tool("pylint"), "--rcfile=.pylintrc", f"--disable={off}"]
        yield "pylint-odoo", outside(*pylint, *addons)
        yield "addons' structure", outside(tool("oca-checks-odoo-module"), *addons)
    translations = list(matching(".po", ".pot"))
    if translations:
        yield "translations", outside(tool("oca-checks-po"), *translations)
    yield "prettier", outside(*prettier(node, "--check"), environ=node.environ)
    scripts = list(matching(".js"))
    if scripts:
        command = [node.command("eslint"), "--config=.eslint.config.mjs", *scripts]
        yield "eslint", outside(*command, environ=node.environ)
    yield "licences", licences
    yield "registries", registries


def complaints(command: list[str], environ: dict | None = None) -> str:
    """A tool's output if it failed, else nothing."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return (done.stdout or f"exit {done.returncode}") if done.returncode else ""


def addon_folders() -> list[Path]:
    names = [*project.own_addons(), *project.test_addons()]
    return [project.folder_of(name) for name in names]


def files() -> Iterator[Path]:
    """Every file of the checkout, relative to its top."""
    for path in sorted(ROOT.rglob("*")):
        place = path.relative_to(ROOT)
        if path.is_file() and not any(part in SKIPPED for part in place.parts):
            yield place


def matching(*suffixes: str) -> Iterator[str]:
    return (str(place) for place in files() if place.suffix in suffixes)


def licences() -> str:
    """Addons whose licence is not the project's."""
    wrong = []
    for folder in addon_folders():
        manifest = project.manifest(folder)
        if manifest.get("license") != "LGPL-3":
            wrong.append(f"{folder.name}: the licence has to be LGPL-3")
    return "\n".join(wrong)


def registries() -> str:
    """Places that name where packages come from: that is each machine's matter."""
    hosts = registry_hosts()
    found = []
    for place in files():
        if place.suffix not in TEXT:
            continue
        text = (ROOT / place).read_text(encoding="utf-8", errors="replace")
        found += [f"{place}: names the registry {h}" for h in hosts if h in text]
        if place.name == "requirements.txt" and FOREIGN_SOURCE.search(text):
            found.append(f"{place}: names a place to fetch packages from")
        if place.name == "package-lock.json" and '"resolved"' in text:
            found.append(f"{place}: has addresses ('resolved')")
    return "\n".join(found)


def registry_hosts() -> set[str]:
    """The hosts that this machine fetches packages from, of three registries."""
    asked = (
        ["apt-get", "indextargets", "--format", "$(SITE)"],
        ["pip", "config", "get", "global.index-url"],
        ["npm", "config", "get", "registry"],
    )
    hosts = set()
    for command in asked:
        if not shutil.which(command[0]):
            continue
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        for line in done.stdout.splitlines():
            host = re.sub(r"^[a-z]+://([^/@]*@)?", "", line.strip()).split("/")[0]
            hosts.add(host.split(":")[0])
    return {host for host in hosts if "." in host and not host.startswith("127.")}
