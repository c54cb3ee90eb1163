"""The P&L of customers beside the ledger: what both say, and what the difference is."""

from odoo.tools import SQL

from .profit_ledger import IS_GOODS, IS_REVENUE, IS_VENDORS, TABLES

# The part of the reconciliation that each source of the P&L belongs to.
PARTS = {"ledger": "customer", "pos": "till", "import": "import"}


def table(companies: tuple[int, ...], sessions: bool) -> SQL:
    """Return a row a company, day, line of the P&L and part: ledger and customers.

    :param sessions: whether there is a till, whose sessions book without customers
    """
    return SQL(
        """
        SELECT (company_id * 100000 + (date - DATE '1970-01-01')) * 10
                + strpos('cntvi', left(part, 1)) * 2
                + CASE line WHEN 'revenue' THEN 0 ELSE 1 END AS id,
            company_id, date, line, part, sum(ledger) AS ledger,
            sum(customers) AS customers, sum(ledger) - sum(customers) AS difference
        FROM (%(ledger)s UNION ALL %(customers)s) booked
        GROUP BY company_id, date, line, part
        """,
        ledger=_ledger(companies, sessions),
        customers=_customers(companies),
    )


def _ledger(companies, sessions):
    """What was posted to the accounts of the P&L, by who it is of."""
    till = SQL()
    if sessions:
        till = SQL(
            """
            WHEN line.partner_id IS NULL AND EXISTS (
                SELECT FROM pos_session WHERE pos_session.move_id = line.move_id
            ) THEN 'till'
            """
        )
    return SQL(
        """
        SELECT line.company_id, line.date,
            CASE WHEN %(is_revenue)s THEN 'revenue' ELSE 'goods' END AS line,
            CASE WHEN NOT %(is_revenue)s AND %(is_vendors)s THEN 'vendor'
                %(till)s
                WHEN line.partner_id IS NULL THEN 'nobody'
                ELSE 'customer' END AS part,
            -sum(line.balance)::numeric(32, 6) AS ledger,
            0::numeric(32, 6) AS customers
        FROM %(tables)s
        WHERE line.company_id IN %(companies)s AND line.parent_state = 'posted'
        AND (%(is_revenue)s OR %(is_goods)s)
        GROUP BY 1, 2, 3, 4
        """,
        tables=TABLES,
        is_revenue=IS_REVENUE,
        is_goods=IS_GOODS,
        is_vendors=IS_VENDORS,
        till=till,
        companies=companies,
    )


def _customers(companies):
    """What the P&L of customers has."""
    return SQL(
        """
        SELECT fact.company_id, fact.date, each.line,
            CASE fact.source %(parts)s END AS part, 0::numeric(32, 6) AS ledger,
            sum(each.amount)::numeric(32, 6) AS customers
        FROM dcrm_customer_profit fact
        CROSS JOIN LATERAL (VALUES ('revenue', fact.revenue), ('goods', fact.goods))
            AS each (line, amount)
        WHERE fact.company_id IN %(companies)s AND fact.source IN %(sources)s
        AND each.amount <> 0
        GROUP BY 1, 2, 3, 4
        """,
        parts=SQL(" ").join(
            SQL("WHEN %s THEN %s", source, part) for source, part in PARTS.items()
        ),
        companies=companies,
        sources=tuple(PARTS),
    )
