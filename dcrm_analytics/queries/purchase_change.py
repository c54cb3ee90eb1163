"""The queue of customers whose purchases changed, filled by our own table's trigger.

Whatever changes ``dcrm_purchase`` (a synchronisation, an import, a merge of partners, a
cascading delete, plain SQL) leaves the customer in the queue in the same transaction; a
refresh takes the rows it can see, so that a transaction that commits late is never
lost, and writers never wait for each other, since the queue only grows.
"""

from odoo.tools import SQL


def install() -> SQL:
    """Create the queue, its trigger function and the triggers, where missing."""
    return SQL(
        """
        CREATE TABLE IF NOT EXISTS dcrm_purchase_change (
            partner_id integer NOT NULL, company_id integer NOT NULL
        );
        CREATE OR REPLACE FUNCTION dcrm_purchase_changed() RETURNS trigger AS $$
        BEGIN
            IF TG_OP <> 'INSERT' THEN
                INSERT INTO dcrm_purchase_change
                SELECT DISTINCT partner_id, company_id FROM before;
            END IF;
            IF TG_OP <> 'DELETE' THEN
                INSERT INTO dcrm_purchase_change
                SELECT DISTINCT partner_id, company_id FROM after;
            END IF;
            RETURN NULL;
        END $$ LANGUAGE plpgsql;
        CREATE OR REPLACE TRIGGER dcrm_purchase_inserted
            AFTER INSERT ON dcrm_purchase REFERENCING NEW TABLE AS after
            FOR EACH STATEMENT EXECUTE FUNCTION dcrm_purchase_changed();
        CREATE OR REPLACE TRIGGER dcrm_purchase_updated
            AFTER UPDATE ON dcrm_purchase
            REFERENCING OLD TABLE AS before NEW TABLE AS after
            FOR EACH STATEMENT EXECUTE FUNCTION dcrm_purchase_changed();
        CREATE OR REPLACE TRIGGER dcrm_purchase_deleted
            AFTER DELETE ON dcrm_purchase REFERENCING OLD TABLE AS before
            FOR EACH STATEMENT EXECUTE FUNCTION dcrm_purchase_changed();
        """
    )


def drop() -> SQL:
    """Drop what :func:`install` created; the triggers go with their table."""
    return SQL(
        """
        DROP FUNCTION IF EXISTS dcrm_purchase_changed() CASCADE;
        DROP TABLE IF EXISTS dcrm_purchase_change;
        """
    )
