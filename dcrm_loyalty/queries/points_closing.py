"""What the closings of points owe, beside what the accounts say."""

from odoo.tools import SQL


def table(companies: tuple[int, ...], day=None) -> SQL:
    """Return a row a cohort, and one an account for what others posted on it.

    :param day: as of its end; without, all that there is
    """
    return SQL(
        """
        SELECT cohort.id, cohort.company_id, cohort.club_id,
               cohort.id AS deferral_id, period.account_id, cohort.month, period.day,
               period.outstanding, period.expected - period.redeemed AS expected,
               period.deferred / NULLIF(period.expected, 0) AS value,
               COALESCE(round(period.deferred * (period.expected - period.redeemed)
                   / NULLIF(period.expected, 0), currency.decimal_places), 0) AS worth,
               period.liability, COALESCE(booked.amount, 0) AS booked,
               COALESCE(booked.amount, 0) - period.liability AS difference
          FROM dcrm_points_deferral cohort
          JOIN res_company company ON company.id = cohort.company_id
          JOIN res_currency currency ON currency.id = company.currency_id
          CROSS JOIN LATERAL (
                SELECT * FROM dcrm_points_deferral_period period
                 WHERE period.deferral_id = cohort.id AND %(closed)s
                 ORDER BY period.day DESC LIMIT 1
               ) period
          LEFT JOIN (
                SELECT period.deferral_id, -sum(line.balance) AS amount
                  FROM dcrm_points_deferral_period period
                  JOIN account_move_line line ON line.move_id = period.entry_id
                   AND line.account_id = period.account_id
                 WHERE line.parent_state = 'posted' AND %(posted)s
                 GROUP BY period.deferral_id
               ) booked ON booked.deferral_id = cohort.id
         WHERE cohort.company_id IN %(companies)s
        UNION ALL
        SELECT -account.id, account.company_id, NULL, NULL, account.id, NULL, NULL,
               0, 0, NULL, 0, 0, -sum(line.balance), -sum(line.balance)
          FROM (
                SELECT DISTINCT company_id, deferral_account_id AS id
                  FROM dcrm_club
                 WHERE deferral_account_id IS NOT NULL AND company_id IN %(companies)s
               ) account
          JOIN account_move_line line ON line.account_id = account.id
           AND line.company_id = account.company_id
         WHERE line.parent_state = 'posted' AND %(posted)s
           AND NOT EXISTS (
                SELECT FROM dcrm_points_deferral_period period
                 WHERE period.entry_id = line.move_id
               )
         GROUP BY account.id, account.company_id
        """,
        companies=companies,
        closed=SQL("period.day <= %s", day) if day else SQL("TRUE"),
        posted=SQL("line.date <= %s", day) if day else SQL("TRUE"),
    )
