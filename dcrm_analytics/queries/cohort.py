"""Cohorts: the purchases of each customer, by the age that it had at their time."""

from odoo.tools import SQL

STEPS = ("month", "quarter")


def facts(days: dict) -> SQL:
    """Select the purchases of customers that bought something, a row each.

    A customer is born with its first purchase of a positive amount; what was credited
    before that has age 0. Joins that nobody asks for the planner leaves out: each finds
    one row at most.

    :param days: ``{day: ids of the companies that live on it}``: what is dated later
        does not count yet
    """
    return SQL(
        """
        SELECT purchase.id, purchase.partner_id, purchase.company_id, purchase.date,
               purchase.amount, purchase.margin, purchase.source, purchase.channel,
               purchase.amount > 0 AS bought,
               birth.date AS first_purchase_date,
               CAST(date_trunc('month', birth.date) AS date) AS cohort_month,
               CAST(date_trunc('quarter', birth.date) AS date) AS cohort_quarter,
               GREATEST(0, %(month)s - birth.month) AS age_months,
               GREATEST(0, %(quarter)s - birth.quarter) AS age_quarters,
               score.segment_id, first.source AS first_source,
               first.channel AS first_channel
          FROM dcrm_purchase purchase
          JOIN (SELECT partner_id, company_id, date,
                       %(birth_month)s AS month, %(birth_quarter)s AS quarter
                  FROM (SELECT partner_id, company_id, min(date) AS date
                          FROM dcrm_purchase WHERE amount > 0 AND (%(past)s)
                         GROUP BY partner_id, company_id) AS first) AS birth
            ON birth.partner_id = purchase.partner_id
           AND birth.company_id = purchase.company_id
          LEFT JOIN dcrm_customer_score score
            ON score.partner_id = purchase.partner_id
           AND score.company_id = purchase.company_id
          LEFT JOIN (SELECT DISTINCT ON (partner_id, company_id)
                            partner_id, company_id, source, channel
                       FROM dcrm_purchase WHERE amount > 0
                      ORDER BY partner_id, company_id, date, id) AS first
            ON first.partner_id = purchase.partner_id
           AND first.company_id = purchase.company_id
         WHERE (%(past_purchase)s)
        """,
        month=_month(SQL("purchase.date")),
        quarter=_quarter(SQL("purchase.date")),
        birth_month=_month(SQL("date")),
        birth_quarter=_quarter(SQL("date")),
        past=_past("dcrm_purchase", days),
        past_purchase=_past("purchase", days),
    )


def _past(purchases, days) -> SQL:
    """Whether a purchase counts by now: PostgreSQL can tell how many there are."""
    company, date = (SQL.identifier(purchases, name) for name in ("company_id", "date"))
    return SQL(" OR ").join(
        SQL("%s IN %s AND %s <= %s::date", company, tuple(ids), date, day)
        for day, ids in days.items()
    )


def _month(date: SQL) -> SQL:
    """The number of a day's month, counted from the year 0."""
    return SQL(
        "CAST(12 * date_part('year', %(date)s) + date_part('month', %(date)s)"
        " AS integer)",
        date=date,
    )


def _quarter(date: SQL) -> SQL:
    return SQL(
        "CAST(4 * date_part('year', %(date)s) + date_part('quarter', %(date)s)"
        " AS integer)",
        date=date,
    )


def table(rows: SQL) -> SQL:
    """Yield ``(cohort, age, customers, revenue, margin, purchases without margin)``.

    A row whose age is NULL tells of the whole cohort instead: its customers and, in
    the place of revenue, how many of them bought more than once.

    :param rows: a select of ``partner_id, cohort, age, amount, margin`` of purchases
    """
    return SQL(
        """
        WITH purchase AS MATERIALIZED (%s)
        SELECT cohort, age, count(DISTINCT partner_id) FILTER (WHERE amount > 0),
               sum(amount), COALESCE(sum(margin), 0), count(*) - count(margin)
          FROM purchase GROUP BY cohort, age
         UNION ALL
        SELECT cohort, NULL, count(*) FILTER (WHERE purchases > 0),
               count(*) FILTER (WHERE purchases > 1), 0, 0
          FROM (SELECT min(cohort) AS cohort,
                       count(*) FILTER (WHERE amount > 0) AS purchases
                  FROM purchase GROUP BY partner_id) AS born
         GROUP BY cohort
         ORDER BY 1, 2
        """,
        rows,
    )


def named(columns: list[SQL]) -> list[SQL]:
    """Return the columns of purchases as :func:`table` names them."""
    names = ("partner_id", "cohort", "age", "amount", "margin")
    return [
        SQL("%s AS %s", column, SQL.identifier(name))
        for column, name in zip(columns, names, strict=True)
    ]
