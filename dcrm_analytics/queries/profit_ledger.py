"""What the ledger says of customers: posted revenue and posted cost of goods.

Revenue is what was posted to accounts of type Income, by whatever kind of entry. Cost
of goods is what was posted to accounts of type Cost of Revenue, and the cost lines that
the host adds to invoices, on whatever expense account; what vendors billed is no cost
of the vendor as a customer. The customer is the present commercial partner of the
line's partner, the day is the accounting date, and both have the sign of the P&L:
revenue is positive, cost negative.
"""

from odoo.tools import SQL

from . import late_payment, profit_change
from .profit import ProfitSource

# Which of the lines are the P&L's: ``account`` is a line's, ``journal`` its entry's.
IS_REVENUE = SQL("account.account_type = 'income'")
IS_GOODS = SQL(
    "(account.account_type = 'expense_direct_cost'"
    " OR account.account_type ^@ 'expense' AND line.display_type = 'cogs')"
)
# Documents of vendors are in journals for them: no other line is looked up. Not EXISTS,
# with which the host's database would read all lines in one process.
IS_VENDORS = SQL(
    """(journal.type = 'purchase' AND line.move_id IN (
        SELECT id FROM account_move
        WHERE move_type IN ('in_invoice', 'in_refund', 'in_receipt')
    ))"""
)
TABLES = SQL(
    """account_move_line line
        JOIN account_account account ON account.id = line.account_id
        JOIN account_journal journal ON journal.id = line.journal_id"""
)


def stamp() -> SQL:
    """Yield one text that differs when an account comes to or leaves the P&L."""
    return SQL(
        """
        SELECT md5(string_agg(id || account_type, ',' ORDER BY id))
        FROM account_account WHERE account_type = 'income' OR account_type ^@ 'expense'
        """
    )


def ledger(company_id: int, accounts: str) -> ProfitSource:
    """Return the source of revenue and goods: entries in the books of a company.

    :param accounts: what :func:`stamp` yields
    """

    def rows(documents):
        return SQL(
            """
            SELECT move_id AS res_id, customer.partner_id, max(date) AS date,
                bool_or(cost_known) AS cost_known, sum(revenue) AS revenue,
                sum(goods) AS goods
            FROM (
                SELECT move_id, partner_id, max(date) AS date,
                    bool_or(NOT revenue) AS cost_known,
                    COALESCE(-sum(balance) FILTER (WHERE revenue), 0) AS revenue,
                    COALESCE(-sum(balance) FILTER (WHERE NOT revenue), 0) AS goods
                FROM (%s) line GROUP BY move_id, partner_id
            ) entry
            -- OFFSET 0: looked up once an entry, instead of reading all partners.
            CROSS JOIN LATERAL (
                SELECT commercial_partner_id AS partner_id FROM res_partner
                WHERE res_partner.id = entry.partner_id OFFSET 0
            ) customer
            GROUP BY move_id, customer.partner_id
            """,
            lines(company_id, documents),
        )

    return ProfitSource(
        source="ledger",
        table="account_move",
        key="move_id",
        columns=("revenue", "goods"),
        rows=rows,
        changed=lambda since: changed(company_id, since),
        stamp=accounts or "",
        suspects=lambda astray: suspects(company_id, astray),
    )


def lines(company_id: int, documents: SQL | None) -> SQL:
    """Return the SELECT of the lines of the P&L that are a customer's."""
    return SQL(
        """
        SELECT line.move_id, line.date, line.balance, line.partner_id,
            %(is_revenue)s AS revenue
        FROM %(tables)s
        WHERE line.partner_id IS NOT NULL AND line.company_id = %(company_id)s
        AND line.parent_state = 'posted'
        AND (%(is_revenue)s OR %(is_goods)s AND NOT %(is_vendors)s) %(only)s
        """,
        tables=TABLES,
        is_revenue=IS_REVENUE,
        is_goods=IS_GOODS,
        is_vendors=IS_VENDORS,
        company_id=company_id,
        only=SQL("AND line.move_id IN %s", documents) if documents else SQL(),
    )


