"""Posted invoices, credit notes and receipts as purchases.

An order and its invoice are one purchase. With basis *invoice* the invoice is it; with
basis *sale* an invoice counts by those of its lines that bill no order which counts,
so that what was sold without an order, or by an order that was cancelled after it was
invoiced, is seen, and the credit notes of both meet what they take back. A credit note
of an order that counts takes back only what brings the order below what it counts:
what was invoiced beyond it (by mistake, and again; at a higher price; or before the
order was reduced) never counted, so that crediting it takes nothing away.

The lines of down payments never count: an advance is no purchase, and the final
invoice, whose deduction of it is left out, counts for all that was bought.
"""

from odoo.tools import SQL

from .purchase import Documents, Scope


def documents(scope: Scope) -> Documents:
    """Return the customer documents in the books of the scope's company."""
    amount = SQL("doc.amount_untaxed_signed - line.left_out")
    return Documents(
        source="invoice",
        table="account_move",
        key="move_id",
        joins=SQL("LEFT JOIN LATERAL (%s) line ON TRUE", _lines(scope)),
        counts=SQL(
            "doc.state = 'posted' AND doc.company_id = %s"
            " AND doc.move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
            " AND (line.counted > 0 OR line.all = 0) %s",
            scope.company_id,
            _not_till(scope),
        ),
        columns={
            "customer_id": SQL("doc.commercial_partner_id"),
            "contact_id": SQL("doc.partner_id"),
            "user_id": SQL("doc.invoice_user_id"),
            "date": SQL("COALESCE(doc.invoice_date, doc.date)"),
            "amount": scope.rounded(amount),
            "margin": scope.rounded(SQL("%s - line.cost", amount)),
            "reference": SQL("COALESCE(doc.name, doc.ref)"),
        },
        changed=_changed(scope),
    )


def _lines(scope: Scope) -> SQL:
    """Sum up a document's lines: how many, how many count, what is left out, cost.

    ``OFFSET 0`` has each line's own worked out once, and not again for each sum.
    """
    return SQL(
        """
        SELECT count(*) AS all,
            count(*) FILTER (WHERE share > 0) AS counted,
            COALESCE(sum(amount * (1 - share)), 0) AS left_out,
            %(cost)s AS cost
        FROM (
            SELECT -item.balance AS amount, %(share)s AS share, %(costs)s
            FROM account_move_line item
            WHERE item.move_id = doc.id AND item.display_type = 'product'
            OFFSET 0
        ) item
        """,
        share=share(scope),
        cost=_cost(),
        costs=_costs(scope),
    )


def share(scope: Scope) -> SQL:
    """How much, 0 to 1, of a line ``item`` of a document ``doc`` counts."""
    if scope.basis == "sale":
        return SQL(
            "CASE WHEN %s THEN 0 ELSE COALESCE((%s), 1) END",
            _advance(),
            _share_of_ordered(scope),
        )
    return SQL("CASE WHEN %s THEN 0 ELSE 1 END", _advance())


def _advance() -> SQL:
    """Whether a line is a down payment's: marked so, or by the till in its tax data."""
    return SQL(
        "(item.is_downpayment IS TRUE OR COALESCE("
        "item.extra_tax_data ->> 'computation_key', '') ~ '^down_payment(,|$)')"
    )


def _share_of_ordered(scope: Scope) -> SQL:
    """How much of a line counts that bills an order which counts; no row: it doesn't.

    The order has counted an invoice's line already. A line of a credit note takes back
    what the order counted, unless the order itself holds the return, as a line with
    the credit note's sign; credit notes first use up, the earliest first, what was
    invoiced beyond the order.

    What is billed is counted in units of the order at the order's price: at a price
    that is a fifth higher, ten are twelve, of which two are beyond the order.
    """
    return SQL(
        """
        SELECT CASE
            WHEN doc.move_type <> 'out_refund'
                OR sign(ordered.price_subtotal) = sign(-item.balance) THEN 0
            ELSE (
                SELECT CASE WHEN own = 0 THEN 1 ELSE (
                    GREATEST(before + own - surplus, 0) - GREATEST(before - surplus, 0)
                ) / own END
                FROM (%(billed)s) billed
            ) END
        FROM sale_order_line_invoice_rel link
        JOIN sale_order_line ordered ON ordered.id = link.order_line_id
        JOIN sale_order ON sale_order.id = ordered.order_id
        WHERE link.invoice_line_id = item.id
        AND sale_order.state = 'sale' AND sale_order.company_id = %(company_id)s
        ORDER BY ordered.id LIMIT 1
        """,
        billed=_billed(),
        company_id=scope.company_id,
    )


