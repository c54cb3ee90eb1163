"""Invariants of the P&L of customers: each query yields the ids of who breaks it.

Of the ledger, written beside the statements that keep the P&L, from the host's own
tables; of every source, that the rows are still what it says.
"""

from datetime import timedelta

from odoo.tools import SQL

from .audit import is_settled
from .profit import ProfitSource, differing


def customers_unlike_ledger(company_id: int, last) -> SQL:
    """Customers whose rows are not what the entries that they are of have posted.

    :param last: when the ledger was last read: what changed since waits to be read
    """
    return SQL(
        """
        WITH waiting AS (
            SELECT id FROM account_move
            WHERE company_id = %(company_id)s AND write_date > %(last)s
            UNION
            SELECT line.move_id FROM dcrm_profit_change change
            JOIN account_move_line line ON line.partner_id = change.partner_id
            WHERE change.company_id = %(company_id)s
        ), booked AS (
            SELECT partner.commercial_partner_id AS partner_id, move.id AS move_id,
                move.date, -line.balance AS amount, 0 AS known
            FROM account_move_line line
            JOIN account_move move ON move.id = line.move_id
            JOIN account_account account ON account.id = line.account_id
            JOIN res_partner partner ON partner.id = line.partner_id
            WHERE move.company_id = %(company_id)s AND move.state = 'posted' AND (
                account.account_type = 'income'
                OR (
                    account.account_type = 'expense_direct_cost'
                    OR line.display_type = 'cogs'
                    AND account.account_type LIKE 'expense%%'
                ) AND move.move_type NOT IN ('in_invoice', 'in_refund', 'in_receipt')
            )
            UNION ALL
            SELECT partner_id, move_id, date, 0, margin FROM dcrm_customer_profit
            WHERE company_id = %(company_id)s AND source = 'ledger'
        )
        SELECT partner_id FROM booked
        WHERE NOT EXISTS (SELECT FROM waiting WHERE waiting.id = booked.move_id)
        GROUP BY partner_id, move_id, date
        HAVING sum(amount) <> sum(known)
        """,
        company_id=company_id,
        last=last,
    )


def documents_unlike_source(company_id: int, source: ProfitSource, pnl, last) -> SQL:
    """Documents whose rows are not what their source says of them.

    :param pnl: all columns of the P&L
    :param last: when the source was last read: what changed since waits to be read
    """
    return SQL(
        "SELECT res_id FROM (%s) differing EXCEPT (%s)",
        differing(company_id, source, pnl),
        source.changed(last + timedelta(microseconds=1)),
    )


def rows_that_do_not_add_up(companies, columns) -> SQL:
    """Rows whose gross margin or profit is not the sum of its columns."""
    return SQL(
        """
        SELECT id FROM dcrm_customer_profit WHERE company_id IN %s
        AND (margin <> revenue + goods OR profit <> %s)
        """,
        companies,
        SQL(" + ").join(SQL("COALESCE(%s, 0)", SQL.identifier(n)) for n in columns),
    )


def scores_unlike_profit(companies) -> SQL:
    """Scores whose profit is not the sum of the customer's rows."""
    return SQL(
        """
        SELECT score.id FROM dcrm_customer_score score
        JOIN res_company company ON company.id = score.company_id
        WHERE score.company_id IN %s AND company.customer_worth AND %s
        AND NOT EXISTS (
            SELECT FROM dcrm_worth_change waiting
            WHERE waiting.partner_id = score.partner_id
            AND waiting.company_id = score.company_id
        )
        AND score.profit IS DISTINCT FROM COALESCE((
            SELECT sum(fact.profit) FROM dcrm_customer_profit fact
            WHERE fact.partner_id = score.partner_id
            AND fact.company_id = score.company_id
        ), 0)
        """,
        companies,
        is_settled("score"),
    )


def rows_of_other_companies(companies) -> SQL:
    """Rows of another company than their document."""
    return SQL(
        """
        SELECT fact.id FROM dcrm_customer_profit fact
        LEFT JOIN account_move move ON move.id = fact.move_id
        LEFT JOIN dcrm_purchase purchase ON purchase.id = fact.purchase_id
        WHERE fact.company_id IN %s
        AND COALESCE(move.company_id, purchase.company_id, fact.company_id)
            <> fact.company_id
        """,
        companies,
    )
