"""Find a Python that serves, then hand over to it.

This file alone has to be understood by Pythons older than the project's, so
that they can say which one is needed.
"""

import os
import shutil
import subprocess
import sys

PROVEN = ((3, 11), (3, 12), (3, 13))


def is_proven(version):
    """Whether (major, minor) is a Python the pinned requirements were proven on."""
    return tuple(version[:2]) in PROVEN


def answers(path, version):
    """Whether the program at ``path`` starts and is the Python it claims to be.

    Version managers leave names on PATH that do not start.
    """
    code = "import sys; sys.stdout.write('%d.%d' % sys.version_info[:2])"
    try:
        said = subprocess.check_output(
            [path, "-c", code], stderr=subprocess.DEVNULL, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return said.decode() == version


def find_python():
    """The path of a proven Python on PATH or in the usual folders, or None."""
    places = os.environ.get("PATH", os.defpath).split(os.pathsep)
    search = os.pathsep.join([*places, "/usr/local/bin", "/usr/bin"])
    for major, minor in PROVEN:
        version = "%d.%d" % (major, minor)  # noqa: UP031  older Pythons read this
        for folder in search.split(os.pathsep):
            path = shutil.which("python" + version, path=folder)
            if path and answers(path, version):
                return path
    return None


def main(argv):
    """Run the command line; returns the exit code."""
    if is_proven(sys.version_info):
        from .cli import main as run

        return run(argv)
    found = find_python()
    if found:
        script = os.path.abspath(sys.argv[0])
        os.execv(found, [found, script, *argv])
    mine = "%d.%d" % tuple(sys.version_info[:2])  # noqa: UP031
    sys.stderr.write(
        "dcrm: Python 3.11 to 3.13 is needed and this is " + mine + ": install one of "
        "them (Debian: apt-get install python3 python3-venv) and run again.\n"
    )
    return 1
