"""Installed on a database full of orders, uninstalled, installed again: all unhurt.

Each step is a process of its own on a database of its own, as an administrator's would
be. What the addon makes must go with it, and what was there must be as it was: the
schema is compared whole, the host's rows by digests.
"""

import json
import os
import subprocess
import sys
import uuid
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import sql

tools = pytest.importorskip("odoo.tools")
sql_db = pytest.importorskip("odoo.sql_db")

SCRIPTS = Path(__file__).parent / "lifecycle"
# A template database that has the host's addons and none of ours; without it the
# host's are installed from nothing, which takes a minute.
TEMPLATE = os.environ.get("DCRM_TEST_HOST_TEMPLATE")
HOST_ADDONS = "sale_management,sale_margin"
# The host's bookkeeping of modules, views and rights, and its own passing notes.
NOT_COMPARED = ("ir_", "orm_", "bus_", "res_groups", "rule_group_rel", "res_users_log")
# Giving and taking rights stamps users and their partners; an action of the host that
# is made or deleted leaves a message of its own.
STAMPS = dict.fromkeys(("res_partner", "res_users"), ("write_date", "write_uid"))
ONLY = {"mail_message": "model NOT LIKE 'ir.%'"}


def connect(name):
    _name, parameters = sql_db.connection_info_for(name)
    connection = psycopg2.connect(**parameters)
    connection.autocommit = True
    return closing(connection)


def execute(name, statement, *values):
    with connect(name) as connection, connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def host(name, *words, script=None):
    """Run the host on a database; return what it prints."""
    command = [sys.executable, "-m", "odoo"]
    if script:
        command.append("shell")
    command += ["-c", tools.config["config"], "-d", name, "--no-http"]
    command += ["--max-cron-threads=0", "--log-level=error", *words]
    text = (SCRIPTS / script).read_text() if script else ""
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, check=False, timeout=600
    )
    assert not done.returncode, done.stderr[-3000:]
    assert "Traceback" not in done.stderr, done.stderr[-3000:]
    return done.stdout


def told(output):
    """Return what a script printed last, as JSON."""
    return json.loads(output.strip().splitlines()[-1])


@pytest.fixture(scope="module")
def database():
    """A database with the host's addons, full of orders and invoices."""
    name = f"lifecycle_{uuid.uuid4().hex[:8]}"
    template = TEMPLATE or "template0"
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'")
    if TEMPLATE:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    execute(
        "postgres", statement.format(sql.Identifier(name), sql.Identifier(template))
    )
    try:
        if not TEMPLATE:
            host(name, "-i", HOST_ADDONS, "--stop-after-init")
        host(name, script="sell.py")
        yield name
    finally:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        execute("postgres", drop.format(sql.Identifier(name)))


def schema(name):
    """Return everything that a database is made of, as {(kind, name): definition}."""
    queries = {
        "column": """
            SELECT table_name || '.' || column_name,
                concat_ws(' ', data_type, is_nullable, column_default)
            FROM information_schema.columns WHERE table_schema = 'public'""",
        "index": "SELECT indexname, indexdef FROM pg_indexes"
        " WHERE schemaname = 'public'",
        "constraint": """
            SELECT conrelid::regclass::text || '.' || conname, pg_get_constraintdef(oid)
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
        "trigger": """
            SELECT tgrelid::regclass::text || '.' || tgname, pg_get_triggerdef(oid)
            FROM pg_trigger WHERE NOT tgisinternal""",
        "function": """
            SELECT oid::regprocedure::text, md5(prosrc) FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace""",
        "relation": "SELECT relname, relkind::text FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace",
        "type": "SELECT typname, typtype::text FROM pg_type"
        " WHERE typnamespace = 'public'::regnamespace",
    }
    return {
        (kind, key): definition
        for kind, query in queries.items()
        for key, definition in execute(name, query)
    }


def columns(name):
    """Return {table: columns} of the host's tables that are compared row by row."""
    rows = execute(
        name,
        """
        SELECT table_name, array_agg(column_name::text ORDER BY column_name)
        FROM information_schema.columns JOIN pg_class ON relname = table_name
            AND relkind = 'r'
        WHERE table_schema = 'public' GROUP BY table_name
        """,
    )
    return {
        table: [name for name in names if name not in STAMPS.get(table, ())]
        for table, names in rows
        if not table.startswith(NOT_COMPARED)
    }


def digests(name, tables):
    """Return {table: digest of its rows} over the given columns."""
    return {
        table: execute(
            name,
            sql.SQL(
                "SELECT count(*), md5(string_agg(each::text, '|' ORDER BY each::text))"
                " FROM (SELECT {} FROM {} WHERE {}) each"
            ).format(
                sql.SQL(", ").join(map(sql.Identifier, names)),
                sql.Identifier(table),
                sql.SQL(ONLY.get(table, "TRUE")),
            ),
        )
        for table, names in tables.items()
    }


def differences(before, after):
    return {
        key: (before.get(key), after.get(key))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    }


def test_install_use_uninstall_reinstall(database):
    tables = columns(database)
    schema_before = schema(database)
    rows_before = digests(database, tables)
    assert rows_before["sale_order"][0][0] >= 40
    assert rows_before["account_move"][0][0] >= 30

    # Installing changes not a row of what is there, and reads nothing yet.
    host(database, "-i", "dcrm_analytics", "--stop-after-init")
    assert not differences(rows_before, digests(database, tables))
    assert execute(database, "SELECT count(*) FROM dcrm_purchase") == [(0,)]

    first = told(host(database, script="refresh.py"))
    assert first["violations"] == []
    assert first["purchases"] > 40
    assert first["customers"] == first["buyers"] > 10
    assert first["amount"] == first["expected"]
    assert not differences(rows_before, digests(database, tables))

    host(database, script="uninstall.py")
    assert not differences(schema_before, schema(database))
    assert not differences(rows_before, digests(database, tables))
    left = "SELECT count(*) FROM {} WHERE {} LIKE 'dcrm%'"
    for table, column in (
        ("ir_model", "model"),
        ("ir_model_data", "module"),
        ("ir_model_fields", "model"),
        ("ir_attachment", "res_model"),
        ("mail_message", "model"),
    ):
        assert execute(database, left.format(table, column)) == [(0,)], table

    # Nothing that was left behind is in the way of the company's business.
    told(host(database, script="sell_on.py"))

    host(database, "-i", "dcrm_analytics", "--stop-after-init")
    again = told(host(database, script="refresh.py"))
    assert again["violations"] == []
    assert again["amount"] == again["expected"]
    assert again["purchases"] == first["purchases"] + 1
