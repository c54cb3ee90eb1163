"""Statements on orders whose points are kept: what is billed, what is due."""

import json

from odoo.tools import SQL

# What is told of an entitlement.
ENTITLED = SQL(
    "order_id, club_id, points, opening_issued, opening_used, earn_on, terms",
)


# Whether an order, of which ``sold`` is a line, has a reward that takes points.
REWARDED = SQL(
    """
    EXISTS (
        SELECT FROM sale_order_line item
          JOIN dcrm_points_account account ON account.card_id = item.coupon_id
         WHERE item.order_id = sold.order_id
    )
    """
)


def claim(order_ids, points=None) -> SQL:
    """Write the entitlements of orders, and yield them.

    Rows are ``(order, club, points, opening_issued, opening_used, earn_on, terms)``.

    :param points: set all to so many; None: leave them as they are
    """
    return SQL(
        """
        UPDATE dcrm_points_entitlement
           SET points = %s, write_date = now() AT TIME ZONE 'UTC'
         WHERE order_id IN %s
        RETURNING %s
        """,
        SQL("points") if points is None else points,
        tuple(order_ids),
        ENTITLED,
    )


def grant(order_ids, rows, uid: int) -> SQL:
    """Set what orders earn, nothing at other clubs, and yield it as :func:`claim`.

    :param rows: ``(order, club, points, terms)``
    """
    return SQL(
        """
        WITH granted AS (
            INSERT INTO dcrm_points_entitlement (
                order_id, club_id, company_id, points, terms, earn_on, opening_issued,
                opening_used, create_uid, write_uid, create_date, write_date
            )
            SELECT earned.order_id, club.id, club.company_id, earned.points,
                   earned.terms, club.earn_on, 0, 0, %(uid)s, %(uid)s,
                   now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM (VALUES %(rows)s) earned(order_id, club_id, points, terms)
              JOIN dcrm_club club ON club.id = earned.club_id
                ON CONFLICT (order_id, club_id) DO UPDATE
               SET points = EXCLUDED.points, terms = EXCLUDED.terms,
                   earn_on = EXCLUDED.earn_on,
                   write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
            RETURNING id, %(told)s
        ), others AS (
            UPDATE dcrm_points_entitlement
               SET points = 0, write_date = now() AT TIME ZONE 'UTC'
             WHERE order_id IN %(orders)s
               AND (order_id, club_id) NOT IN (
                    SELECT order_id, club_id FROM granted
                   )
            RETURNING %(told)s
        )
        SELECT %(told)s FROM granted UNION ALL SELECT %(told)s FROM others
        """,
        uid=uid,
        rows=SQL(", ").join(
            SQL(
                "(%s, %s, %s::numeric, %s::jsonb)",
                order_id,
                club_id,
                points,
                json.dumps(terms) if terms else None,
            )
            for order_id, club_id, points, terms in rows
        ),
        orders=tuple(order_ids),
        told=ENTITLED,
    )


def billed(order_ids) -> SQL:
    """Yield what posted documents bill of the lines of orders.

    Rows are ``(order line, document, whether it refunds, untaxed amount, its currency,
    quantity in the unit of the order's line)``; amount and quantity are positive on
    invoices and on credit notes.
    """
    return SQL(
        """
        SELECT sold.id, move.id, move.move_type = 'out_refund',
               sum(billed.price_subtotal)::float8, move.currency_id,
               sum(billed.quantity
                   * COALESCE(unit.factor / NULLIF(own.factor, 0), 1))::float8
          FROM sale_order_line sold
          JOIN sale_order_line_invoice_rel link ON link.order_line_id = sold.id
          JOIN account_move_line billed ON billed.id = link.invoice_line_id
          JOIN account_move move ON move.id = billed.move_id
          LEFT JOIN uom_uom own ON own.id = sold.product_uom_id
          LEFT JOIN uom_uom unit ON unit.id = billed.product_uom_id
         WHERE sold.order_id IN %s AND move.state = 'posted'
           AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
         GROUP BY sold.id, move.id
         ORDER BY sold.id, move.id
        """,
        tuple(order_ids),
    )


def entitled_of_documents(company_ids) -> SQL:
    """Yield ``(order, club, whether exact)`` of who earns by what documents bill.

    These are confirmed orders with posted documents: those that earn by them, and
    those of which something was given back. Not exact: all documents are older than
    the ledger, and nothing has settled what they took of the opening.
    """
    return SQL(
        """
        SELECT entitled.order_id, entitled.club_id,
               entitled.opening_issued = 0
               OR bool_or(move.create_date > entitled.create_date)
          FROM dcrm_points_entitlement entitled
          JOIN sale_order sale ON sale.id = entitled.order_id
          JOIN sale_order_line sold ON sold.order_id = sale.id
          JOIN sale_order_line_invoice_rel link ON link.order_line_id = sold.id
          JOIN account_move_line billed ON billed.id = link.invoice_line_id
          JOIN account_move move ON move.id = billed.move_id
         WHERE entitled.company_id IN %s AND entitled.points > 0
           AND sale.state = 'sale' AND move.state = 'posted'
           AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
         GROUP BY entitled.id
        HAVING entitled.earn_on <> 'order' OR bool_or(move.move_type = 'out_refund')
         ORDER BY entitled.order_id
        """,
        company_ids,
    )


def entitled(order_ids) -> SQL:
    """Yield the entitlements of orders as :func:`claim`, and leave them as they are."""
    return SQL(
        "SELECT %s FROM dcrm_points_entitlement WHERE order_id IN %s",
        ENTITLED,
        tuple(order_ids),
    )


