"""What settled receivables: payments, credit notes, other entries, match by match."""

from odoo.tools import SQL

from .receivable import ACCOUNTS

# Looked up where no money settled, and only there.
CREDITED = SQL("credited.id IS NOT NULL")
# Not EXISTS, with which the database would read all matches in one process.
EXCHANGES = SQL(
    "(SELECT exchange_move_id FROM account_partial_reconcile"
    " WHERE exchange_move_id IS NOT NULL)"
)


def ledger() -> SQL:
    """Return the ids of receivable accounts, and of journals of money, in a row.

    PostgreSQL can tell from the ids how many lines they have, from a subselect not.
    From here on no statement of the transaction is compiled: those that read many
    matches take longer to compile than they gain. And lines are looked up by their id:
    a join by hash reads all lines of all years, most on no receivable account.
    """
    return SQL(
        """
        SET LOCAL jit = off;
        SET LOCAL random_page_cost = 1.1;
        SELECT
            ARRAY(SELECT id FROM account_account
                WHERE account_type = 'asset_receivable'),
            ARRAY(SELECT id FROM account_journal
                WHERE type IN ('bank', 'cash', 'credit'))
        """
    )


def matches(accounts: list, money: list) -> SQL:
    """Return a row a match on a receivable account, with the model's columns.

    Where one side of a match is of a journal of money, it is a payment on that side's
    day; money on the debit side was paid back and is negative. Money matched with
    money, a payment that was returned, settles nothing. Anything else settles on the
    later day of the two, what is on the debit side.

    Entries, payments and customers are outer joined by their keys: PostgreSQL leaves
    out those whose columns nobody asks for.

    :param accounts, money: ids of receivable accounts and of journals of money
    """
    return SQL(
        """
        SELECT match.id, %(kind)s AS kind, day.settling AS date,
            match.max_date AS settled_on, holder.commercial_partner_id AS partner_id,
            settled.company_id, settling.journal_id,
            payment.payment_method_line_id,
            COALESCE(invoice.invoice_user_id, customer.user_id) AS user_id,
            customer.industry_id, settling.move_id,
            settling.move_name AS reference, settled.move_id AS settled_move_id,
            settled.move_name AS settled_reference,
            day.due AS date_maturity, signed.amount,
            day.settling - day.due AS days_late,
            signed.amount * (day.settling - day.due) AS money_days
        FROM account_partial_reconcile match
        JOIN account_move_line credit ON credit.id = match.credit_move_id
        JOIN account_move_line debit ON debit.id = match.debit_move_id
        CROSS JOIN LATERAL (
            SELECT credit.journal_id = ANY(%(money)s) AS came,
                debit.journal_id = ANY(%(money)s) AS back
        ) paid
        CROSS JOIN LATERAL (SELECT %(settling)s) settling
        CROSS JOIN LATERAL (SELECT %(settled)s) settled
        LEFT JOIN account_move credited ON credited.move_type = 'out_refund'
            AND credited.id = CASE WHEN NOT (paid.came OR paid.back)
                THEN settling.move_id END
        LEFT JOIN account_move move ON move.id = settling.move_id
        LEFT JOIN account_move invoice ON invoice.id = settled.move_id
        LEFT JOIN account_payment payment ON payment.id = move.origin_payment_id
        LEFT JOIN res_partner holder
            ON holder.id = COALESCE(settled.partner_id, settling.partner_id)
        LEFT JOIN res_partner customer ON customer.id = holder.commercial_partner_id
        CROSS JOIN LATERAL (
            SELECT CASE WHEN paid.back THEN -match.amount ELSE match.amount END
                AS amount
        ) signed
        CROSS JOIN LATERAL (
            SELECT CASE WHEN paid.came OR paid.back THEN settling.date
                    ELSE match.max_date END AS settling,
                CASE WHEN invoice.move_type IN ('out_invoice', 'out_receipt')
                    AND (paid.came OR paid.back OR NOT %(credited)s)
                    THEN COALESCE(settled.date_maturity, settled.date) END AS due
        ) day
        WHERE credit.account_id = ANY(%(accounts)s) AND NOT (paid.came AND paid.back)
        """,
        kind=_kind(),
        credited=CREDITED,
        accounts=accounts,
        money=money,
        settling=_side("debit", "credit"),
        settled=_side("credit", "debit"),
    )


def _side(back, came):
    """Return the columns of a side of a match, by whether money was paid back."""
    names = ("move_id", "move_name", "journal_id", "company_id", "partner_id")
    return SQL(", ").join(
        SQL(
            "CASE WHEN paid.back THEN %s ELSE %s END AS %s",
            SQL.identifier(back, name),
            SQL.identifier(came, name),
            SQL.identifier(name),
        )
        for name in (*names, "date", "date_maturity")
    )


def _kind():
    return SQL(
        """CASE
            WHEN paid.came OR paid.back THEN 'payment'
            WHEN %s THEN 'credit_note'
            WHEN settling.move_id IN %s OR settled.move_id IN %s THEN 'exchange'
            ELSE 'entry' END""",
        CREDITED,
        EXCHANGES,
        EXCHANGES,
    )


def settles(alias, customer_ids) -> SQL:
    """Return whether a match is of a line in the name of one of customers.

    Beside the customer itself, which no index finds: here the lines' ones do.
    """
    return SQL(
        "%s = ANY(ARRAY(SELECT match.id FROM res_partner holder"
        " JOIN account_move_line line ON line.partner_id = holder.id"
        " CROSS JOIN LATERAL ("
        " SELECT id FROM account_partial_reconcile WHERE debit_move_id = line.id"
        " UNION ALL"
        " SELECT id FROM account_partial_reconcile WHERE credit_move_id = line.id"
        ") match WHERE holder.commercial_partner_id = ANY(%s)"
        " AND line.account_id = ANY(%s)))",
        SQL.identifier(alias, "id"),
        list(customer_ids),
        ACCOUNTS,
    )


def mean_days(money_days: SQL, amount: SQL, days: SQL) -> SQL:
    """Return the average of days late, weighted by amount; none of nothing."""
    return SQL(
        "sum(%s)::float / NULLIF(sum(%s) FILTER (WHERE %s IS NOT NULL), 0)",
        money_days,
        amount,
        days,
    )
