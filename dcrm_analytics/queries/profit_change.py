"""The queue of partners whose documents are to be read again for the P&L.

Documents of the host tell by themselves when they change; that a contact has become
another company's, or a company's own, changes none of them. Imported purchases, which
are our own, tell by a trigger: the queue only grows, so nothing that commits late is
lost, and writers never wait for each other.
"""

from odoo.tools import SQL


def install() -> SQL:
    """Create the queue, and the triggers on purchases anew."""
    return SQL(
        """
        CREATE TABLE IF NOT EXISTS dcrm_profit_change (
            partner_id integer NOT NULL, company_id integer NOT NULL,
            imported boolean NOT NULL
        );
        CREATE OR REPLACE FUNCTION dcrm_profit_imported() RETURNS trigger AS $$
        BEGIN
            INSERT INTO dcrm_profit_change
            SELECT DISTINCT partner_id, company_id, TRUE FROM after
            WHERE source = 'import';
            RETURN NULL;
        END $$ LANGUAGE plpgsql;
        %s
        """,
        SQL("\n").join(_trigger(SQL(event)) for event in ("INSERT", "UPDATE")),
    )


def _trigger(event: SQL) -> SQL:
    return SQL(
        """
        DROP TRIGGER IF EXISTS %(name)s ON dcrm_purchase;
        CREATE TRIGGER %(name)s AFTER %(event)s ON dcrm_purchase
            REFERENCING NEW TABLE AS after
            FOR EACH STATEMENT EXECUTE FUNCTION dcrm_profit_imported();
        """,
        name=SQL.identifier(f"dcrm_profit_{event.code.lower()}"),
        event=event,
    )


def drop() -> SQL:
    """Drop what :func:`install` created; the triggers go with their function."""
    return SQL(
        """
        DROP FUNCTION IF EXISTS dcrm_profit_imported() CASCADE;
        DROP TABLE IF EXISTS dcrm_profit_change;
        """
    )


def add(partner_ids: list[int]) -> SQL:
    """Queue partners in every company that works out profits."""
    return SQL(
        """
        INSERT INTO dcrm_profit_change
        SELECT partner_id, company_id, FALSE FROM unnest(%s) AS partner_id
        CROSS JOIN (SELECT DISTINCT company_id FROM dcrm_profit_source) source
        """,
        partner_ids,
    )


def take(company_id: int) -> SQL:
    """Forget the partners of a company whose documents are read again now."""
    return SQL("DELETE FROM dcrm_profit_change WHERE company_id = %s", company_id)


def partners(company_id: int, imported: bool = False) -> SQL:
    """Return the SELECT of the partners that wait, in parentheses.

    :param imported: those, too, of whom only imported purchases changed
    """
    return SQL(
        "(SELECT partner_id FROM dcrm_profit_change WHERE company_id = %s %s)",
        company_id,
        SQL() if imported else SQL("AND NOT imported"),
    )
