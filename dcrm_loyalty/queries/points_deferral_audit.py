"""Who breaks an invariant of deferred points: queries that yield ids."""

from odoo.tools import SQL


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


def cohorts_unlike_outstanding(companies: tuple[int, ...]) -> SQL:
    """Cohorts that owe something else than what is outstanding, at its value.

    What is expected to be redeemed still, at what was deferred for each point, within
    the least amount of the currency. Where nothing is expected any more, nothing.
    """
    return SQL(
        """
        SELECT cohort.id
          FROM dcrm_points_deferral cohort
          JOIN res_company company ON company.id = cohort.company_id
          JOIN res_currency currency ON currency.id = company.currency_id
         WHERE cohort.company_id IN %s
           AND abs(cohort.liability - COALESCE(cohort.deferred
                   * (cohort.expected - cohort.redeemed) / NULLIF(cohort.expected, 0),
               0)) > currency.rounding
        """,
        companies,
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
