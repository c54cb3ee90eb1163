"""What invoices grant of a club's points, and what has become of these points.

Numbers that are reckoned with are yielded as text: the host reads ``numeric`` as
binary numbers. All is as of the end of a day; the state of a document is that of now.
"""

from odoo.tools import SQL

# A product of an order on an account of revenue: neither a payment by points of another
# program (a wallet, a gift card), nor a down payment, which the last invoice deducts.
IS_SOLD = SQL(
    "account.account_type LIKE 'income%%' AND NOT COALESCE(sold.is_downpayment, FALSE)"
)


def grants(cohort, day, first_day) -> SQL:
    """Yield what invoices of a cohort's month grant, where this is not recorded so.

    :param cohort: dict ``id`` (0 where there is none yet), ``club``, ``company``,
        ``month`` (its first day)
    :param first_day: invoices before this day grant nothing
    :return: rows ``(order, invoice, points, kept, revenue, goods, recorded points,
        recorded amount, price, rate)``; points after refunds, kept: the part that was
        not refunded, revenue: what was invoiced, goods: what it cost before discounts;
        price and rate (per cent) as they were first recorded, None before

    The ledger says how many points an order has granted. They belong to its invoices by
    what these invoice; where the order earns as soon as it is confirmed, those of what
    is not invoiced yet belong to none.
    """
    return SQL(
        """
        WITH chosen AS (%(chosen)s), billed AS (%(billed)s), kept AS (%(kept)s),
        issued AS (%(issued)s), granted AS (%(granted)s), recorded AS (%(recorded)s)
        SELECT COALESCE(granted.order_id, recorded.order_id),
               COALESCE(granted.invoice_id, recorded.invoice_id),
               COALESCE(granted.points, 0)::text, COALESCE(granted.kept, 0)::text,
               COALESCE(granted.revenue, 0)::text, COALESCE(granted.goods, 0)::text,
               COALESCE(recorded.points, 0)::text, COALESCE(recorded.amount, 0)::text,
               recorded.price::text, recorded.rate::text
          FROM granted
          FULL JOIN recorded ON recorded.order_id = granted.order_id
                            AND recorded.invoice_id = granted.invoice_id
         WHERE (granted.points, granted.kept, granted.revenue, granted.goods)
               IS DISTINCT FROM
               (recorded.points, recorded.kept, recorded.revenue, recorded.goods)
           AND (COALESCE(granted.points, 0) <> 0 OR recorded.points <> 0)
         ORDER BY 2, 1
        """,
        chosen=_chosen(cohort, day, first_day),
        billed=_billed(cohort, day),
        kept=_kept(),
        issued=_issued(cohort, day),
        granted=_granted(cohort, day, first_day),
        recorded=_recorded(cohort),
    )


def _chosen(cohort, day, first_day):
    """The orders that were invoiced in the month, and those that have been recorded."""
    return SQL(
        """
        SELECT sold.order_id
          FROM account_move invoice
          JOIN account_move_line line ON line.move_id = invoice.id
          JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = line.id
          JOIN sale_order_line sold ON sold.id = link.order_line_id
         WHERE invoice.company_id = %(company)s AND invoice.state = 'posted'
           AND invoice.move_type IN ('out_invoice', 'out_receipt')
           AND %(in_month)s
           AND EXISTS (
                SELECT FROM dcrm_points_move move
                 WHERE move.res_model = 'sale.order' AND move.res_id = sold.order_id
                   AND move.club_id = %(club)s AND move.kind IN ('earn', 'pending')
               )
        UNION
        SELECT order_id FROM dcrm_points_deferral_line WHERE deferral_id = %(id)s
        """,
        in_month=_in_month(SQL("invoice.date"), cohort, day, first_day),
        id=cohort["id"],
        club=cohort["club"],
        company=cohort["company"],
    )


def _in_month(date, cohort, day, first_day):
    return SQL(
        """
        %(date)s >= GREATEST(%(month)s::date, %(first_day)s::date)
        AND %(date)s < %(month)s::date + interval '1 month' AND %(date)s <= %(day)s
        """,
        date=date,
        month=cohort["month"],
        first_day=first_day,
        day=day,
    )


