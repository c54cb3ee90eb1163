"""What customers' late payment costs: the money lent to them beyond the due date."""

from odoo.tools import SQL

DAYS_OF_YEAR = 365
# The day until which a receivable is no loan.
DUE = SQL("COALESCE(line.date_maturity, line.date)")


def select(company_id: int, as_of, rate: float, moves: SQL | None = None) -> SQL:
    """Return ``(move_id, partner_id, amount)`` of posted invoices that were paid late.

    Each part of a receivable costs its amount × days from its due date to the day that
    settled it, or to ``as_of`` while it was open then, × rate / 365. The due date is
    that of its installment, without one the date of the entry. What a credit note took
    back was never owed and costs nothing; a write-off settles like a payment.

    :param as_of: the day that is looked from: what was settled later was open then
    :param rate: per cent a year; simple, not compounded
    :param SQL moves: the ids of the invoices to look at, as a list or a subselect in
        parentheses; default: all of the company
    :return: one row an invoice that costs something: the present commercial partner of
        its receivable, and the cost, positive, rounded to the company's currency
    """
    return SQL(
        """
        SELECT late.move_id, late.partner_id,
            round(sum(late.lent) * %(daily)s / currency.rounding)
                * currency.rounding AS amount
        FROM (%(late)s) late
        JOIN res_company company ON company.id = %(company_id)s
        JOIN res_currency currency ON currency.id = company.currency_id
        GROUP BY late.move_id, late.partner_id, currency.rounding
        HAVING round(sum(late.lent) * %(daily)s / currency.rounding) > 0
        """,
        late=_lent(company_id, as_of, moves),
        company_id=company_id,
        daily=SQL("%s::numeric / 100 / %s", rate, DAYS_OF_YEAR),
    )


def _lent(company_id, as_of, moves):
    """Return ``(move_id, partner_id, lent)``, amount × days, a row a receivable line.

    It is what the line would have cost without any payment, less what each of its
    matches saved.
    """
    only = SQL("AND move.id IN %s", moves) if moves else SQL()
    return SQL(
        """
        SELECT line.move_id, customer.commercial_partner_id AS partner_id,
            line.balance * (%(as_of)s - %(due)s)
                - COALESCE(sum(match.amount * (%(as_of)s - %(settled)s)), 0) AS lent
        FROM account_move move
        JOIN account_move_line line ON line.move_id = move.id
        JOIN account_account account ON account.id = line.account_id
            AND account.account_type = 'asset_receivable'
        JOIN res_partner customer ON customer.id = line.partner_id
        LEFT JOIN account_partial_reconcile match ON match.debit_move_id = line.id
        LEFT JOIN account_move_line counterpart
            ON counterpart.id = match.credit_move_id
        LEFT JOIN account_move counter ON counter.id = counterpart.move_id
        WHERE move.company_id = %(company_id)s AND move.state = 'posted'
        AND move.move_type IN ('out_invoice', 'out_receipt')
        AND line.balance > 0 AND %(due)s < %(as_of)s %(only)s
        GROUP BY line.id, customer.commercial_partner_id
        """,
        as_of=SQL("%s::date", as_of),
        due=DUE,
        settled=_settled(SQL("%s::date", as_of)),
        company_id=company_id,
        only=only,
    )


def _settled(as_of):
    """Return the day from which a match ended what ``line`` cost."""
    return SQL(
        "CASE WHEN counter.move_type = 'out_refund' AND match.max_date <= %(as_of)s"
        " THEN %(due)s ELSE GREATEST(%(due)s, LEAST(match.max_date, %(as_of)s)) END",
        as_of=as_of,
        due=DUE,
    )
