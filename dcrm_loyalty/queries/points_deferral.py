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
        recorded amount, price, rate, others)``; points after refunds, kept: the part
        that was not refunded, revenue: what was invoiced, goods: what it cost before
        discounts; price, rate (per cent) and what points of others cost as they were
        first recorded, None before

    The ledger says how many points an order has granted. They belong to its invoices by
    what these invoice; where the order earns as soon as it is confirmed, those of what
    is not invoiced yet belong to none.
    """
    return SQL(
        """
        WITH chosen AS (%(chosen)s), billed AS (%(billed)s), kept AS (%(kept)s),
        granted AS (%(granted)s), recorded AS (%(recorded)s)
        SELECT COALESCE(granted.order_id, recorded.order_id),
               COALESCE(granted.invoice_id, recorded.invoice_id),
               COALESCE(granted.points, 0)::text, COALESCE(granted.kept, 0)::text,
               COALESCE(granted.revenue, 0)::text, COALESCE(granted.goods, 0)::text,
               COALESCE(recorded.points, 0)::text, COALESCE(recorded.amount, 0)::text,
               recorded.price::text, recorded.rate::text, recorded.others::text
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
    takes from all of them alike. By windows, since nobody can tell the planner how many
    rows there are to join. ``kept`` is what is kept of all invoices of the order.
    """
    return SQL(
        """
        SELECT order_id, move_id, date, revenue, goods, amount, refunded,
               GREATEST(0, net + loose) AS kept,
               back * GREATEST(0, 1 + loose / NULLIF(net, 0)) AS net
          FROM (
                SELECT linked.*, sum(back) OVER whole AS net,
                       COALESCE(sum(amount) FILTER (
                           WHERE refunds AND NOT known) OVER whole, 0) AS loose,
                       -COALESCE(sum(amount) FILTER (
                           WHERE refunds) OVER whole, 0) AS refunded
                  FROM (
                        SELECT billed.*,
                               bool_or(is_sale) OVER invoice AS known,
                               CASE WHEN is_sale THEN GREATEST(0, amount + COALESCE(
                                   sum(amount) FILTER (WHERE refunds) OVER invoice, 0))
                               END AS back
                          FROM (
                                SELECT billed.*, NOT refunds AND amount > 0 AS is_sale
                                  FROM billed
                               ) billed
                        WINDOW invoice AS (
                            PARTITION BY order_id, CASE WHEN refunds
                                THEN reversed_entry_id ELSE move_id END
                        )
                       ) linked
                WINDOW whole AS (PARTITION BY order_id)
               ) net
         WHERE is_sale
        """
    )


def _granted(cohort, day, first_day):
    """What the invoices of the month grant: of each order by what is kept of them.

    The ledger says how many points it holds of the order; where it earns when it is
    confirmed, so many as are invoiced of it.
    """
    return SQL(
        """
        SELECT kept.order_id, kept.move_id AS invoice_id,
               round(held.points * kept.net / NULLIF(CASE WHEN earns.earn_on = 'order'
                   THEN GREATEST(sold.amount - kept.refunded, kept.kept)
                   ELSE kept.kept END, 0), 4) AS points,
               round(kept.net / kept.amount, 10) AS kept, kept.revenue,
               round(kept.goods, 6) AS goods
          FROM kept
          CROSS JOIN LATERAL (
                SELECT sum(move.points + move.pending) AS points
                  FROM dcrm_points_move root
                  JOIN dcrm_points_move move
                    ON move.id = root.id OR move.origin_id = root.id
                 WHERE root.res_model = 'sale.order' AND root.res_id = kept.order_id
                   AND root.club_id = %(club)s AND root.kind IN ('earn', 'pending')
                   AND move.day <= %(day)s
               ) held
          LEFT JOIN dcrm_points_entitlement earns
            ON earns.order_id = kept.order_id AND earns.club_id = %(club)s
          CROSS JOIN LATERAL (
                SELECT COALESCE(sum(price_subtotal), 0) AS amount
                  FROM sale_order_line sold
                 WHERE sold.order_id = kept.order_id AND sold.reward_id IS NULL
                   AND sold.display_type IS NULL
                   AND NOT COALESCE(sold.is_downpayment, FALSE)
               ) sold
         WHERE kept.net IS NOT NULL AND held.points IS NOT NULL AND %(in_month)s
        """,
        club=cohort["club"],
        day=day,
        in_month=_in_month(SQL("kept.date"), cohort, day, first_day),
    )


def _recorded(cohort):
    return SQL(
        """
        SELECT order_id, invoice_id, sum(points) AS points, sum(amount) AS amount,
               (array_agg(kept ORDER BY id DESC))[1] AS kept,
               (array_agg(revenue ORDER BY id DESC))[1] AS revenue,
               (array_agg(goods ORDER BY id DESC))[1] AS goods,
               (array_agg(price ORDER BY id))[1] AS price,
               (array_agg(rate ORDER BY id))[1] AS rate,
               (array_agg(others ORDER BY id))[1] AS others
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
        ), summed AS (%(summed)s)
        SELECT COALESCE(sum(points), 0)::text,
               COALESCE(sum((held - has - lost) * points / held), 0)::text,
               COALESCE(sum(lost * points / held), 0)::text
          FROM (
                SELECT points, held, has, LEAST(lost, held - has) AS lost
                  FROM (
                        SELECT points, held, lost,
                               LEAST(held, GREATEST(0, has)) AS has
                          FROM summed WHERE points > 0 AND held > 0
                       ) orders
               ) orders
        """,
        summed=_summed(day),
        id=deferral_id,
        club=club_id,
        day=day,
    )


# Debits of these kinds take points away for nothing.
LOST = ("expire", "adjust", "import")


def _summed(day):
    """Of each order: what it granted here and in all, what is left and what is lost.

    Rows are put beneath each other and summed once: nobody can tell the planner how
    many there are to join.
    """
    return SQL(
        """
        SELECT order_id, sum(points) AS points, sum(held) AS held, sum(has) AS has,
               sum(lost) AS lost
          FROM (
                SELECT order_id, points, 0 AS held, 0 AS has, 0 AS lost FROM granted
                UNION ALL
                SELECT order_id, 0, points + pending, pending, 0 FROM tree
                UNION ALL
                SELECT lots.order_id, 0, 0, lots.points - taken.points, taken.lost
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
               ) rows
         GROUP BY order_id
        """,
        lost=LOST,
        day=day,
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
