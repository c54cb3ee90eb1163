"""Put on scores what the P&L and the tree of partners say of their customers."""

from odoo.tools import SQL


def write(company_id: int, customers: SQL | None = None) -> SQL:
    """Write the cumulative profit and the group of scores where they differ.

    What is joined has a key: whatever the planner expects of tables that have just been
    written in bulk, it takes no longer than in proportion to them.

    :param customers: only of the customers with these ids, a subselect in parentheses
    """
    own = SQL(
        "s.company_id = %s %s",
        company_id,
        SQL("AND s.partner_id IN %s", customers) if customers else SQL(),
    )
    scored = SQL("SELECT s.partner_id FROM dcrm_customer_score s WHERE %s", own)
    return SQL(
        """
        DROP TABLE IF EXISTS pg_temp.dcrm_worth_profit, pg_temp.dcrm_worth_group;
        CREATE TEMPORARY TABLE dcrm_worth_profit (
            partner_id integer PRIMARY KEY, profit numeric
        ) ON COMMIT DROP;
        CREATE TEMPORARY TABLE dcrm_worth_group (
            partner_id integer PRIMARY KEY, group_id integer
        ) ON COMMIT DROP;
        INSERT INTO dcrm_worth_profit %(totals)s;
        WITH RECURSIVE %(groups)s
        INSERT INTO dcrm_worth_group SELECT id, group_id FROM top;
        ANALYZE dcrm_worth_profit, dcrm_worth_group;
        UPDATE dcrm_customer_score score
        SET profit = now.profit, group_id = now.group_id
        FROM (
            SELECT s.id, COALESCE(total.profit, 0) AS profit,
                COALESCE(top.group_id, s.partner_id) AS group_id
            FROM dcrm_customer_score s
            LEFT JOIN dcrm_worth_group top ON top.partner_id = s.partner_id
            LEFT JOIN dcrm_worth_profit total ON total.partner_id = s.partner_id
            WHERE %(own)s
        ) now
        WHERE now.id = score.id AND CASE WHEN (score.profit, score.group_id)
            IS DISTINCT FROM (now.profit, now.group_id) THEN 1 END = 1
        """,
        totals=totals(company_id, customers),
        groups=groups(scored),
        own=own,
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
            WHERE c.parent_id IS NOT NULL AND c.id IN (%(customers)s)
            UNION
            SELECT climbed.id, parent.parent_id FROM climbed %(parent)s
            WHERE parent.parent_id IS NOT NULL
        ), top AS (
            SELECT climbed.id, climbed.above AS group_id FROM climbed %(parent)s
            WHERE parent.parent_id IS NULL
        )
        """,
        customers=customers,
        # Looked up by the id of each, whatever the planner expects.
        parent=SQL(
            """
            CROSS JOIN LATERAL (
                SELECT parent_id FROM res_partner WHERE id = climbed.above OFFSET 0
            ) AS parent
            """
        ),
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
