"""Put on scores what the P&L and the tree of partners say of their customers."""

from odoo.tools import SQL


def write(company_id: int, customers: SQL | None = None) -> SQL:
    """Write the cumulative profit and the group of scores where they differ.

    :param customers: only of the customers with these ids, a subselect in parentheses
    """
    scores = SQL(
        "FROM dcrm_customer_score s WHERE s.company_id = %s %s",
        company_id,
        SQL("AND s.partner_id IN %s", customers) if customers else SQL(),
    )
    return SQL(
        """
        WITH RECURSIVE %(groups)s
        UPDATE dcrm_customer_score score
        SET profit = now.profit, group_id = now.group_id
        FROM (
            SELECT s.id, COALESCE(total.profit, 0) AS profit,
                COALESCE(top.group_id, s.partner_id) AS group_id
            FROM dcrm_customer_score s
            LEFT JOIN top ON top.id = s.partner_id
            LEFT JOIN (%(totals)s) total ON total.partner_id = s.partner_id
            WHERE s.id IN (SELECT s.id %(scores)s)
        ) now
        WHERE now.id = score.id AND CASE WHEN (score.profit, score.group_id)
            IS DISTINCT FROM (now.profit, now.group_id) THEN 1 END = 1
        """,
        groups=groups(SQL("SELECT s.partner_id %s", scores)),
        totals=totals(company_id, customers),
        scores=scores,
    )


def totals(company_id: int, customers: SQL | None = None) -> SQL:
    """Return the SELECT of the cumulative profit of each customer."""
    return SQL(
        """
        SELECT partner_id, sum(profit) AS profit FROM dcrm_customer_profit
        WHERE company_id = %s %s GROUP BY partner_id
        """,
        company_id,
        SQL("AND partner_id IN %s", customers) if customers else SQL(),
    )


def groups(customers: SQL) -> SQL:
    """Return the recursive tables that end with ``top (id, group_id)``: the topmost
    parents of those customers who have a parent.

    :param customers: the SELECT of the customers' ids
    """
    return SQL(
        """
        climbed AS (
            SELECT c.id, c.parent_id AS above FROM res_partner c
            WHERE c.parent_id IS NOT NULL AND c.id IN (%s)
            UNION
            SELECT climbed.id, parent.parent_id FROM climbed
            JOIN res_partner parent ON parent.id = climbed.above
            WHERE parent.parent_id IS NOT NULL
        ), top AS (
            SELECT climbed.id, parent.id AS group_id FROM climbed
            JOIN res_partner parent ON parent.id = climbed.above
            WHERE parent.parent_id IS NULL
        )
        """,
        customers,
    )


def queue(partner_ids: list[int]) -> SQL:
    """Have the next refresh look at the scores of partners again."""
    return SQL(
        """
        INSERT INTO dcrm_purchase_change
        SELECT partner_id, company_id FROM dcrm_customer_score
        WHERE partner_id = ANY (%s)
        """,
        partner_ids,
    )