def _billed() -> SQL:
    """Units billed of an order's line, at its price: by how much its invoices go beyond
    it, what this line of a credit note credits, and what earlier ones did.

    Counted in the direction of this line: a deduction has a negative quantity, in the
    order and in all that bills it.
    """
    quantity = SQL(
        "sign(item.quantity) * %s * %s",
        _quantity(SQL("other")),
        _price_ratio(SQL("other"), SQL("move")),
    )
    return SQL(
        """
        SELECT GREATEST(COALESCE(sum(%(quantity)s)
                FILTER (WHERE move.move_type <> 'out_refund'), 0)
                - sign(item.quantity) * ordered.product_uom_qty, 0) AS surplus,
            COALESCE(sum(%(quantity)s) FILTER (WHERE other.id = item.id), 0) AS own,
            COALESCE(sum(%(quantity)s) FILTER (WHERE move.move_type = 'out_refund'
                AND (COALESCE(move.invoice_date, move.date), other.id)
                < (COALESCE(doc.invoice_date, doc.date), item.id)), 0) AS before
        FROM sale_order_line_invoice_rel bill
        JOIN account_move_line other ON other.id = bill.invoice_line_id
        JOIN account_move move ON move.id = other.move_id
        LEFT JOIN uom_uom unit ON unit.id = ordered.product_uom_id
        LEFT JOIN uom_uom billed ON billed.id = other.product_uom_id
        WHERE bill.order_line_id = ordered.id AND move.state = 'posted'
        """,
        quantity=quantity,
    )


def _quantity(line: SQL) -> SQL:
    """The quantity of a line that bills ``ordered``, in the unit of the order."""
    return SQL(
        "%s.quantity * COALESCE(billed.factor / NULLIF(unit.factor, 0), 1)", line
    )


def _price_ratio(line: SQL, move: SQL) -> SQL:
    """How many times the price of ``ordered`` a line bills, by amounts without taxes.

    1 where the two can not be compared, and where they differ by a rounding.
    """
    return SQL(
        """
        COALESCE((
            SELECT CASE WHEN abs(billed_for - due) >= 2 * currency.rounding
                THEN billed_for / NULLIF(due, 0) END
            FROM res_currency currency
            CROSS JOIN LATERAL (
                SELECT abs(%(line)s.amount_currency) AS billed_for,
                    abs(%(quantity)s * ordered.price_subtotal
                        / NULLIF(ordered.product_uom_qty, 0)) AS due
            ) price
            WHERE currency.id = %(move)s.currency_id
            AND currency.id = sale_order.currency_id
        ), 1)
        """,
        line=line,
        quantity=_quantity(line),
        move=move,
    )


