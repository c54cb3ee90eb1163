"""The queue of customers whose purchases changed, filled by our own table's triggers.

Whatever changes ``dcrm_purchase`` (a synchronisation, an import, a merge of partners, a
cascading delete, plain SQL) leaves the customer in the queue in the same transaction; a
refresh takes the rows it can see, so that a transaction that commits late is never
lost, and writers never wait for each other, since the queue only grows. The P&L leaves
its customers there, too; ``bought`` tells that the purchases changed.
"""

from odoo.tools import SQL

# The transition tables that each event has.
TRIGGERS = (
    (SQL("INSERT"), SQL("NEW TABLE AS after")),
    (SQL("UPDATE"), SQL("OLD TABLE AS before NEW TABLE AS after")),
    (SQL("DELETE"), SQL("OLD TABLE AS before")),
)


def install() -> SQL:
    """Create the queue and its trigger function, anew where they are."""
    return SQL(
        """
        CREATE TABLE IF NOT EXISTS dcrm_purchase_change (
            partner_id integer NOT NULL, company_id integer NOT NULL
        );
        ALTER TABLE dcrm_purchase_change
            ADD COLUMN IF NOT EXISTS bought boolean NOT NULL DEFAULT TRUE;
        CREATE OR REPLACE FUNCTION dcrm_purchase_changed() RETURNS trigger AS $$
        DECLARE bought CONSTANT boolean := TG_TABLE_NAME = 'dcrm_purchase';
        BEGIN
            IF TG_OP = 'INSERT' THEN
                INSERT INTO dcrm_purchase_change
                SELECT DISTINCT partner_id, company_id, bought FROM after;
            ELSIF TG_OP = 'DELETE' THEN
                INSERT INTO dcrm_purchase_change
                SELECT DISTINCT partner_id, company_id, bought FROM before;
            ELSE
                INSERT INTO dcrm_purchase_change
                SELECT partner_id, company_id, bought FROM before
                UNION SELECT partner_id, company_id, bought FROM after;
            END IF;
            RETURN NULL;
        END $$ LANGUAGE plpgsql;
        """
    )


def watch(table: str) -> SQL:
    """Have the changes of a table with customers and companies fill the queue."""
    return SQL("\n").join(_trigger(table, *trigger) for trigger in TRIGGERS)


def _trigger(table: str, event: SQL, tables: SQL) -> SQL:
    return SQL(
        """
        DROP TRIGGER IF EXISTS %(name)s ON %(table)s;
        CREATE TRIGGER %(name)s AFTER %(event)s ON %(table)s REFERENCING %(tables)s
            FOR EACH STATEMENT EXECUTE FUNCTION dcrm_purchase_changed();
        """,
        name=SQL.identifier(f"{table}_{event.code.lower()}"),
        table=SQL.identifier(table),
        event=event,
        tables=tables,
    )


def drop() -> SQL:
    """Drop what :func:`install` created; the triggers go with their function."""
    return SQL(
        """
        DROP FUNCTION IF EXISTS dcrm_purchase_changed() CASCADE;
        DROP TABLE IF EXISTS dcrm_purchase_change;
        """
    )