def _billed(cohort, day):
    """What documents bill of the orders.

    ``amount`` is that of goods after discounts in the order's currency, to compare with
    the order; ``revenue`` and ``goods`` are in the company's. Points that pay for
    goods make them no cheaper, but are no new revenue; what other discounts take off
    is what goods are cheaper by.
    """
    return SQL(
        """
        SELECT sold.order_id, move.id AS move_id, move.date, move.reversed_entry_id,
               move.move_type = 'out_refund' AS refunds,
               COALESCE(sum(
                   CASE WHEN move.currency_id = orders.currency_id
                        THEN -line.amount_currency
                        ELSE -line.balance * orders.currency_rate::numeric END
               ) FILTER (WHERE sold.reward_id IS NULL), 0) AS amount,
               sum(-line.balance) AS revenue,
               sum(CASE WHEN kept.id IS NOT NULL THEN -line.balance
                        WHEN line.balance >= 0 OR line.discount >= 100 THEN 0
                        ELSE -line.balance / (1 - COALESCE(line.discount, 0) / 100)
                   END) AS goods
          FROM chosen
          JOIN sale_order orders ON orders.id = chosen.order_id
          JOIN sale_order_line sold ON sold.order_id = chosen.order_id
          JOIN sale_order_line_invoice_rel link ON link.order_line_id = sold.id
          JOIN account_move_line line ON line.id = link.invoice_line_id
          JOIN account_account account ON account.id = line.account_id
          JOIN account_move move ON move.id = line.move_id
          LEFT JOIN loyalty_reward reward ON reward.id = sold.reward_id
          LEFT JOIN dcrm_club kept ON kept.program_id = reward.program_id
         WHERE move.company_id = %(company)s AND move.state = 'posted'
           AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
           AND move.date <= %(day)s AND %(is_sold)s
         GROUP BY sold.order_id, move.id
        """,
        company=cohort["company"],
        day=day,
        is_sold=IS_SOLD,
    )


def _kept():
    """What is kept of each invoice after refunds: ``net`` of ``amount``.

    A credit note of an invoice takes from that one; one of no invoice of the order
    takes from all of them alike.
    """
    return SQL(
        """
        SELECT net.*,
               net.net * GREATEST(0, 1 - COALESCE(loose.amount, 0)
                   / NULLIF(sum(net.net) OVER (PARTITION BY net.order_id), 0)) AS left
          FROM (
                SELECT invoice.*,
                       GREATEST(0, invoice.amount + COALESCE(refund.amount, 0)) AS net
                  FROM billed invoice
                  LEFT JOIN (
                        SELECT order_id, reversed_entry_id, sum(amount) AS amount
                          FROM billed WHERE refunds GROUP BY 1, 2
                       ) refund ON refund.order_id = invoice.order_id
                               AND refund.reversed_entry_id = invoice.move_id
                 WHERE NOT invoice.refunds AND invoice.amount > 0
               ) net
          LEFT JOIN (
                SELECT refund.order_id, -sum(refund.amount) AS amount
                  FROM billed refund
                 WHERE refund.refunds AND NOT EXISTS (
                        SELECT FROM billed invoice
                         WHERE invoice.order_id = refund.order_id
                           AND invoice.move_id = refund.reversed_entry_id
                           AND NOT invoice.refunds AND invoice.amount > 0
                       )
                 GROUP BY 1
               ) loose ON loose.order_id = net.order_id
        """
    )


def _issued(cohort, day):
    """The points that the ledger holds of each order for what is invoiced of it."""
    return SQL(
        """
        SELECT orders.id AS order_id,
               held.points * CASE WHEN earns.earn_on = 'order'
                   THEN COALESCE(LEAST(1, kept.amount / NULLIF(GREATEST(
                       sold.amount - refunded.amount, kept.amount), 0)), 0)
                   ELSE 1 END AS points
          FROM chosen
          JOIN sale_order orders ON orders.id = chosen.order_id
          JOIN LATERAL (
                SELECT sum(move.points + move.pending) AS points
                  FROM dcrm_points_move root
                  JOIN dcrm_points_move move
                    ON move.id = root.id OR move.origin_id = root.id
                 WHERE root.res_model = 'sale.order' AND root.res_id = orders.id
                   AND root.club_id = %(club)s AND root.kind IN ('earn', 'pending')
                   AND move.day <= %(day)s
               ) held ON TRUE
          LEFT JOIN dcrm_points_entitlement earns
            ON earns.order_id = orders.id AND earns.club_id = %(club)s
          JOIN (
                SELECT order_id, sum(kept.left) AS amount
                  FROM kept GROUP BY order_id
               ) kept ON kept.order_id = orders.id
          JOIN (
                SELECT order_id, -COALESCE(sum(amount) FILTER (WHERE refunds), 0)
                       AS amount
                  FROM billed GROUP BY order_id
               ) refunded ON refunded.order_id = orders.id
          JOIN LATERAL (
                SELECT COALESCE(sum(price_subtotal), 0) AS amount
                  FROM sale_order_line sold
                 WHERE sold.order_id = orders.id AND sold.reward_id IS NULL
                   AND sold.display_type IS NULL
                   AND NOT COALESCE(sold.is_downpayment, FALSE)
               ) sold ON TRUE
        """,
        club=cohort["club"],
        day=day,
    )


def _granted(cohort, day, first_day):
    """What the invoices of the month grant: of each order by what is left of them."""
    return SQL(
        """
        SELECT order_id, invoice_id, points, kept, revenue, goods
          FROM (
                SELECT kept.order_id, kept.move_id AS invoice_id, kept.date,
                       round(issued.points * kept.left / NULLIF(sum(kept.left) OVER (
                           PARTITION BY kept.order_id), 0), 4) AS points,
                       round(kept.left / kept.amount, 10) AS kept,
                       kept.revenue, round(kept.goods, 6) AS goods
                  FROM kept JOIN issued ON issued.order_id = kept.order_id
               ) granted
         WHERE points IS NOT NULL AND %(in_month)s
        """,
        in_month=_in_month(SQL("granted.date"), cohort, day, first_day),
    )


