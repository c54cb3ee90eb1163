"""Sums of rows of the P&L that a user may see: by customer, and by quarter."""

from odoo.tools import SQL


def by_customer(query, columns) -> SQL:
    """Yield ``(partner_id, documents, documents without known cost, sums…)``.

    :param query: the host's query of the rows of ``dcrm_customer_profit``
    """
    source, document, customer, cost_known = (
        SQL.identifier(query.table, name)
        for name in ("source", "res_id", "partner_id", "cost_known")
    )
    return SQL(
        "%s GROUP BY %s ORDER BY 1",
        query.select(
            customer,
            SQL(
                "count(DISTINCT (%(source)s = 'pos', %(source)s = 'import', %(id)s))",
                source=source,
                id=document,
            ),
            SQL("count(*) FILTER (WHERE NOT %s)", cost_known),
            *(SQL("sum(%s)", SQL.identifier(query.table, name)) for name in columns),
        ),
        customer,
    )


def values(query, value, by_group=False, step=None) -> SQL:
    """Yield ``(period, array of what each customer is worth)`` by period.

    :param query: the host's query of the rows of ``dcrm_customer_profit``
    :param str value: the column that is added up
    :param by_group: of groups instead of customers, as their scores name them
    :param step: ``'quarter'`` and the like; default: one period of all rows, NULL
    """
    customer = SQL("fact.partner_id")
    join = SQL()
    if by_group:
        customer = SQL("COALESCE(score.group_id, fact.partner_id)")
        join = SQL(
            """LEFT JOIN dcrm_customer_score score
                ON score.partner_id = fact.partner_id
                AND score.company_id = fact.company_id"""
        )
    return SQL(
        """
        SELECT period, array_agg(worth) FROM (
            SELECT %(period)s AS period, CAST(sum(fact.value) AS float8) AS worth
            FROM (%(rows)s) AS fact (partner_id, company_id, date, value) %(join)s
            GROUP BY 1, %(customer)s
        ) customer
        GROUP BY period ORDER BY period
        """,
        period=SQL("CAST(date_trunc(%s, fact.date) AS date)", step)
        if step
        else SQL("CAST(NULL AS date)"),
        rows=query.select(
            *(
                SQL.identifier(query.table, name)
                for name in ("partner_id", "company_id", "date", value)
            )
        ),
        join=join,
        customer=customer,
    )


def revenue_of_unknown_cost(revenue: SQL, cost_known: SQL) -> SQL:
    """Return what of a revenue is margin in full, since no cost is known of it."""
    return SQL("CASE WHEN %s THEN 0.0 ELSE %s END", cost_known, revenue)
