"""What must hold of members' accounts and of orders' points: who breaks it."""

from odoo.tools import SQL


def accounts_of_contacts(company_ids) -> SQL:
    """Yield accounts of who is no customer but a contact of one."""
    return SQL(
        """
        SELECT account.id
          FROM dcrm_points_account account
          JOIN res_partner partner ON partner.id = account.partner_id
         WHERE account.company_id IN %s AND partner.commercial_partner_id <> partner.id
        """,
        company_ids,
    )


def accounts_of_nobody(company_ids) -> SQL:
    """Yield accounts that have become another one, and are somebody's or not empty.

    And those of another company than their club, or merged into another club's.
    """
    return SQL(
        """
        SELECT account.id
          FROM dcrm_points_account account
          JOIN dcrm_club club ON club.id = account.club_id
          LEFT JOIN dcrm_points_account heir ON heir.id = account.merged_into_id
         WHERE account.company_id IN %s
           AND (account.company_id <> club.company_id
                OR heir.club_id <> account.club_id
                OR heir.id IS NOT NULL AND (
                    account.partner_id IS NOT NULL OR account.balance <> 0
                    OR account.pending <> 0 OR account.debt <> 0
                ))
        """,
        company_ids,
    )


def cards_without_account(company_ids) -> SQL:
    """Yield cards of clubs that keep points which no ledger has, with points.

    Cards without points may have been made since; as long as a run adopts the cards
    of a club, it has not come to all of them.
    """
    return SQL(
        """
        SELECT card.id
          FROM loyalty_card card
          JOIN dcrm_club club ON club.program_id = card.program_id
         WHERE club.company_id IN %s AND card.points <> 0
           AND NOT EXISTS (
                SELECT FROM dcrm_points_account WHERE card_id = card.id
               )
           AND NOT EXISTS (
                SELECT FROM dcrm_run run
                 WHERE run.kind = 'points_adopt' AND run.state IN ('waiting', 'running')
                   AND run.company_id = club.company_id
               )
        """,
        company_ids,
    )


def _held() -> SQL:
    """Yield what the ledger holds of orders: ``(order_id, club_id, issued, used)``."""
    return SQL(
        """
        SELECT root.res_id AS order_id, root.club_id,
               COALESCE(sum(root.points + root.pending + COALESCE(later.moved, 0))
                   FILTER (WHERE root.kind IN ('earn', 'pending')), 0)
               + COALESCE(sum(root.points)
                   FILTER (WHERE root.kind = 'reverse' AND root.points < 0), 0)
               AS issued,
               -COALESCE(sum(root.points + COALESCE(later.moved, 0))
                   FILTER (WHERE root.kind = 'redeem'), 0)
               - COALESCE(sum(root.points)
                   FILTER (WHERE root.kind = 'reverse' AND root.points > 0), 0)
               AS used
          FROM dcrm_points_move root
          LEFT JOIN (
                SELECT origin_id, sum(points + pending) AS moved
                  FROM dcrm_points_move WHERE origin_id IS NOT NULL GROUP BY origin_id
               ) later ON later.origin_id = root.id
         WHERE root.res_model = 'sale.order' AND root.origin_id IS NULL
         GROUP BY root.res_id, root.club_id
        """
    )


def orders_unlike_entitlements(company_ids, due) -> SQL:
    """Yield orders that hold other points than they are to hold now.

    An order that is not confirmed holds none. A confirmed one holds all that it is
    entitled to where it earns by being confirmed, and none where it earns by its
    documents: unless ``due`` says what it earns by these, and what they left of it.

    :param due: ``(order, club, least points, most points)``
    """
    orders, clubs, least, most = zip(*due, strict=True) if due else [()] * 4
    return SQL(
        """
        SELECT DISTINCT COALESCE(entitled.order_id, held.order_id)
          FROM dcrm_points_entitlement entitled
          FULL JOIN (%(held)s) held USING (order_id, club_id)
          JOIN dcrm_club club ON club.id = COALESCE(entitled.club_id, held.club_id)
          LEFT JOIN sale_order sale
            ON sale.id = COALESCE(entitled.order_id, held.order_id)
          LEFT JOIN unnest(
                %(orders)s::int[], %(clubs)s::int[], %(least)s::numeric[],
                %(most)s::numeric[]
               ) AS due(order_id, club_id, least, most)
            ON due.order_id = entitled.order_id AND due.club_id = entitled.club_id
         CROSS JOIN LATERAL (
                SELECT CASE WHEN sale.state = 'sale' AND entitled.earn_on = 'order'
                            THEN entitled.points ELSE 0 END AS points
               ) unbilled
         WHERE club.company_id IN %(companies)s
           AND COALESCE(entitled.opening_issued, 0) + COALESCE(held.issued, 0)
               NOT BETWEEN round(COALESCE(due.least, unbilled.points), 4)
                       AND round(COALESCE(due.most, unbilled.points), 4)
        """,
        held=_held(),
        companies=company_ids,
        orders=list(orders),
        clubs=list(clubs),
        least=list(least),
        most=list(most),
    )