def _recorded(cohort):
    return SQL(
        """
        SELECT order_id, invoice_id, sum(points) AS points, sum(amount) AS amount,
               (array_agg(kept ORDER BY id DESC))[1] AS kept,
               (array_agg(revenue ORDER BY id DESC))[1] AS revenue,
               (array_agg(goods ORDER BY id DESC))[1] AS goods,
               (array_agg(price ORDER BY id))[1] AS price,
               (array_agg(rate ORDER BY id))[1] AS rate
          FROM dcrm_points_deferral_line
         WHERE deferral_id = %s GROUP BY 1, 2
        """,
        cohort["id"],
    )


# -- what became of the points -------------------------------------------------------


def figures(deferral_id: int, club_id: int, day) -> SQL:
    """Yield ``(issued, redeemed, expired)`` of the points that a cohort has recorded.

    What customers have neither still nor lost is redeemed, by themselves or to work off
    what they owed. Where an order has granted more than this cohort has of it, the
    cohort has its part of all that became of the order's points.
    """
    return SQL(
        """
        WITH RECURSIVE granted AS (
            SELECT order_id, sum(points) AS points
              FROM dcrm_points_deferral_line WHERE deferral_id = %(id)s
             GROUP BY order_id HAVING sum(points) > 0
        ), tree AS (
            SELECT granted.order_id, move.*
              FROM granted
              JOIN dcrm_points_move root
                ON root.res_model = 'sale.order' AND root.res_id = granted.order_id
               AND root.club_id = %(club)s AND root.kind IN ('earn', 'pending')
              JOIN dcrm_points_move move
                ON move.id = root.id OR move.origin_id = root.id
             WHERE move.day <= %(day)s
        ), lots AS (
            SELECT tree.order_id, lot.id, lot.points, tree.day
              FROM tree JOIN dcrm_points_lot lot ON lot.move_id = tree.id
             WHERE tree.lot_id IS NULL
            UNION ALL
            SELECT lots.order_id, lot.id, lot.points, move.day
              FROM lots
              JOIN dcrm_points_move move ON move.lot_id = lots.id AND move.points > 0
              JOIN dcrm_points_lot lot ON lot.move_id = move.id
             WHERE move.day <= %(day)s
        ), used AS (%(used)s)
        SELECT COALESCE(sum(points), 0)::text,
               COALESCE(sum((held - has - lost) * points / held), 0)::text,
               COALESCE(sum(lost * points / held), 0)::text
          FROM (
                SELECT points, held, has, LEAST(lost, held - has) AS lost
                  FROM (%(orders)s) orders
               ) orders
        """,
        used=_used(day),
        orders=_orders(),
        id=deferral_id,
        club=club_id,
        day=day,
    )


# Debits of these kinds take points away for nothing.
LOST = ("expire", "adjust", "import")


def _used(day):
    """Of each order: what its lots brought, what was taken of them, what was lost."""
    return SQL(
        """
        SELECT lots.order_id, sum(lots.points) AS points,
               sum(taken.points) AS taken, sum(taken.lost) AS lost
          FROM lots
          CROSS JOIN LATERAL (
                SELECT COALESCE(sum(used.points), 0) AS points,
                       COALESCE(sum(used.points) FILTER (
                           WHERE debit.kind IN %(lost)s), 0) AS lost
                  FROM dcrm_points_use used
                  JOIN dcrm_points_move debit ON debit.id = used.debit_id
                 WHERE used.lot_id = lots.id
                   -- A debt is worked off on the day of the credit.
                   AND GREATEST(debit.day, lots.day) <= %(day)s
               ) taken
         GROUP BY lots.order_id
        """,
        lost=LOST,
        day=day,
    )


def _orders():
    """What each order has granted in all, and what its customer has of it still."""
    return SQL(
        """
        SELECT granted.points, held.points AS held,
               LEAST(held.points, GREATEST(0, held.pending
                   + COALESCE(used.points - used.taken, 0))) AS has,
               COALESCE(used.lost, 0) AS lost
          FROM granted
          JOIN (
                SELECT order_id, sum(points + pending) AS points,
                       sum(pending) AS pending
                  FROM tree GROUP BY order_id HAVING sum(points + pending) > 0
               ) held ON held.order_id = granted.order_id
          LEFT JOIN used ON used.order_id = granted.order_id
        """
    )


def revenue(deferral_id: int) -> SQL:
    """Yield what the invoices that a cohort has recorded came to, each counted once."""
    return SQL(
        """
        SELECT COALESCE(sum(revenue), 0)
          FROM (
                SELECT DISTINCT ON (order_id, invoice_id) revenue
                  FROM dcrm_points_deferral_line WHERE deferral_id = %s
                 ORDER BY order_id, invoice_id, id DESC
               ) invoices
        """,
        deferral_id,
    )
