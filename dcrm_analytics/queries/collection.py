"""What settled receivables: payments, credit notes, other entries, match by match."""

from odoo.tools import SQL

from .receivable import ACCOUNTS

MONEY = SQL(
    "ARRAY(SELECT id FROM account_journal WHERE type IN ('bank', 'cash', 'credit'))"
)


def matches() -> SQL:
    """Return a row a match on a receivable account, with the model's columns.

    Where one side of a match is of a journal of money, it is a payment on that side's
    day; money on the debit side was paid back and is negative. Money matched with
    money, a payment that was returned, settles nothing. Anything else settles on the
    later day of the two, what is on the debit side.
    """
    credit, debit = SQL("match.credit_move_id"), SQL("match.debit_move_id")
    money = SQL("settling.journal_id = ANY(%s)", MONEY)
    other = SQL("settling.journal_id <> ALL(%s)", MONEY)
    day, later = SQL("settling.date"), SQL("match.max_date")
    amount, back = SQL("match.amount"), SQL("-match.amount")
    return SQL(" UNION ALL ").join(
        [
            _settlements(credit, debit, money, day, amount),
            _settlements(debit, credit, money, day, back),
            _settlements(credit, debit, other, later, amount),
        ]
    )


def _settlements(by, of, condition, day, amount):
    """Return the matches whose line ``by`` settles the line ``of``, which is no money.

    :param SQL by, of: ids of lines of the match
    :param SQL condition: which lines ``settling`` count
    :param SQL day, amount: when and how much was settled
    """
    return SQL(
        """
        SELECT match.id, %(kind)s AS kind, %(day)s AS date,
            match.max_date AS settled_on, customer.id AS partner_id,
            settled.company_id, settling.journal_id,
            payment.payment_method_line_id,
            COALESCE(invoice.invoice_user_id, customer.user_id) AS user_id,
            customer.industry_id, settling.move_id,
            settling.move_name AS reference, settled.move_id AS settled_move_id,
            settled.move_name AS settled_reference,
            due.date AS date_maturity, %(amount)s AS amount,
            %(day)s - due.date AS days_late,
            %(amount)s * (%(day)s - due.date) AS money_days
        FROM account_partial_reconcile match
        JOIN account_move_line settling ON settling.id = %(by)s
        JOIN account_move_line settled ON settled.id = %(of)s
        JOIN account_move move ON move.id = settling.move_id
        JOIN account_move invoice ON invoice.id = settled.move_id
        LEFT JOIN account_payment payment ON payment.id = move.origin_payment_id
        LEFT JOIN res_partner holder
            ON holder.id = COALESCE(settled.partner_id, settling.partner_id)
        LEFT JOIN res_partner customer ON customer.id = holder.commercial_partner_id
        CROSS JOIN LATERAL (
            SELECT CASE WHEN invoice.move_type IN ('out_invoice', 'out_receipt')
                AND move.move_type <> 'out_refund'
                THEN COALESCE(settled.date_maturity, settled.date) END AS date
        ) due
        WHERE settling.account_id = ANY(%(accounts)s)
        AND settled.journal_id <> ALL(%(money)s) AND %(condition)s
        """,
        kind=_kind(),
        day=day,
        amount=amount,
        by=by,
        of=of,
        accounts=ACCOUNTS,
        money=MONEY,
        condition=condition,
    )


def _kind():
    return SQL(
        """CASE
            WHEN settling.journal_id = ANY(%s) THEN 'payment'
            WHEN move.move_type = 'out_refund' THEN 'credit_note'
            WHEN EXISTS (
                SELECT FROM account_partial_reconcile other
                WHERE other.exchange_move_id IN (settling.move_id, settled.move_id)
            ) THEN 'exchange'
            ELSE 'entry' END""",
        MONEY,
    )


def settles(alias, customer_ids) -> SQL:
    """Return whether a match settles an entry in the name of one of customers.

    Beside the customer itself, which no index finds: here the entries' one does.
    """
    return SQL(
        "%s = ANY(ARRAY(SELECT move.id FROM account_move move"
        " JOIN res_partner holder ON holder.id = move.partner_id"
        " WHERE holder.commercial_partner_id = ANY(%s)))",
        SQL.identifier(alias, "settled_move_id"),
        list(customer_ids),
    )


def mean_days(money_days: SQL, amount: SQL, days: SQL) -> SQL:
    """Return the average of days late, weighted by amount; none of nothing."""
    return SQL(
        "sum(%s)::float / NULLIF(sum(%s) FILTER (WHERE %s IS NOT NULL), 0)",
        money_days,
        amount,
        days,
    )