def orders_unlike_rewards(company_ids, due) -> SQL:
    """Yield orders that hold other points as redeemed than their rewards cost.

    Where documents tell, ``due`` says how many are left; of a reward of before the
    ledger fewer may be held, if it had been refunded then.

    :param due: ``(order, club, points)``
    """
    orders, clubs, points = zip(*due, strict=True) if due else [()] * 3
    return SQL(
        """
        SELECT DISTINCT COALESCE(cost.order_id, held.order_id)
          FROM (
                SELECT item.order_id, club.id AS club_id,
                       round(sum(item.points_cost)::numeric, 4) AS points
                  FROM sale_order_line item
                  JOIN sale_order sale ON sale.id = item.order_id
                  JOIN loyalty_card card ON card.id = item.coupon_id
                  JOIN dcrm_club club ON club.program_id = card.program_id
                 WHERE sale.state = 'sale' AND item.product_uom_qty <> 0
                 GROUP BY item.order_id, club.id
               ) cost
          FULL JOIN (%(held)s) held USING (order_id, club_id)
          LEFT JOIN dcrm_points_entitlement entitled USING (order_id, club_id)
          JOIN dcrm_club club ON club.id = club_id
          LEFT JOIN unnest(
                %(orders)s::int[], %(clubs)s::int[], %(points)s::numeric[]
               ) AS due(order_id, club_id, points) USING (order_id, club_id)
         WHERE club.company_id IN %(companies)s
           AND COALESCE(held.used, 0) + COALESCE(entitled.opening_used, 0)
               - round(COALESCE(due.points, cost.points, 0), 4)
               NOT BETWEEN 0 AND CASE WHEN entitled.opening_used > 0
                    AND due.points IS NOT NULL THEN entitled.opening_used ELSE 0 END
        """,
        held=_held(),
        companies=company_ids,
        orders=list(orders),
        clubs=list(clubs),
        points=list(points),
    )


def orders_with_rewards_billed(company_ids) -> SQL:
    """Yield confirmed orders whose documents say how far a reward of a club is given.

    A credit note gives it back; an invoice gives what is set to nothing since.
    """
    return SQL(
        """
        SELECT DISTINCT item.order_id
          FROM sale_order_line item
          JOIN sale_order sale ON sale.id = item.order_id AND sale.state = 'sale'
          JOIN loyalty_card card ON card.id = item.coupon_id
          JOIN dcrm_club club ON club.program_id = card.program_id
          JOIN sale_order_line_invoice_rel link ON link.order_line_id = item.id
          JOIN account_move_line billed ON billed.id = link.invoice_line_id
          JOIN account_move document ON document.id = billed.move_id
         WHERE club.company_id IN %s AND document.state = 'posted'
           AND (document.move_type = 'out_refund' OR item.product_uom_qty = 0)
         ORDER BY item.order_id
        """,
        company_ids,
    )


def requests_unlike_moves(company_ids) -> SQL:
    """Yield requests that were not answered, or whose move is not what was asked.

    A request that was refused leaves nothing; one key is done once, by one move.
    """
    return SQL(
        """
        SELECT request.id
          FROM dcrm_points_request request
          LEFT JOIN dcrm_points_move move ON move.id = request.move_id
         WHERE request.company_id IN %s
           AND (request.asked IS NULL OR request.answer IS NULL
                OR move.company_id <> request.company_id
                OR request.answer ->> 'move_id' <> request.move_id::text
                OR EXISTS (
                    SELECT FROM dcrm_points_request other
                     WHERE other.move_id = request.move_id AND other.id <> request.id
                ))
        """,
        company_ids,
    )
