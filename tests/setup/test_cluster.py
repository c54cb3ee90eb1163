"""The private cluster: where it may live, and what a crash leaves behind."""

import os
import socket

import pytest
from dcrm_setup import cluster, postgresql
from dcrm_setup.errors import SetupError


class OrdinaryOwner(cluster.Owner):
    """Another user than the one who runs the tests."""

    def __init__(self):
        self.uid, self.gid, self.switch = os.getuid() + 70_000, os.getgid() + 70_000, {}

    def folder(self, path):
        path.mkdir(parents=True, exist_ok=True)
        return path


@pytest.fixture
def owner():
    return OrdinaryOwner()


def test_a_url_is_told_to_libpq(no_database_settings):
    server = cluster.from_url("postgresql://me:p%40ss@example:5433/start")
    assert server.settings == {
        "PGHOST": "example",
        "PGPORT": "5433",
        "PGUSER": "me",
        "PGPASSWORD": "p@ss",
        "PGDATABASE": "start",
    }


def test_a_url_may_name_a_socket():
    server = cluster.from_url("postgresql:///?host=/run/pg&user=me")
    assert server.settings["PGHOST"] == "/run/pg"
    assert server.settings["PGUSER"] == "me"
    assert server.settings["PGDATABASE"] == "postgres"


@pytest.mark.parametrize(
    "url",
    ["mysql://a/b", "example:5432", "postgresql://a:port/", "postgresql://postgres@a/"],
)
def test_a_url_that_will_not_do_is_refused(url):
    with pytest.raises(SetupError):
        cluster.from_url(url)


def test_a_folder_that_the_server_cannot_reach_is_left(cache, owner, monkeypatch):
    monkeypatch.setattr(cluster, "FOR_ROOT", cache.root / "elsewhere")
    parts = [cache.root, *cache.root.parents]
    opened = [part for part in parts if owner.reaches(part / "x")]
    cache.root.chmod(0o700)
    home = cluster.home_of(cache, owner)
    assert home.parent == cache.root / "elsewhere"
    assert cluster.home_of(cache, owner) == home
    if cache.root in opened:
        cache.root.chmod(0o755)
        assert cluster.home_of(cache, owner) == cache.root / "cluster"


def test_two_caches_have_two_clusters(tmp_path, owner):
    for name in "ab":
        (tmp_path / name).mkdir(mode=0o700)
    homes = {cluster.home_of(cluster.Cache(tmp_path / name), owner) for name in "ab"}
    assert len(homes) == 2


def test_the_cluster_of_a_cache_that_is_gone_is_removed(cache, monkeypatch):
    monkeypatch.setattr(cluster, "FOR_ROOT", cache.root / "elsewhere")
    kept, gone = cluster.outside(cache), cache.root / "elsewhere" / "0000"
    for home in (kept, gone):
        home.mkdir(parents=True)
        (home / cluster.BELONGS).write_text(str(cache.root))
    cluster.remove_orphans()
    assert kept.exists() and not gone.exists()
    (cache.root / "cluster-id").unlink()  # the cache was removed and made anew
    assert cluster.outside(cache) != kept
    cluster.remove_orphans()
    assert not kept.exists()


def test_a_long_path_gets_a_short_socket(tmp_path, owner, monkeypatch):
    short = tmp_path / "short"
    assert cluster.socket_folder(short, owner) == short / "socket"
    folder = cluster.socket_folder(tmp_path / ("long" * 30), owner)
    try:
        assert len(os.fsencode(folder / cluster.SOCKET)) <= cluster.SOCKET_PATH_MAX
    finally:
        folder.rmdir()


def test_what_a_crash_left_is_cleared(tmp_path):
    data, sockets = tmp_path / "data", tmp_path / "sockets"
    data.mkdir()
    sockets.mkdir()
    left = [data / "postmaster.pid", sockets / cluster.SOCKET]
    left[0].write_text(f"{os.getpid()}\n{data}\n")  # a pid that is another's now
    left[1].touch()
    assert cluster.running_pid(data) is None
    cluster.clear_stale(data, sockets)
    assert not any(path.exists() for path in left)


def test_a_server_is_known_by_its_socket(tmp_path):
    assert not cluster.answers(tmp_path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(tmp_path / cluster.SOCKET))
        server.listen()
        assert cluster.answers(tmp_path)
    assert not cluster.answers(tmp_path)


def test_the_machines_server_can_be_hidden(monkeypatch):
    monkeypatch.setenv(postgresql.HIDE, "1")
    assert postgresql.system_binaries() is None


def test_kills_lose_nothing_and_no_port_is_opened():
    settings = cluster.configuration()
    assert "synchronous_commit = on" in settings
    assert "listen_addresses" not in settings  # given when it starts, and empty
