"""How a club's points have been redeemed: by month of issue, and on which rewards."""

from odoo.tools import SQL

from .points_deferral import LOST

# Compiling the statement takes longer than what it saves.
WITHOUT_JIT = SQL("SET LOCAL jit = off")


def redemptions(club_id: int, day) -> SQL:
    """Yield ``(month, None, issued)`` and ``(month, month, redeemed)`` of a club.

    Months are numbered from the year 0; points of openings, imports and adjustments are
    left out, since nobody knows their age.
    """
    return SQL(
        """
        WITH RECURSIVE lots AS (
            SELECT lot.id, lot.points, lot.move_id, move.day,
                   COALESCE(move.origin_id, move.id) AS root_id, %(issued)s AS month
              FROM dcrm_points_move move
              JOIN dcrm_points_lot lot ON lot.move_id = move.id
             WHERE move.club_id = %(club)s AND move.day <= %(day)s
               AND move.kind IN ('earn', 'release')
            UNION ALL
            SELECT lot.id, lot.points, lot.move_id, move.day, lots.root_id, lots.month
              FROM lots
              JOIN dcrm_points_move move ON move.lot_id = lots.id AND move.points > 0
              JOIN dcrm_points_lot lot ON lot.move_id = move.id
             WHERE move.day <= %(day)s
        ), taken AS (
            SELECT lots.month, %(used)s AS used, debit.kind,
                   debit.kind = 'reverse' AND debit.origin_id = lots.root_id AS back,
                   used.points
              FROM lots
              JOIN dcrm_points_use used ON used.lot_id = lots.id
              JOIN dcrm_points_move debit ON debit.id = used.debit_id
             WHERE GREATEST(debit.day, lots.day) <= %(day)s
        )
        SELECT month, NULL, sum(points)::text FROM (
            SELECT lots.month, lots.points
              FROM lots JOIN dcrm_points_move move ON move.id = lots.move_id
             WHERE move.kind IN ('earn', 'release')
            UNION ALL
            SELECT month, -points FROM taken WHERE back
        ) issued GROUP BY month
        UNION ALL
        SELECT month, used, sum(points)::text FROM (
            SELECT month, used, points FROM taken
             WHERE NOT back AND kind NOT IN %(passed_on)s
            UNION ALL
            SELECT lots.month, %(given)s, -lots.points
              FROM lots JOIN dcrm_points_move move ON move.id = lots.move_id
             WHERE move.kind = 'reverse'
        ) redeemed GROUP BY month, used
        """,
        club=club_id,
        day=day,
        issued=_month_number(SQL("move.day")),
        used=_month_number(SQL("GREATEST(debit.day, lots.day)")),
        given=_month_number(SQL("move.day")),
        passed_on=(*LOST, "transfer"),
    )


def _month_number(day):
    return SQL(
        "(extract(year FROM %(day)s) * 12 + extract(month FROM %(day)s) - 1)::int",
        day=day,
    )


def spent_on_rewards(reward_ids, company_id: int) -> SQL:
    """Yield ``(reward, points)``: how many points confirmed orders spent on rewards."""
    return SQL(
        """
        SELECT sold.reward_id, sum(sold.points_cost)::text
          FROM sale_order_line sold JOIN sale_order orders ON orders.id = sold.order_id
         WHERE sold.reward_id IN %s AND orders.company_id = %s
           AND orders.state = 'sale'
         GROUP BY sold.reward_id
        """,
        tuple(reward_ids),
        company_id,
    )
