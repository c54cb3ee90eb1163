"""Paid orders of the till as purchases, where point of sale is installed.

With basis *sale* the till's order is the purchase; with basis *invoice* its posted
invoice is, where it has one. Where sales orders are settled at the till, the lines that
settle them count with basis *sale* as the order that they settle does, and never here;
lines of down payments never count.
"""

from odoo.tools import SQL

from .purchase import CUSTOMER, Documents, Scope


def documents(scope: Scope) -> Documents:
    """Return the till's orders, with a customer, of the scope's company."""
    rate = SQL("doc.currency_rate")
    amount = SQL("(doc.amount_total - doc.amount_tax - line.left_out)")
    return Documents(
        source="pos",
        table="pos_order",
        key="pos_order_ref",
        joins=SQL("LEFT JOIN LATERAL (%s) line ON TRUE", _lines(scope)),
        counts=SQL(
            "doc.state IN ('paid', 'done', 'invoiced') AND doc.company_id = %s"
            " AND doc.partner_id IS NOT NULL"
            " AND (line.counted > 0 OR line.all = 0) %s",
            scope.company_id,
            _not_invoiced(scope),
        ),
        columns={
            "customer_id": CUSTOMER,
            "contact_id": SQL("doc.partner_id"),
            "user_id": SQL("doc.user_id"),
            "date": scope.day(SQL("doc.date_order")),
            "amount": scope.rounded(scope.converted(amount, rate)),
            "margin": scope.rounded(
                scope.converted(SQL("(%s - line.cost)", amount), rate)
            ),
            "reference": SQL("COALESCE(doc.pos_reference, doc.name)"),
        },
        changed=_changed(scope),
        linked=False,
    )


def _lines(scope: Scope) -> SQL:
    """Sum up an order's lines: how many, how many count, what is left out, cost.

    The till leaves the sign of a line's subtotal open: a line's own is that of its
    quantity times its price. ``OFFSET 0`` has each line's own worked out once, and not
    again for each sum.
    """
    return SQL(
        """
        SELECT count(*) AS all,
            count(*) FILTER (WHERE NOT left_out) AS counted,
            COALESCE(sum(amount) FILTER (WHERE left_out), 0) AS left_out,
            CASE WHEN bool_and(is_total_cost_computed IS TRUE)
                FILTER (WHERE NOT left_out)
            THEN sum(total_cost) FILTER (WHERE NOT left_out) END::numeric AS cost
        FROM (
            SELECT item.is_total_cost_computed, item.total_cost, own.amount,
                %s AS left_out
            FROM pos_order_line item
            CROSS JOIN LATERAL (
                SELECT abs(item.price_subtotal)
                    * sign(item.qty * item.price_unit) AS amount
            ) own
            WHERE item.order_id = doc.id
            OFFSET 0
        ) item
        """,
        left_out(scope),
    )


def left_out(scope: Scope) -> SQL:
    """Whether a line is a down payment's, or settles an order that counts itself.

    A line that takes back what was settled has the other sign than the order's line.
    """
    if "pos.order.line.sale_order_line_id" not in scope.features:
        return SQL("FALSE")
    settles = SQL("FALSE")
    if scope.basis == "sale":
        settles = SQL(
            "sale_order.state = 'sale' AND sale_order.company_id = %s"
            " AND sign(ordered.price_subtotal) = sign(own.amount)",
            scope.company_id,
        )
    return SQL(
        """(
            (item.sale_order_origin_id IS NOT NULL AND item.sale_order_line_id IS NULL)
            OR EXISTS (
                SELECT FROM sale_order_line ordered
                JOIN sale_order ON sale_order.id = ordered.order_id
                WHERE ordered.id = item.sale_order_line_id
                AND (ordered.is_downpayment OR (%s))
            )
        )""",
        settles,
    )


def _not_invoiced(scope: Scope) -> SQL:
    if scope.basis == "sale":
        return SQL()
    return SQL(
        "AND NOT EXISTS (SELECT FROM account_move invoice"
        " WHERE invoice.id = doc.account_move AND invoice.state = 'posted')"
    )


def _changed(scope: Scope) -> SQL:
    """Changed orders of the till, and those whose invoice, or the sales order that
    they settle, changed."""
    settled = SQL()
    if "pos.order.line.sale_order_line_id" in scope.features:
        settled = SQL(
            """
            UNION ALL
            SELECT item.order_id FROM sale_order
            JOIN sale_order_line ordered ON ordered.order_id = sale_order.id
            JOIN pos_order_line item ON item.sale_order_line_id = ordered.id
            WHERE sale_order.write_date >= %s
            """,
            scope.since,
        )
    return SQL(
        """doc.id IN (
            SELECT id FROM pos_order WHERE write_date >= %(since)s
            UNION ALL
            SELECT pos_order.id FROM pos_order
            JOIN account_move ON account_move.id = pos_order.account_move
            WHERE account_move.write_date >= %(since)s
            %(settled)s
        )""",
        since=scope.since,
        settled=settled,
    )
