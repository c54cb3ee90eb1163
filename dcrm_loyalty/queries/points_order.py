"""Statements on orders whose points are kept: what is billed, what is due."""

from odoo.tools import SQL


def billed(order_ids) -> SQL:
    """Yield what posted documents bill of the lines of orders.

    Rows are ``(order line, document, whether it refunds, untaxed amount, currency)``;
    the amount is positive on invoices and on credit notes.
    """
    return SQL(
        """
        SELECT sold.id, move.id, move.move_type = 'out_refund',
               sum(billed.price_subtotal)::float8, move.currency_id
          FROM sale_order_line sold
          JOIN sale_order_line_invoice_rel link ON link.order_line_id = sold.id
          JOIN account_move_line billed ON billed.id = link.invoice_line_id
          JOIN account_move move ON move.id = billed.move_id
         WHERE sold.order_id IN %s AND move.state = 'posted'
           AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
         GROUP BY sold.id, move.id
         ORDER BY sold.id, move.id
        """,
        tuple(order_ids),
    )


def orders_of_documents(move_ids) -> SQL:
    """Yield the ids of orders with points that documents of accounting bill."""
    return SQL(
        """
        SELECT DISTINCT sold.order_id
          FROM account_move_line billed
          JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = billed.id
          JOIN sale_order_line sold ON sold.id = link.order_line_id
         WHERE billed.move_id IN %s
           AND EXISTS (
                SELECT FROM dcrm_points_entitlement WHERE order_id = sold.order_id
               )
         ORDER BY sold.order_id
        """,
        tuple(move_ids),
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
        """
        SELECT account.id, root.id, sum(move.pending)
          FROM dcrm_points_account account
          JOIN dcrm_points_move move
            ON move.account_id = account.id AND move.pending <> 0
          JOIN dcrm_points_move root ON root.id = COALESCE(move.origin_id, move.id)
         WHERE account.company_id = %s AND account.pending > 0
           AND root.available_on <= %s AND (account.id, root.id) > %s
         GROUP BY account.id, root.id HAVING sum(move.pending) > 0
         ORDER BY account.id, root.id LIMIT %s
        """,
        company_id,
        day,
        tuple(after),
        limit,
    )
