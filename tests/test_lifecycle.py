"""Installed on a database full of orders, uninstalled, installed again: all unhurt.

Each step is a process of its own on a database of its own, as an administrator's would
be. What an addon makes must go with it, and what was there must be as it was: the
schema is compared whole, the host's rows one by one.
"""

import ast
import json
import os
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from pathlib import Path

import pytest
from host_process import connect, copied, execute, host_database, run
from psycopg2 import sql

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = Path(__file__).parent / "lifecycle"
ADDONS = sorted(path.parent.name for path in ROOT.glob("dcrm_*/__manifest__.py"))
AT_ONCE = ("dcrm_analytics",)
# The host's bookkeeping of modules, views and rights, and its own passing notes.
NOT_COMPARED = ("ir_", "orm_", "bus_", "res_groups", "rule_group_rel", "res_users_log")
# Of that bookkeeping it is counted what uninstalling has to take back.
BOOKKEEPING = (
    "ir_act_server",
    "ir_act_window",
    "ir_config_parameter",
    "ir_cron",
    "ir_default",
    "ir_filters",
    "ir_model",
    "ir_model_access",
    "ir_model_fields",
    "ir_rule",
    "ir_sequence",
    "ir_ui_menu",
    "ir_ui_view",
    "res_groups",
)
# Giving and taking rights stamps users and their partners. What clubs give a customer
# they have to give back: that is compared by itself. The parts of bundles become lines
# that the host doesn't change when it changes combos.
GIVEN = "specific_property_product_pricelist"
LEFT_OUT = {
    "res_partner": ("write_date", "write_uid", GIVEN),
    "res_users": ("write_date", "write_uid"),
    "sale_order_line": ("combo_item_id",),
}
PRICE_LISTS = f"SELECT id, {GIVEN}::text FROM res_partner ORDER BY id"
# An action of the host that is made or deleted leaves a message of its own, and what
# was said about an addon's records goes with them.
OTHERS = "({0} IS NULL OR {0} NOT LIKE 'ir.%' AND {0} NOT LIKE 'dcrm.%')"


def of(column, table, condition):
    return f"{column} IN (SELECT id FROM {table} WHERE {condition})"


# Of the host's models, but in our data: what outlives its addon is found.
TEMPLATES = (
    OTHERS.format("model")
    + " AND NOT EXISTS (SELECT FROM ir_model_data d WHERE d.model = 'mail.template'"
    " AND d.res_id = mail_template.id AND d.module LIKE 'dcrm%')"
)
SAID = of("mail_message_id", "mail_message", OTHERS.format("model"))
ONLY = {
    "mail_activity": OTHERS.format("res_model"),
    "mail_alias": of("alias_model_id", "ir_model", OTHERS.format("model")),
    "mail_followers": OTHERS.format("res_model"),
    "mail_followers_mail_message_subtype_rel": of(
        "mail_followers_id", "mail_followers", OTHERS.format("res_model")
    ),
    "mail_mail": SAID,
    "mail_mail_res_partner_rel": of("mail_mail_id", "mail_mail", SAID),
    "mail_message": OTHERS.format("model"),
    "mail_message_res_partner_rel": SAID,
    "mail_notification": SAID,
    "mail_template": TEMPLATES,
    "mail_template_ir_actions_report_rel": of(
        "mail_template_id", "mail_template", TEMPLATES
    ),
    "mail_tracking_value": SAID,
    "rating_rating": OTHERS.format("res_model"),
    # The sheet of the customer page: one that outlives its addon is found.
    "report_paperformat": "NOT EXISTS (SELECT FROM ir_model_data d"
    " WHERE d.model = 'report.paperformat' AND d.res_id = report_paperformat.id"
    " AND d.module LIKE 'dcrm%')",
}


def needs(addon):
    """The addons of ours that one depends on, through others as well."""
    manifest = ast.literal_eval((ROOT / addon / "__manifest__.py").read_text())
    direct = set(manifest["depends"]) & set(ADDONS)
    return direct.union(*map(needs, direct))


def orders():
    """Every order in which the addons can be uninstalled one by one."""
    return [
        order
        for order in permutations(ADDONS)
        if not any(needs(a) & set(order[:n]) for n, a in enumerate(order))
    ]


def told(output):
    """Return what scripts printed as JSON objects, all in one."""
    lines = [line for line in output.splitlines() if line.startswith("{")]
    return {key: value for line in lines for key, value in json.loads(line).items()}


def script(*names):
    return "\n".join((SCRIPTS / f"{name}.py").read_text() for name in names)


def install(name, *addons):
    run(name, "-i", ",".join(addons), "--stop-after-init")


def use(name, *addons):
    """Do what people do with some addons; check that nothing is wrong afterwards."""
    found = told(run(name, script=script(*(f"use_{addon}" for addon in addons))))
    assert found["violations"] == []
    assert found["customers"] == found["buyers"] > 10
    assert found["amount"] == found["expected"]
    return found


