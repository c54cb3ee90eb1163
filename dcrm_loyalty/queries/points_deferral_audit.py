"""Who breaks an invariant of deferred points: queries that yield ids."""

from odoo.tools import SQL

from .points_deferral import LOST

# So much do numbers of points differ by rounding.
LEAST = 0.0001


def cohorts_unlike_periods(companies: tuple[int, ...]) -> SQL:
    """Cohorts that are not what their closings and their invoices add up to."""
    return SQL(
        """
        SELECT cohort.id
          FROM dcrm_points_deferral cohort
          LEFT JOIN (
                SELECT deferral_id, sum(granted_amount + refunded_amount) AS deferred,
                       sum(liability_change) AS liability
                  FROM dcrm_points_deferral_period GROUP BY deferral_id
               ) period ON period.deferral_id = cohort.id
          LEFT JOIN (
                SELECT deferral_id, sum(points) AS points, sum(amount) AS amount
                  FROM dcrm_points_deferral_line GROUP BY deferral_id
               ) line ON line.deferral_id = cohort.id
         WHERE cohort.company_id IN %s
           AND (cohort.deferred, cohort.liability, cohort.deferred)
               IS DISTINCT FROM (COALESCE(period.deferred, 0),
                   COALESCE(period.liability, 0), COALESCE(line.amount, 0))
        """,
        companies,
    )


def cohorts_unlike_ledger(companies: tuple[int, ...]) -> SQL:
    """Cohorts that are not what the ledger makes of their invoices, to the last digit.

    Reckoned by who took points, as of the end of their last closing: what a reward, or
    a debt that was worked off, took of the lots of their orders is redeemed, what was
    lost of them is expired, and the rest is outstanding. What of it is expected to be
    redeemed still is owed, at what was deferred for each point.
    """
    return SQL(
        """
        WITH RECURSIVE %(lots)s, found AS (
            SELECT cohort.id, cohort.company_id, cohort.liability, cohort.deferred,
                   cohort.issued, cohort.redeemed, cohort.expired, cohort.outstanding,
                   COALESCE(ledger.issued, 0) AS granted,
                   COALESCE(ledger.used, 0) AS used, COALESCE(ledger.lost, 0) AS lost,
                   LEAST(
                       COALESCE(ledger.issued - ledger.lost, 0),
                       GREATEST(
                           COALESCE(ledger.used, 0),
                           COALESCE(ledger.issued, 0) * cohort.rate / 100
                       )
                   ) AS expected
              FROM dcrm_points_deferral cohort
              LEFT JOIN (%(orders)s) ledger ON ledger.deferral_id = cohort.id
             WHERE cohort.company_id IN %(companies)s
        )
        SELECT found.id
          FROM found
          JOIN res_company company ON company.id = found.company_id
          JOIN res_currency currency ON currency.id = company.currency_id
         WHERE abs(found.issued - found.granted) > %(least)s
            OR abs(found.redeemed - found.used) > %(least)s
            OR abs(found.expired - found.lost) > %(least)s
            OR abs(found.outstanding - found.granted + found.used + found.lost)
               > 2 * %(least)s
            OR abs(found.liability - COALESCE(found.deferred
                   * (found.expected - found.used) / NULLIF(found.expected, 0), 0))
               > currency.rounding
        """,
        lots=_lots_of_cohorts(companies),
        orders=_gone_of_orders(),
        companies=companies,
        least=LEAST,
    )


def _lots_of_cohorts(companies):
    """``held``: what each order of a cohort holds; ``lots``: where that is now."""
    return SQL(
        """
        tree AS MATERIALIZED (
            SELECT granted.*, root.id AS root_id, move.id AS move_id, move.lot_id,
                   move.day, move.points + move.pending AS held
              FROM (
                    SELECT line.deferral_id, line.order_id, cohort.closed_on,
                           cohort.club_id, sum(line.points) AS points
                      FROM dcrm_points_deferral_line line
                      JOIN dcrm_points_deferral cohort ON cohort.id = line.deferral_id
                     WHERE cohort.company_id IN %s
                     GROUP BY 1, 2, 3, 4 HAVING sum(line.points) > 0
                   ) granted
              JOIN dcrm_points_move root
                ON root.res_model = 'sale.order' AND root.res_id = granted.order_id
               AND root.club_id = granted.club_id AND root.kind IN ('earn', 'pending')
              JOIN dcrm_points_move move
                ON move.id = root.id OR move.origin_id = root.id
             WHERE move.day <= granted.closed_on
        ), held AS (
            SELECT deferral_id, order_id, points, sum(held) AS held
              FROM tree GROUP BY 1, 2, 3
        ), lots AS (
            SELECT tree.deferral_id, tree.order_id, tree.closed_on, tree.root_id,
                   lot.id, tree.day, 0::numeric AS again
              FROM tree JOIN dcrm_points_lot lot ON lot.move_id = tree.move_id
             WHERE tree.lot_id IS NULL
            UNION ALL
            SELECT lots.deferral_id, lots.order_id, lots.closed_on, lots.root_id,
                   lot.id, move.day, lot.points
              FROM lots
              JOIN dcrm_points_move move ON move.lot_id = lots.id AND move.points > 0
              JOIN dcrm_points_lot lot ON lot.move_id = move.id
             WHERE move.day <= lots.closed_on
        )
        """,
        companies,
    )


def _gone_of_orders():
    """What a cohort has of its orders, and of that what is used and what is lost.

    Given back and transferred points come again in lots of their own.
    """
    return SQL(
        """
        SELECT deferral_id, sum(points) AS issued, sum(lost * points / held) AS lost,
               sum(LEAST(used, held - lost) * points / held) AS used
          FROM (
                SELECT held.deferral_id, held.order_id, held.points, held.held,
                       GREATEST(0, COALESCE(gone.used - back.again, 0)) AS used,
                       LEAST(COALESCE(gone.lost, 0), held.held) AS lost
                  FROM held
                  LEFT JOIN (
                        SELECT deferral_id, order_id, sum(again) AS again
                          FROM lots GROUP BY 1, 2
                       ) back USING (deferral_id, order_id)
                  LEFT JOIN (
                        SELECT lots.deferral_id, lots.order_id,
                               COALESCE(sum(used.points) FILTER (
                                   WHERE debit.kind IN %(lost)s), 0) AS lost,
                               COALESCE(sum(used.points) FILTER (
                                   WHERE debit.kind NOT IN %(lost)s), 0) AS used
                          FROM lots
                          JOIN dcrm_points_use used ON used.lot_id = lots.id
                          JOIN dcrm_points_move debit ON debit.id = used.debit_id
                         WHERE GREATEST(debit.day, lots.day) <= lots.closed_on
                           AND debit.origin_id IS DISTINCT FROM lots.root_id
                         GROUP BY 1, 2
                       ) gone USING (deferral_id, order_id)
                 WHERE held.held > 0
               ) orders
         GROUP BY deferral_id
        """,
        lost=LOST,
    )


def periods_unlike_entries(companies: tuple[int, ...]) -> SQL:
    """Closings whose entry does not say so: deleted, not posted, or other amounts."""
    return SQL(
        """
        SELECT period.id
          FROM dcrm_points_deferral_period period
          LEFT JOIN LATERAL (
                SELECT -sum(line.balance) AS amount
                  FROM account_move_line line
                 WHERE line.move_id = period.entry_id
                   AND line.account_id = period.account_id
                   AND line.parent_state = 'posted'
               ) entry ON TRUE
         WHERE period.company_id IN %s
           AND COALESCE(entry.amount, 0) <> period.liability_change
        """,
        companies,
    )
