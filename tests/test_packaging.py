"""The addons as wheels: built, installed beside an Odoo, found and installed by it.

As an administrator would, with pip and an Odoo that is not this checkout's:

    pip wheel --no-deps --wheel-dir wheels ./dcrm_*
    pip install --no-deps wheels/odoo_addon_dcrm_*.whl

Here without an index: what builds a wheel is installed already, and what the wheels ask
for is in the test run's own environment.
"""

import ast
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from zipfile import ZipFile

import host_process
import pytest

ROOT = Path(__file__).resolve().parents[1]
ADDONS = sorted(path.parent.name for path in ROOT.glob("dcrm_*/__manifest__.py"))
NOT_SHIPPED = {"pyproject.toml"}
# Nothing of this checkout, and no index, for pip and the host of these tests.
ENVIRON = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
ENVIRON["PIP_NO_INDEX"] = "1"


def call(*command, cwd):
    """Run a program outside of the checkout; return what it says."""
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=ENVIRON,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )
    assert not done.returncode, done.stdout[-3000:]
    return done.stdout


def shipped_files(addon):
    """The files of an addon that its wheel has to have."""
    return {name for name in files(ROOT / addon) if name not in NOT_SHIPPED}


def files(folder):
    """Yield what version control knows or could know; without one, what there is."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(
            listed, cwd=folder, capture_output=True, text=True, check=False
        )
        names = done.stdout.splitlines()
    except FileNotFoundError:
        names = []
    if not names:
        paths = (path for path in folder.rglob("*") if path.suffix != ".pyc")
        names = (str(path.relative_to(folder)) for path in paths)
    return (name for name in names if (folder / name).is_file())


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """The folder of the addons' wheels, made from a copy that has no history."""
    sources, folder = map(tmp_path_factory.mktemp, ("sources", "wheels"))
    for addon in ADDONS:
        for name in files(ROOT / addon):
            target = sources / addon / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / addon / name, target)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    pip += ["--no-build-isolation", "--wheel-dir", folder]
    call(*pip, *(sources / addon for addon in ADDONS), cwd=folder)
    return folder


@pytest.fixture(scope="module")
def python(tmp_path_factory, wheels):
    """The Python of an environment that holds Odoo, its packages and the wheels."""
    folder = tmp_path_factory.mktemp("environment")
    call(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    site = next(folder.glob("lib/python*/site-packages"))
    places = (sysconfig.get_path("purelib"), odoo_folder().parent)
    (site / "odoo.pth").write_text("".join(f"{place}\n" for place in places))
    python = folder / "bin" / "python"
    # A host from a checkout is nothing that pip knows: what the wheels ask for is read
    # from them by another test.
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps"]
    call(*pip, *sorted(wheels.glob("*.whl")), cwd=folder)
    return str(python)


def odoo_folder():
    """The folder ``odoo`` of the host that runs these tests."""
    return Path(host_process.tools.__file__).parents[1]


def host_paths():
    """The host's own folders of addons, without this checkout's."""
    paths = [str(odoo_folder() / "addons")]
    for path in host_process.tools.config["addons_path"]:
        if not list(Path(path).glob("*dcrm*")):
            paths.append(str(path))
    return ",".join(paths)


@pytest.mark.parametrize("addon", ADDONS)
def test_a_wheel_is_whole(wheels, addon):
    manifest = ast.literal_eval((ROOT / addon / "__manifest__.py").read_text())
    [path] = wheels.glob(f"odoo_addon_{addon}-{manifest['version']}-*.whl")
    with ZipFile(path) as wheel:
        inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
        [metadata] = [n for n in wheel.namelist() if n.endswith("/METADATA")]
        needs = wheel.read(metadata).decode()
    assert inside == {f"odoo/addons/{addon}/{name}" for name in shipped_files(addon)}
    for name in set(manifest["depends"]) & set(ADDONS):
        assert f"Requires-Dist: odoo-addon-{name}==19.0.*" in needs
    for name in manifest.get("external_dependencies", {}).get("python", ()):
        assert f"Requires-Dist: {name}\n" in needs


def test_odoo_finds_and_installs_the_wheels(python, tmp_path):
    options = {"python": python, "cwd": tmp_path, "env": ENVIRON}
    words = ["--addons-path", host_paths()]
    with host_process.host_database() as name:
        install = ["-i", ",".join(ADDONS), "--stop-after-init"]
        host_process.run(name, *words, *install, **options)
        installed = "SELECT name FROM ir_module_module WHERE state = 'installed'"
        assert {*ADDONS} <= {row[0] for row in host_process.execute(name, installed)}
        script = (
            "from odoo.modules.module import get_module_path\n"
            f"print('at', *map(get_module_path, {ADDONS}))\n"
            "print('broken', env['dcrm.audit'].run())\n"
        )
        said = host_process.run(name, *words, script=script, **options).splitlines()
    site = Path(python).parents[1]
    [places] = [line.split()[1:] for line in said if line.startswith("at ")]
    assert len(places) == len(ADDONS)
    assert all(Path(place).is_relative_to(site) for place in places)
    assert "broken []" in said
