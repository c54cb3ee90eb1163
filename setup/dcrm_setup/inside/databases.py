"""What is done to whole databases: ``databases.py ACTION [NAME…]``, JSON out.

Gives the reason on standard error and exits with 1 when the server refuses.
"""

import json
import os
import sys

import psycopg2
from psycopg2 import sql

OWN = """
SELECT d.datname, shobj_description(d.oid, 'pg_database')
  FROM pg_database d
 WHERE NOT d.datistemplate
   AND pg_has_role(d.datdba, 'MEMBER')
 ORDER BY d.datname
"""


def composed(text, *names):
    return sql.SQL(text).format(*map(sql.Identifier, names))


def version(cursor):
    """The server's version as a number, such as 150018."""
    return cursor.connection.server_version


def listed(cursor):
    """Name and note of each of this role's databases."""
    cursor.execute(OWN)
    return cursor.fetchall()


def create(cursor, name, template):
    """Create a database as a copy of another."""
    encoding = " ENCODING 'UTF8'" if template == "template0" else ""
    text = "CREATE DATABASE {} TEMPLATE {}" + encoding
    cursor.execute(composed(text, name, template))


def drop(cursor, name):
    """Drop a database and end the sessions in it."""
    cursor.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
        [name],
    )
    cursor.execute(composed("DROP DATABASE IF EXISTS {}", name))


def rename(cursor, old, new):
    cursor.execute(composed("ALTER DATABASE {} RENAME TO {}", old, new))


def note(cursor, name, text):
    """Keep a text with a database."""
    statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
    cursor.execute(statement.format(sql.Identifier(name), sql.Literal(text)))


def installed(cursor, _name):
    """Names of the addons installed in the database that is connected to."""
    cursor.execute("SELECT name FROM ir_module_module WHERE state = 'installed'")
    return sorted(row[0] for row in cursor.fetchall())


def main(action, *words):
    database = os.environ.get("PGDATABASE", "postgres")
    if action == "installed":
        database = words[0]
    actions = (version, listed, create, drop, rename, note, installed)
    chosen = {function.__name__: function for function in actions}[action]
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    with connection.cursor() as cursor:
        return chosen(cursor, *words)


if __name__ == "__main__":
    try:
        print(json.dumps(main(*sys.argv[1:])))
    except psycopg2.Error as error:
        sys.exit(" ".join(str(error).split()))