def _costs(scope: Scope) -> SQL:
    """The cost of a line: as posted, and as the order knows it; a credit note's price.

    Both are the cost of all of the line's quantity.
    """
    posted = ordered = ratio = SQL("NULL::numeric")
    bills = SQL(
        """
        FROM sale_order_line_invoice_rel link
        JOIN sale_order_line ordered ON ordered.id = link.order_line_id
        JOIN sale_order ON sale_order.id = ordered.order_id
        LEFT JOIN uom_uom unit ON unit.id = ordered.product_uom_id
        LEFT JOIN uom_uom billed ON billed.id = item.product_uom_id
        WHERE link.invoice_line_id = item.id
        ORDER BY ordered.id LIMIT 1
        """
    )
    if "account.move.line.cogs_origin_id" in scope.features:
        posted = SQL(
            """(
            SELECT sum(cost.balance) FROM account_move_line cost
            JOIN account_account account ON account.id = cost.account_id
            WHERE cost.cogs_origin_id = item.id AND cost.move_id = item.move_id
            AND cost.display_type = 'cogs'
            AND account.account_type ~ '^(expense|income)'
            )"""
        )
    if "sale.order.line.purchase_price" in scope.features:
        ordered = SQL(
            """(
            SELECT ordered.purchase_price * %s
                / COALESCE(NULLIF(sale_order.currency_rate, 0), 1)
                * CASE doc.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
            %s
            )""",
            _quantity(SQL("item")),
            bills,
        )
    if scope.features & {
        "account.move.line.cogs_origin_id",
        "sale.order.line.purchase_price",
    }:
        ratio = SQL(
            "CASE doc.move_type WHEN 'out_refund' THEN (SELECT %s %s) END",
            _price_ratio(SQL("item"), SQL("doc")),
            bills,
        )
    return SQL(
        "%s AS posted_cost, %s AS ordered_cost, COALESCE(%s, 1) AS price_ratio",
        posted,
        ordered,
        ratio,
    )


def _cost() -> SQL:
    """The cost of what counts: posted cost of goods, else the orders', else unknown.

    Of a credit note's line it is the cost of as many units as it takes back at the
    order's price, and at most of all: a rebate brings hardly any goods back. What is
    posted says by itself how many came back.
    """
    return SQL(
        """COALESCE(
            sum(posted_cost * LEAST(share * GREATEST(price_ratio, 1), 1))
                FILTER (WHERE share > 0),
            CASE WHEN bool_and(ordered_cost IS NOT NULL) FILTER (WHERE share > 0)
            THEN sum(ordered_cost * LEAST(share * price_ratio, 1))
                FILTER (WHERE share > 0) END
        )"""
    )


def _not_till(scope: Scope) -> SQL:
    """With basis *sale* the till's order is the purchase, and not its invoice."""
    if scope.basis != "sale" or "pos.order.account_move" not in scope.features:
        return SQL()
    return SQL(
        "AND NOT EXISTS (SELECT FROM pos_order till WHERE till.account_move = doc.id"
        " AND till.state IN ('paid', 'done', 'invoiced'))"
    )


def _changed(scope: Scope) -> SQL:
    """Changed documents, those that bill what a changed document bills, and those that
    bill changed orders: whether they count, or what they cost, hangs on these."""
    till = SQL()
    if "pos.order.account_move" in scope.features:
        till = SQL(
            "UNION ALL SELECT account_move FROM pos_order WHERE write_date >= %s",
            scope.since,
        )
    return SQL(
        """doc.id IN (
            SELECT id FROM account_move WHERE write_date >= %(since)s
            UNION ALL
            SELECT other.move_id FROM account_move
            JOIN account_move_line line ON line.move_id = account_move.id
            JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = line.id
            JOIN sale_order_line_invoice_rel bill
                ON bill.order_line_id = link.order_line_id
            JOIN account_move_line other ON other.id = bill.invoice_line_id
            WHERE account_move.write_date >= %(since)s
            UNION ALL
            SELECT billed.move_id FROM sale_order
            JOIN sale_order_line ordered ON ordered.order_id = sale_order.id
            JOIN sale_order_line_invoice_rel link ON link.order_line_id = ordered.id
            JOIN account_move_line billed ON billed.id = link.invoice_line_id
            WHERE sale_order.write_date >= %(since)s
            %(till)s
        )""",
        since=scope.since,
        till=till,
    )


def touch(move_ids: list[int]) -> SQL:
    """Mark documents as changed now, for the next synchronisation."""
    return SQL(
        """
        UPDATE account_move SET write_date = now() AT TIME ZONE 'UTC'
        WHERE id = ANY(%s)
        """,
        move_ids,
    )
