"""Statements that prove what the ledger holds of orders of the till, where there are.

Each yields the ids of the orders that break a rule.
"""

from odoo.tools import SQL


def _held() -> SQL:
    """Yield what the ledger holds of orders of the till.

    Rows are ``(order_id, club_id, issued, used, unnamed, first)``: ``unnamed`` was
    taken or given back without a move that it is of, ``first`` is when points came.
    """
    return SQL(
        """
        SELECT root.res_id AS order_id, root.club_id,
               COALESCE(sum(root.points + root.pending + COALESCE(later.moved, 0))
                   FILTER (WHERE root.kind IN ('earn', 'pending')), 0) AS issued,
               -COALESCE(sum(root.points + COALESCE(later.moved, 0))
                   FILTER (WHERE root.kind = 'redeem'), 0) AS used,
               bool_or(root.kind = 'reverse') AS unnamed,
               min(root.create_date) AS first
          FROM dcrm_points_move root
          LEFT JOIN (
                SELECT origin_id, sum(points + pending) AS moved
                  FROM dcrm_points_move WHERE origin_id IS NOT NULL GROUP BY origin_id
               ) later ON later.origin_id = root.id
         WHERE root.res_model = 'pos.order' AND root.origin_id IS NULL
         GROUP BY root.res_id, root.club_id
        """
    )


def _most() -> SQL:
    """Yield the most that rules give on an order, whatever products they name.

    Nothing where the program or a rule has changed since.
    """
    return SQL(
        """
        SELECT sum(CASE rule.reward_point_mode
                   WHEN 'unit' THEN rule.reward_point_amount * sold.quantity
                   WHEN 'money' THEN rule.reward_point_amount * sold.amount + 1
                   ELSE rule.reward_point_amount END) AS points
          FROM loyalty_rule rule
         CROSS JOIN (
                SELECT COALESCE(sum(qty), 0) AS quantity,
                       COALESCE(sum(price_subtotal_incl + 0.01), 0) AS amount
                  FROM pos_order_line
                 WHERE order_id = held.order_id AND qty > 0
                   AND is_reward_line IS NOT TRUE
               ) sold
         WHERE rule.program_id = club.program_id
        HAVING max(GREATEST(rule.write_date, program.write_date)) <= held.first
        """
    )


def orders_unlike_till(company_ids) -> SQL:
    """Yield orders of the till that hold other points than they may.

    One that is paid holds what its rewards cost, less where some of them came back, and
    no more than rules give; others hold none. What it refunds it takes of a move.
    """
    return SQL(
        """
        SELECT DISTINCT held.order_id
          FROM (%(held)s) held
          JOIN dcrm_club club ON club.id = held.club_id
          LEFT JOIN loyalty_program program ON program.id = club.program_id
          LEFT JOIN pos_order sold ON sold.id = held.order_id
          LEFT JOIN LATERAL (
                SELECT round(sum(line.points_cost)::numeric, 4) AS points,
                       bool_or(EXISTS (
                           SELECT FROM pos_order_line back
                            WHERE back.refunded_orderline_id = line.id
                       )) AS refunded
                  FROM pos_order_line line
                  JOIN loyalty_card card ON card.id = line.coupon_id
                 WHERE line.order_id = sold.id AND card.program_id = club.program_id
                   AND line.refunded_orderline_id IS NULL
               ) cost ON TRUE
          LEFT JOIN LATERAL (%(most)s) most ON TRUE
         WHERE club.company_id IN %(companies)s
           AND (held.unnamed
                OR held.used > COALESCE(cost.points, 0)
                OR held.used < cost.points AND NOT cost.refunded
                OR held.issued > most.points
                OR COALESCE(sold.state, 'cancel') IN ('draft', 'cancel')
                   AND (held.issued <> 0 OR held.used <> 0))
        """,
        held=_held(),
        most=_most(),
        companies=company_ids,
    )
