"""The queue of customers whose worth is to be worked out anew.

A refresh of scores hands on the customers that it took from ``dcrm_purchase_change``;
the phase that works out worth, a transaction later, takes them from here.
"""

from odoo.tools import SQL


def install() -> SQL:
    """Create the queue where it is not there."""
    return SQL(
        """
        CREATE TABLE IF NOT EXISTS dcrm_worth_change (
            partner_id integer NOT NULL, company_id integer NOT NULL
        );
        ALTER TABLE dcrm_worth_change
            ADD COLUMN IF NOT EXISTS bought boolean NOT NULL DEFAULT TRUE
        """
    )


def drop() -> SQL:
    """Drop what :func:`install` created."""
    return SQL("DROP TABLE IF EXISTS dcrm_worth_change")


def hand_on(company_id) -> SQL:
    """Queue the customers that a refresh of scores has taken (``dcrm_score_stale``)."""
    return SQL(
        """
        INSERT INTO dcrm_worth_change (partner_id, company_id, bought)
        SELECT partner_id, %s, bought FROM dcrm_score_stale
        """,
        company_id,
    )


def queue(company_id, partner_ids) -> SQL:
    """Have the next refresh look at what customers are worth."""
    return SQL(
        """
        INSERT INTO dcrm_worth_change (partner_id, company_id)
        SELECT unnest(%s), %s
        """,
        list(partner_ids),
        company_id,
    )