def suspects(company_id: int, astray: SQL) -> SQL:
    """Return the ids of the documents of the customers whose rows do not add up, or
    some row of whom is astray.

    What the lines and what the rows of a customer say is compared as one sum, in which
    each amount is weighted by its document, day and line of the P&L: grouping lines by
    customer takes a third of the time that grouping them by document does. That two
    faults of a customer make up for each other has odds of one in a million.

    :param astray: whether a row, ``fact``, is what no source would have written
    """
    return SQL(
        """
        WITH customers AS MATERIALIZED (
            SELECT partner_id FROM (
                SELECT customer.commercial_partner_id AS partner_id,
                    -sum(balance * %(by_line)s) AS worth, FALSE AS astray
                FROM (%(lines)s) line
                JOIN res_partner customer ON customer.id = line.partner_id
                GROUP BY customer.commercial_partner_id
                UNION ALL
                SELECT partner_id,
                    -sum(revenue * %(by_revenue)s + goods * %(by_goods)s),
                    bool_or(%(astray)s)
                FROM dcrm_customer_profit fact
                WHERE company_id = %(company_id)s AND source = 'ledger'
                GROUP BY partner_id
            ) compared
            GROUP BY partner_id HAVING sum(worth) <> 0 OR bool_or(astray)
        )
        SELECT res_id FROM dcrm_customer_profit
        WHERE company_id = %(company_id)s AND source = 'ledger'
        AND partner_id IN (SELECT partner_id FROM customers)
        UNION
        SELECT line.move_id FROM customers
        JOIN res_partner contact ON contact.commercial_partner_id = customers.partner_id
        JOIN account_move_line line ON line.partner_id = contact.id
        WHERE line.company_id = %(company_id)s AND line.parent_state = 'posted'
        """,
        lines=lines(company_id, None),
        company_id=company_id,
        astray=astray,
        by_line=_weight("line", "move_id", SQL("(2 - revenue::integer)")),
        by_revenue=_weight("fact", "res_id", SQL("1")),
        by_goods=_weight("fact", "res_id", SQL("2")),
    )


def _weight(row, document, number):
    """Return a whole number from 1 on that a row's document, day and a number make."""
    return SQL(
        "((%s::bigint * 7919 + (%s - DATE '1970-01-01') * 104729::bigint"
        " + %s * 15485863) %% 1000003 + 1)",
        SQL.identifier(row, document),
        SQL.identifier(row, "date"),
        number,
    )


def changed(company_id: int, since) -> SQL:
    """Changed entries, also those that left the company for another, and those of
    partners who are another customer's now."""
    return SQL(
        """
        SELECT id FROM account_move WHERE write_date >= %(since)s
        UNION ALL
        SELECT line.move_id FROM account_move_line line
        WHERE line.partner_id IN %(partners)s AND line.company_id = %(company_id)s
        """,
        company_id=company_id,
        since=since,
        partners=profit_change.partners(company_id),
    )


def late(company_id: int, as_of, rate: float) -> ProfitSource:
    """Return the source of the cost of late payment: invoices paid late, or open."""

    def rows(documents):
        return SQL(
            """
            SELECT late.move_id AS res_id, late.partner_id, move.date,
                TRUE AS cost_known, -late.amount AS late_payment
            FROM (%s) late JOIN account_move move ON move.id = late.move_id
            """,
            late_payment.select(company_id, as_of, rate, documents)
            if rate
            else SQL("SELECT 0 AS move_id, 0 AS partner_id, 0.0 AS amount WHERE FALSE"),
        )

    return ProfitSource(
        source="late_payment",
        table="account_move",
        key="move_id",
        columns=("late_payment",),
        rows=rows,
        changed=lambda since: settled(company_id, since),
        # What is open costs more each day.
        stamp=f"{rate} {as_of}" if rate else "",
    )


def settled(company_id: int, since) -> SQL:
    """Changed entries, and those that were matched since."""
    return SQL(
        """
        %s
        UNION ALL
        SELECT line.move_id FROM account_partial_reconcile match
        JOIN account_move_line line ON line.id = match.debit_move_id
        WHERE match.company_id = %s AND match.write_date >= %s
        """,
        changed(company_id, since),
        company_id,
        since,
    )


def touch(move_ids: list[int]) -> SQL:
    """Mark entries as changed now, for the next synchronisation."""
    return SQL(
        """
        UPDATE account_move SET write_date = now() AT TIME ZONE 'UTC'
        WHERE id = ANY (%s)
        """,
        move_ids,
    )
