"""What the ledger says of customers: posted revenue and posted cost of goods.

Revenue is what was posted to accounts of type Income, by whatever kind of entry. Cost of
goods is what was posted to accounts of type Cost of Revenue, and the cost lines that the
host adds to invoices wherever they are posted; what vendors billed is no cost of the
vendor as a customer. The customer is the present commercial partner of the line's
partner, the day is the accounting date, and both have the sign of the P&L: revenue is
positive, cost negative.
"""

from dataclasses import dataclass

from odoo.tools import SQL

from . import late_payment, profit_change
from .profit import ProfitSource

VENDOR_DOCUMENTS = ("in_invoice", "in_refund", "in_receipt")


@dataclass(frozen=True)
class Accounts:
    """The accounts and journals of the P&L, as lists of their ids.

    :param expenses: accounts on which a line of the kind *cost of goods* is one
    :param purchases: journals of vendors' documents
    """

    revenue: tuple[int, ...]
    goods: tuple[int, ...]
    expenses: tuple[int, ...]
    purchases: tuple[int, ...]

    @property
    def stamp(self) -> str:
        """Return what the ledger must be read anew for when it changes."""
        return ";".join(
            ",".join(map(str, ids)) for ids in (self.revenue, self.goods, self.expenses)
        )

    def is_revenue(self) -> SQL:
        """Whether ``line`` is revenue."""
        return SQL("line.account_id = ANY (%s)", list(self.revenue))

    def is_goods(self) -> SQL:
        """Whether ``line`` is cost of goods, of whomever."""
        return SQL(
            "(line.account_id = ANY (%s)"
            " OR line.display_type = 'cogs' AND line.account_id = ANY (%s))",
            list(self.goods),
            list(self.expenses),
        )

    def is_vendors(self) -> SQL:
        """Whether ``line`` is of a vendor's document: these are in journals for them,
        so that hardly any other document has to be looked up."""
        return SQL(
            """
            CASE WHEN line.journal_id = ANY (%s) THEN EXISTS (
                SELECT FROM account_move move
                WHERE move.id = line.move_id AND move.move_type IN %s
            ) ELSE FALSE END
            """,
            list(self.purchases),
            VENDOR_DOCUMENTS,
        )


def accounts() -> SQL:
    """Yield one row with the lists of ids of :class:`Accounts`."""
    return SQL(
        """
        SELECT
            ARRAY(SELECT id FROM account_account WHERE account_type = 'income'
                ORDER BY id),
            ARRAY(SELECT id FROM account_account
                WHERE account_type = 'expense_direct_cost' ORDER BY id),
            ARRAY(SELECT id FROM account_account WHERE account_type ^@ 'expense'
                AND account_type <> 'expense_direct_cost' ORDER BY id),
            ARRAY(SELECT id FROM account_journal WHERE type = 'purchase' ORDER BY id)
        """
    )


def ledger(company_id: int, books: Accounts) -> ProfitSource:
    """Return the source of revenue and goods: entries in the books of a company."""

    def rows(documents):
        return SQL(
            """
            SELECT move_id AS res_id, partner_id, max(date) AS date,
                bool_or(NOT revenue) AS cost_known,
                COALESCE(-sum(balance) FILTER (WHERE revenue), 0) AS revenue,
                COALESCE(-sum(balance) FILTER (WHERE NOT revenue), 0) AS goods
            FROM (%s) line GROUP BY move_id, partner_id
            """,
            lines(company_id, books, documents),
        )

    return ProfitSource(
        source="ledger",
        table="account_move",
        key="move_id",
        columns=("revenue", "goods"),
        rows=rows,
        changed=lambda since: changed(company_id, since),
        stamp=books.stamp,
    )


def lines(company_id: int, books: Accounts, documents: SQL | None) -> SQL:
    """Return the SELECT of the lines of the P&L that are a customer's."""
    return SQL(
        """
        SELECT line.move_id, line.date, line.balance, %(is_revenue)s AS revenue,
            customer.commercial_partner_id AS partner_id
        FROM account_move_line line
        JOIN res_partner customer ON customer.id = line.partner_id
        WHERE line.company_id = %(company_id)s AND line.parent_state = 'posted'
        AND (%(is_revenue)s OR %(is_goods)s AND NOT %(is_vendors)s) %(only)s
        """,
        is_revenue=books.is_revenue(),
        is_goods=books.is_goods(),
        is_vendors=books.is_vendors(),
        company_id=company_id,
        only=SQL("AND line.move_id IN %s", documents) if documents else SQL(),
    )


def changed(company_id: int, since) -> SQL:
    """Changed entries, and those of partners who are another customer's now."""
    return SQL(
        """
        SELECT id FROM account_move WHERE company_id = %(company_id)s
            AND write_date >= %(since)s
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
