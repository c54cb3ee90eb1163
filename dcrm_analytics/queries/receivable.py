"""What customers owe: the open lines on receivable accounts, now or as of a day.

The host keeps what is left of a line in ``amount_residual``: that is what is open now.
What was open at the end of a day is that with every later match undone, of the lines
dated until then. A match is of the later of the two days it joins (``max_date``).
"""

from odoo.tools import SQL

from .customer_day import days_since

ACCOUNTS = SQL(
    "ARRAY(SELECT id FROM account_account WHERE account_type = 'asset_receivable')"
)
# What is left of a line; written as the index has it that finds these lines.
OPEN = SQL("(line.amount_residual <> 0 OR line.amount_residual_currency <> 0)")
# The last day after the due date that is still of a bucket.
BUCKETS = {"not_due": 0, "d30": 30, "d60": 60, "d90": 90, "d180": 180}
OLDEST = "over180"
DAYS_OF_WEEK = 7


def items(today: dict, as_of=None, accounts=ACCOUNTS) -> SQL:
    """Return the open items, a row a line of an entry, with the model's columns.

    Entries and customers are outer joined by their keys: PostgreSQL leaves out those
    whose columns nobody asks for.

    :param dict today: ``{day: company ids}`` that live on that day
    :param as_of: what was open at the end of this day; nothing: what is open now,
        later-dated entries and matches included, as the host counts
    :param accounts: ids of the receivable accounts, from which PostgreSQL can tell how
        many lines there are until a day; default: what finds them
    """
    if as_of:
        days = SQL("(%s::date - due.date)", as_of)
    else:
        days = days_since(SQL("line.company_id"), SQL("due.date"), today)
    return SQL(
        """
        SELECT line.id, holder.commercial_partner_id AS partner_id,
            COALESCE(move.partner_id, line.partner_id) AS contact_id,
            line.company_id, line.currency_id AS document_currency_id,
            COALESCE(move.invoice_user_id, customer.user_id) AS user_id,
            customer.industry_id, line.move_id, line.move_name AS reference,
            %(kind)s AS kind, line.date, due.date AS date_maturity,
            line.balance AS amount, line.residual, line.residual_currency,
            late.days AS days_overdue, %(bucket)s AS bucket,
            late.days = 0 AS due_today,
            late.days BETWEEN %(week)s AND 0 AS due_week,
            line.residual < 0 AS unallocated,
            CASE WHEN line.residual > 0 AND late.days > 0
                THEN line.residual * late.days ELSE 0 END AS money_days
        FROM %(open)s
        LEFT JOIN account_move move ON move.id = line.move_id
        LEFT JOIN res_partner holder ON holder.id = line.partner_id
        LEFT JOIN res_partner customer ON customer.id = holder.commercial_partner_id
        CROSS JOIN LATERAL (
            SELECT COALESCE(line.date_maturity, line.date) AS date
        ) due
        CROSS JOIN LATERAL (SELECT %(days)s AS days) late
        """,
        kind=_kind(),
        bucket=_bucket(),
        week=1 - DAYS_OF_WEEK,
        open=_open_on(as_of, accounts) if as_of else _open_now(),
        days=days,
    )


def _kind():
    return SQL(
        """CASE
            WHEN move.move_type IN ('out_invoice', 'out_receipt') THEN 'invoice'
            WHEN move.move_type = 'out_refund' THEN 'credit_note'
            WHEN move.origin_payment_id IS NOT NULL
                OR move.statement_line_id IS NOT NULL THEN 'payment'
            ELSE 'entry' END"""
    )


def _bucket():
    steps = SQL(" ").join(
        SQL("WHEN late.days <= %s THEN %s", last, name)
        for name, last in BUCKETS.items()
    )
    return SQL("CASE %s ELSE %s END", steps, OLDEST)


def rank(bucket: SQL) -> SQL:
    """Return the place of a bucket in order of age."""
    return SQL("array_position(%s, %s::text)", [*BUCKETS, OLDEST], bucket)


def ordered(expression: SQL, direction: SQL, nulls: SQL) -> SQL:
    """Return the term of an ORDER BY, as the host asks for it."""
    return SQL("%s %s %s", expression, direction, nulls)


def _open_now():
    """Return ``line``: what is open now, found by the index of what is."""
    return SQL(
        """(
        SELECT line.*, line.amount_residual AS residual,
            line.amount_residual_currency AS residual_currency
        FROM account_move_line line
        WHERE %(open)s AND line.parent_state = 'posted'
        AND line.account_id = ANY(%(accounts)s)
        ) line""",
        open=OPEN,
        accounts=ACCOUNTS,
    )


