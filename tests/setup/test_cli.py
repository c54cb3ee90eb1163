"""The command line: what it takes, and that failures are one line."""

import subprocess
import sys

import pytest
from dcrm_setup import cli, commands, start
from dcrm_setup.errors import SetupError
from setup_support import ROOT

COMMANDS = "demo test db shell serve stop lint i18n bench audit".split()


def parsed(*words):
    return cli.parser().parse_args(words)


def failing(monkeypatch, error):
    def fail(_context, _options):
        raise error

    monkeypatch.setattr(commands, "stop", fail)
    return cli.main(["stop"])


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(command):
    done = subprocess.run(
        [sys.executable, str(ROOT / "setup" / "dcrm"), command, "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "usage:" in done.stdout


def test_a_files_own_arguments_are_passed_on():
    options = parsed("shell", "--db", "a", "file.py", "--limit", "3", "-v")
    assert (options.db, options.file) == ("a", "file.py")
    assert options.words == ["--limit", "3", "-v"]


def test_names_of_addons_are_split():
    assert commands.names("sale, crm,,") == ["sale", "crm"]
    assert commands.names(None) == []


@pytest.mark.parametrize("words", [["db"], ["shell"], ["serve", "--db"], ["dance"]])
def test_what_is_missing_or_unknown_is_refused(words, capsys):
    with pytest.raises(SystemExit) as ended:
        parsed(*words)
    assert ended.value.code == 2
    assert "dcrm" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["-1", "http", "80.5", ""])
def test_a_port_is_a_number(port):
    with pytest.raises(SystemExit):
        parsed("serve", "--db", "a", "--port", port)


def test_a_failure_is_one_line(monkeypatch, capsys):
    assert failing(monkeypatch, SetupError("No network:\n  plug it in.")) == 1
    assert capsys.readouterr().err == "dcrm: No network: plug it in.\n"


def test_an_unforeseen_failure_is_one_line_too(monkeypatch, capsys):
    assert failing(monkeypatch, ZeroDivisionError("by\nzero")) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "ZeroDivisionError: by zero" in said
    assert "Traceback" not in said


def test_a_full_disk_is_said(monkeypatch, capsys):
    assert failing(monkeypatch, OSError(28, "No space left on device")) == 1
    assert "disk is full" in capsys.readouterr().err


def test_an_interrupted_run_says_how_to_go_on(monkeypatch, capsys):
    assert failing(monkeypatch, KeyboardInterrupt()) == 130
    assert "the same command goes on" in capsys.readouterr().err


@pytest.mark.parametrize(
    "version, proven",
    [((3, 9), False), ((3, 11), True), ((3, 13), True), ((3, 14), False)],
)
def test_only_proven_pythons_are_used(version, proven):
    assert start.is_proven(version) is proven


def test_a_wrong_python_names_the_right_one(monkeypatch, capsys):
    monkeypatch.setattr(start, "PROVEN", ())
    assert start.main(["lint"]) == 1
    assert "Python 3.11 to 3.13 is needed" in capsys.readouterr().err


def test_a_name_on_path_that_does_not_start_is_no_python(tmp_path):
    shim = tmp_path / "python3.11"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    assert not start.answers(str(shim), "3.11")
    assert start.answers(sys.executable, ".".join(map(str, sys.version_info[:2])))
