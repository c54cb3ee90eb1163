"""What is in the cache is complete or not there, and made by one run at a time."""

import os
import subprocess
import sys

import pytest
from dcrm_setup import cache as caches
from dcrm_setup.errors import SetupError
from setup_support import ROOT


def test_the_folder_can_be_named(monkeypatch, tmp_path):
    monkeypatch.setenv("DCRM_CACHE", str(tmp_path / "here"))
    assert caches.default_root() == tmp_path / "here"
    monkeypatch.delenv("DCRM_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert caches.default_root() == tmp_path / "xdg" / "dcrm"


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="DCRM_CACHE"):
        caches.Cache(tmp_path / "file" / "cache")


def test_what_was_interrupted_is_not_complete(cache):
    target = cache.path("part")
    with pytest.raises(KeyboardInterrupt), cache.making(target) as draft:
        (draft / "half").touch()
        raise KeyboardInterrupt
    assert not target.exists()
    with cache.making(target) as draft:
        (draft / "whole").touch()
    assert caches.is_complete(target)
    assert sorted(os.listdir(target)) == [caches.STAMP, "whole"]


def test_two_runs_do_not_make_the_same_at_once(cache):
    code = f"""
import fcntl, sys
with open({str(cache.path("locks", "part"))!r}, "a") as handle:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(7)
"""
    other = [sys.executable, "-c", code]
    with cache.lock("part"):
        assert subprocess.run(other, check=False).returncode == 7
    assert subprocess.run(other, check=False).returncode == 0


def test_a_small_disk_is_said(tmp_path):
    caches.need_space(tmp_path, 0, "Nothing")
    with pytest.raises(SetupError, match="needs 1000000000 MB .* are free"):
        caches.need_space(tmp_path, 10**9, "Everything")


def test_a_key_depends_on_each_part_and_its_borders():
    keys = {
        caches.digest(parts)
        for parts in (["ab", "c"], ["a", "bc"], ["abc"], ["c", "ab"], [])
    }
    assert len(keys) == 5
    assert caches.digest(["ab", b"c"]) == caches.digest([b"ab", "c"])


def test_the_oldest_are_forgotten(cache):
    for number in range(4):
        folder = cache.path("kept", str(number))
        folder.mkdir(parents=True)
        caches.stamp(folder)
        os.utime(folder / caches.STAMP, (number, number))
    caches.forget_old(cache.path("kept"), 2)
    assert sorted(os.listdir(cache.path("kept"))) == ["2", "3"]


def test_the_environment_depends_on_the_pins(tmp_path):
    from dcrm_setup import environment

    pins = tmp_path / "requirements.txt"
    pins.write_text("a==1\n")
    first = environment.key_of(pins)
    assert environment.key_of(pins) == first
    pins.write_text("a==2\n")
    assert environment.key_of(pins) != first


def test_every_requirement_is_pinned():
    for line in (ROOT / "requirements.txt").read_text().splitlines():
        assert not line or line.startswith("#") or "==" in line, line