def billed_quantities(line_ids) -> SQL:
    """Yield ``(order line, ordered, invoiced, refunded)``: how many posted documents
    bill of lines.
    """
    return SQL(
        """
        SELECT sold.id, sold.product_uom_qty::float8,
               COALESCE(sum(billed.quantity) FILTER (
                   WHERE move.move_type <> 'out_refund'
               ), 0)::float8,
               COALESCE(sum(billed.quantity) FILTER (
                   WHERE move.move_type = 'out_refund'
               ), 0)::float8
          FROM sale_order_line sold
          JOIN sale_order_line_invoice_rel link ON link.order_line_id = sold.id
          JOIN account_move_line billed ON billed.id = link.invoice_line_id
          JOIN account_move move ON move.id = billed.move_id
         WHERE sold.id IN %s AND move.state = 'posted'
           AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
         GROUP BY sold.id
        """,
        tuple(line_ids),
    )


def orders_of_documents(move_ids, earn_on=()) -> SQL:
    """Yield the ids of orders with points that documents of accounting bill.

    :param earn_on: only those that earn then; empty: all
    """
    return SQL(
        """
        SELECT DISTINCT sold.order_id
          FROM account_move_line billed
          JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = billed.id
          JOIN sale_order_line sold ON sold.id = link.order_line_id
         WHERE billed.move_id IN %s
           AND (EXISTS (
                SELECT FROM dcrm_points_entitlement
                 WHERE order_id = sold.order_id AND %s
               ) OR %s)
         ORDER BY sold.order_id
        """,
        tuple(move_ids),
        SQL("earn_on IN %s", tuple(earn_on)) if earn_on else SQL("TRUE"),
        SQL("FALSE") if earn_on else REWARDED,
    )


def reversed_of_openings(order_ids) -> SQL:
    """Yield ``(order, club, issued, used)``: what orders had reversed of openings."""
    return SQL(
        """
        SELECT res_id, club_id, -COALESCE(sum(points) FILTER (WHERE points < 0), 0),
               COALESCE(sum(points) FILTER (WHERE points > 0), 0)
          FROM dcrm_points_move
         WHERE res_model = 'sale.order' AND res_id IN %s
           AND kind = 'reverse' AND origin_id IS NULL
         GROUP BY res_id, club_id
        """,
        tuple(order_ids),
    )


def due(company_id: int, day, after, limit: int) -> SQL:
    """Yield ``(account, move, points)``: pending points that can be used by a day.

    :param after: the account and move after which to go on
    """
    return SQL(
        "%s AND (account.id, root.id) > %s"
        " GROUP BY account.id, root.id HAVING sum(move.pending) > 0"
        " ORDER BY account.id, root.id LIMIT %s",
        _due(company_id, day),
        tuple(after),
        limit,
    )


def count_due(company_id: int, day) -> SQL:
    """Yield how many rows :func:`due` has in all."""
    return SQL(
        """
        SELECT count(*) FROM (
            %s GROUP BY account.id, root.id HAVING sum(move.pending) > 0
        ) due
        """,
        _due(company_id, day),
    )


def _due(company_id, day) -> SQL:
    return SQL(
        """
        SELECT account.id, root.id, sum(move.pending)
          FROM dcrm_points_account account
          JOIN dcrm_points_move move
            ON move.account_id = account.id AND move.pending <> 0
          JOIN dcrm_points_move root ON root.id = COALESCE(move.origin_id, move.id)
         WHERE account.company_id = %s AND account.pending > 0
           AND root.available_on <= %s
        """,
        company_id,
        day,
    )


def adopt(club_id: int, company_id: int, uid: int, card_ids) -> SQL:
    """Remember what confirmed orders had brought to cards, and taken from them.

    It is part of the openings of the cards. Rows ``(order id,)`` of those orders.
    """
    return SQL(
        """
        INSERT INTO dcrm_points_entitlement (
            order_id, club_id, company_id, points, earn_on, opening_issued,
            opening_used, create_uid, write_uid, create_date, write_date
        )
        SELECT sold.id, %(club)s, %(company)s, sum(issued), 'order', sum(issued),
               sum(used), %(uid)s, %(uid)s,
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM (
                SELECT order_id, GREATEST(points, 0)::numeric AS issued, 0 AS used
                  FROM sale_order_coupon_points WHERE coupon_id IN %(cards)s
                 UNION ALL
                SELECT order_id, 0, GREATEST(points_cost, 0)::numeric
                  FROM sale_order_line
                 WHERE coupon_id IN %(cards)s AND product_uom_qty <> 0
               ) had
          JOIN sale_order sold ON sold.id = had.order_id
         WHERE sold.state = 'sale'
         GROUP BY sold.id
            ON CONFLICT (order_id, club_id) DO UPDATE
           SET points = dcrm_points_entitlement.points + EXCLUDED.points,
               terms = NULL,
               opening_issued = dcrm_points_entitlement.opening_issued
                              + EXCLUDED.opening_issued,
               opening_used = dcrm_points_entitlement.opening_used
                            + EXCLUDED.opening_used
        RETURNING order_id
        """,
        club=club_id,
        company=company_id,
        uid=uid,
        cards=tuple(card_ids),
    )


def leave_indexes() -> SQL:
    """Drop the indexes that our fields have put on the host's tables."""
    return SQL(
        """
        DROP INDEX IF EXISTS sale_order_line__coupon_id_index;
        DROP INDEX IF EXISTS sale_order_coupon_points__coupon_id_index;
        """
    )
