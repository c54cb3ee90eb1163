"""The host in processes and on databases of its own, as administrators run it."""

import os
import subprocess
import sys
import uuid
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import sql

tools = pytest.importorskip("odoo.tools")
sql_db = pytest.importorskip("odoo.sql_db")

# A template database that has the host's addons and none of ours; without it the
# host's are installed from nothing, which takes a minute.
TEMPLATE = os.environ.get("DCRM_TEST_HOST_TEMPLATE")
HOST_ADDONS = "sale_management,sale_margin"


def connect(name):
    _name, parameters = sql_db.connection_info_for(name)
    connection = psycopg2.connect(**parameters)
    connection.autocommit = True
    return closing(connection)


def execute(name, statement, *values):
    with connect(name) as connection, connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def run(name, *words, script="", python=sys.executable, **options):
    """Run the host on a database; return what it prints.

    :param script: text of a script to run with ``env`` in scope
    """
    command = [python, "-m", "odoo"]
    if script:
        command.append("shell")
    command += ["-c", tools.config["config"], "-d", name, "--no-http"]
    command += ["--max-cron-threads=0", "--log-level=error", *words]
    done = subprocess.run(
        command,
        input=script,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        **options,
    )
    assert not done.returncode, done.stderr[-3000:]
    assert "Traceback" not in done.stderr, done.stderr[-3000:]
    return done.stdout


@contextmanager
def copied(template):
    """A copy of a database, dropped when the block ends; yields its name."""
    name = f"lifecycle_{uuid.uuid4().hex[:8]}"
    statement = "CREATE DATABASE {} TEMPLATE {}"
    if template == "template0":
        statement += " ENCODING 'UTF8'"
    names = map(sql.Identifier, (name, template))
    execute("postgres", sql.SQL(statement).format(*names))
    try:
        yield name
    finally:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        execute("postgres", drop.format(sql.Identifier(name)))


@contextmanager
def host_database():
    """A database that has the host's addons and none of ours; yields its name."""
    with copied(TEMPLATE or "template0") as name:
        if not TEMPLATE:
            run(name, "-i", HOST_ADDONS, "--stop-after-init")
        yield name


def text_of(folder, script):
    return (Path(folder) / script).read_text()