def uninstall(name, addon):
    """Uninstall as the *Apps* screen does, and see that nothing of it is left."""
    models = own_models(name, addon)
    run(name, script=f"ADDON = '{addon}'\n" + script("uninstall"))
    assert not own_models(name, addon)
    left = "SELECT count(*) FROM ir_model_data WHERE module = %s"
    assert execute(name, left, addon) == [(0,)]
    for model in models:
        table = model.replace(".", "_")
        assert execute(name, "SELECT to_regclass(%s)::text", table) == [(None,)]
        for place, column in (
            ("ir_attachment", "res_model"),
            ("mail_activity", "res_model"),
            ("mail_followers", "res_model"),
            ("mail_message", "model"),
        ):
            rest = f"SELECT count(*) FROM {place} WHERE {column} = %s"
            assert execute(name, rest, model) == [(0,)], (place, model)


def own_models(name, addon):
    """The models that no other module than one addon has a part in."""
    rows = execute(
        name,
        """
        SELECT ir_model.model FROM ir_model
        JOIN ir_model_data d ON d.model = 'ir.model' AND d.res_id = ir_model.id
        GROUP BY ir_model.model HAVING bool_and(d.module = %s)
        """,
        addon,
    )
    return [model for (model,) in rows]


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
        table: [name for name in names if name not in LEFT_OUT.get(table, ())]
        for table, names in rows
        if not table.startswith(NOT_COMPARED)
    }


def rows_of(name, tables):
    """Return {(table, id or the row itself): digest of the row} over given columns."""
    statement = "SELECT {}, md5(each::text) FROM (SELECT {} FROM {} WHERE {}) each"
    found = {}
    with connect(name) as connection, connection.cursor() as cursor:
        for table, names in tables.items():
            cursor.execute(
                sql.SQL(statement).format(
                    sql.SQL("id::text" if "id" in names else "each::text"),
                    sql.SQL(", ").join(map(sql.Identifier, names)),
                    sql.Identifier(table),
                    sql.SQL(ONLY.get(table, "TRUE")),
                )
            )
            found |= {(table, key): digest for key, digest in cursor}
    return found


def bookkeeping(name):
    """Return {table: number of rows} of what addons register with the host."""
    return {
        table: execute(name, f"SELECT count(*) FROM {table}")[0][0]
        for table in BOOKKEEPING
    }


def differences(before, after):
    return {
        key: (before.get(key), after.get(key))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    }


class Company:
    """A database of the host's, full of orders and invoices, as it was before us."""

    def __init__(self, name):
        self.name = name
        run(name, script=script("sell"))
        self.tables = columns(name)
        self.schema = schema(name)
        self.rows = rows_of(name, self.tables)
        self.bookkeeping = bookkeeping(name)
        self.price_lists = execute(name, PRICE_LISTS)

    def count(self, table):
        return sum(key[0] == table for key in self.rows)

    def as_before(self, name):
        """See that nothing is left of the addons, and that they gave all back."""
        assert not differences(self.schema, schema(name))
        assert not differences(self.bookkeeping, bookkeeping(name))
        assert execute(name, PRICE_LISTS) == self.price_lists

    def unhurt(self, name, used):
        """See that each row is there, as it was before or as its use had left it."""
        now = rows_of(name, self.tables)
        lost = {
            key
            for key, digest in used.items()
            if now.get(key) is None or now[key] not in (digest, self.rows.get(key))
        }
        assert not lost
        assert not self.rows.keys() - now.keys()


@pytest.fixture(scope="module")
def company():
    with host_database() as name:
        yield Company(name)


@pytest.fixture(scope="module")
def used(company):
    """A copy with all addons installed and in use: its name, its rows, what was told.

    Installing them changes not a row of what was there, and reads nothing yet.
    """
    with copied(company.name) as name:
        install(name, *ADDONS)
        assert not differences(company.rows, rows_of(name, company.tables))
        assert execute(name, "SELECT count(*) FROM dcrm_purchase") == [(0,)]
        found = use(name, *ADDONS)
        yield name, rows_of(name, company.tables), found


@pytest.fixture(scope="module")
def ways(company, used):
    """How each way to part with the addons ends, several under way at a time."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        started = {order: pool.submit(part, company, used, order) for order in orders()}
        started[AT_ONCE] = pool.submit(part, company, used, AT_ONCE)
        yield started


def part(company, used, order):
    """Uninstall in an order, sell on, and install again what went first."""
    name, rows, found = used
    with copied(name) as copy:
        for addon in order:
            uninstall(copy, addon)
            company.unhurt(copy, rows)
        company.as_before(copy)
        # Nothing that was left behind is in the way of the company's business.
        run(copy, script=script("sell_on"))
        # It comes back without the others, but for what it needs.
        install(copy, order[0])
        again = use(copy, *needs(order[0]), order[0])
        assert again["purchases"] > found["purchases"]


def test_there_is_something_to_hurt(company, used):
    assert company.count("sale_order") >= 40
    assert company.count("account_move") >= 30
    assert used[2]["purchases"] > 40
    assert used[2]["members"] == 3
    assert used[2]["bundle_parts"] == 3
    assert used[2]["clocks"] == 2


@pytest.mark.parametrize("order", orders(), ids=" ".join)
def test_uninstalled_one_by_one(ways, order):
    ways[order].result()


def test_uninstalled_at_once(ways):
    """Analytics takes those with it that stand on it."""
    ways[AT_ONCE].result()