def _open_on(as_of, accounts):
    """Return ``line``: what was open at the end of a day.

    That is what is left now of the lines until then, and what was matched since. All
    is joined by hash: many lines have been matched since a day that is long past.
    """
    return SQL(
        """(
        SELECT line.*,
            line.amount_residual + COALESCE(debit.amount, 0)
                - COALESCE(credit.amount, 0) AS residual,
            line.amount_residual_currency + COALESCE(debit.amount_currency, 0)
                - COALESCE(credit.amount_currency, 0) AS residual_currency
        FROM account_move_line line
        LEFT JOIN (
            SELECT debit_move_id AS id, sum(amount) AS amount,
                sum(debit_amount_currency) AS amount_currency
            FROM account_partial_reconcile WHERE max_date > %(as_of)s
            GROUP BY debit_move_id
        ) debit ON debit.id = line.id
        LEFT JOIN (
            SELECT credit_move_id AS id, sum(amount) AS amount,
                sum(credit_amount_currency) AS amount_currency
            FROM account_partial_reconcile WHERE max_date > %(as_of)s
            GROUP BY credit_move_id
        ) credit ON credit.id = line.id
        WHERE line.parent_state = 'posted' AND line.date <= %(as_of)s
        AND line.account_id = ANY(%(accounts)s)
        AND (
            line.amount_residual + COALESCE(debit.amount, 0)
                - COALESCE(credit.amount, 0) <> 0
            OR line.amount_residual_currency + COALESCE(debit.amount_currency, 0)
                - COALESCE(credit.amount_currency, 0) <> 0
        )
        ) line""",
        as_of=as_of,
        accounts=accounts,
    )


def over_limit(open_items: SQL, limits: dict, partner_ids=None) -> SQL:
    """Return ``(company_id, partner_id)`` of who owes more than the credit limit.

    As the host does, all companies of one tree are owed to together, the limit is the
    one that the customer has in the company, and 0 is no limit.

    :param SQL open_items: what is open, as of :func:`items`
    :param dict limits: the limit of customers without one of their own, of each company
        that uses credit limits; not empty
    :param partner_ids: only these customers
    """
    only = SQL("AND item.partner_id = ANY(%s)", partner_ids) if partner_ids else SQL()
    general = SQL(" ").join(
        SQL("WHEN %s THEN %s", company_id, limit)
        for company_id, limit in limits.items()
    )
    return SQL(
        """
        SELECT company.id AS company_id, item.partner_id
        FROM (%(items)s) item
        JOIN res_company owner ON owner.id = item.company_id
        JOIN res_company company ON split_part(company.parent_path, '/', 1)
            = split_part(owner.parent_path, '/', 1)
        JOIN res_partner customer ON customer.id = item.partner_id
        CROSS JOIN LATERAL (
            SELECT COALESCE(
                (customer.credit_limit ->> company.id::text)::numeric,
                CASE company.id %(general)s END
            ) AS amount
        ) credit
        WHERE company.id IN %(companies)s AND credit.amount > 0 %(only)s
        GROUP BY company.id, item.partner_id, credit.amount
        HAVING sum(item.residual) > credit.amount
        """,
        items=open_items,
        general=general,
        companies=tuple(limits),
        only=only,
    )


def is_over_limit(alias: str, over: SQL) -> SQL:
    """Return the condition that an item's customer is among :func:`over_limit`."""
    return SQL(
        "(%s, %s) IN (%s)",
        SQL.identifier(alias, "company_id"),
        SQL.identifier(alias, "partner_id"),
        over,
    )


def figures(items: SQL, top: int) -> SQL:
    """Return ``(key, partner_id, amount, customers, items, more)``, a row a figure.

    Of each bucket and of the parts of all; ``late`` is what is overdue without the
    credits, ``more`` its ``money_days``. Then ``customer``: those who owe most, where
    ``more`` is what all owe who owe anything.

    :param SQL items: rows with ``partner_id, bucket, due_today, due_week,
        unallocated, residual, money_days, over_limit``, read once
    :param top: how many customers
    """
    rows = SQL(" UNION ALL ").join(
        SQL(
            "SELECT %s AS key, NULL::integer AS partner_id, sum(residual) AS amount,"
            " count(DISTINCT partner_id) AS customers, count(*) AS items,"
            " sum(money_days) AS more FROM item WHERE %s",
            key,
            condition,
        )
        for key, condition in _parts().items()
    )
    return SQL(
        """
        SET LOCAL jit = off;
        WITH item AS MATERIALIZED (%(items)s), customer AS (
            SELECT partner_id, sum(residual) AS amount, count(*) AS items
            FROM item WHERE partner_id IS NOT NULL
            GROUP BY partner_id HAVING sum(residual) > 0
        )
        %(rows)s
        UNION ALL (
            SELECT 'customer', partner_id, amount, 1, items, sum(amount) OVER ()
            FROM customer ORDER BY amount DESC, partner_id LIMIT %(top)s
        )
        """,
        items=items,
        rows=rows,
        top=top,
    )


def _parts():
    return {
        **{key: SQL("bucket = %s", key) for key in (*BUCKETS, OLDEST)},
        "total": SQL("TRUE"),
        "overdue": SQL("bucket <> 'not_due'"),
        "due_today": SQL("due_today"),
        "due_week": SQL("due_week"),
        "unallocated": SQL("unallocated"),
        "over_limit": SQL("over_limit"),
        "late": SQL("bucket <> 'not_due' AND NOT unallocated"),
    }


def accounts() -> SQL:
    """Return the ids of the receivable accounts, in a row each.

    What reads the lines until a day with them is not compiled: that takes longer.
    """
    return SQL(
        "SET LOCAL jit = off;"
        " SELECT id FROM account_account WHERE account_type = 'asset_receivable'"
    )


def drop() -> SQL:
    """Drop the index that finds what is open, which the host would leave behind."""
    return SQL("DROP INDEX IF EXISTS account_move_line_dcrm_open_idx")
