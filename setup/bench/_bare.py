"""The figures of worth in bare SQL, straight from the documents of a company.

Each answers all that our figure answers: a comparison with less would tell nothing.
"""

_LEDGER = """
    SELECT line.move_id, customer.commercial_partner_id AS partner_id, line.date,
           line.balance, account.account_type = 'income' AS revenue
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
      JOIN res_partner customer ON customer.id = line.partner_id
     WHERE line.company_id = %(company)s AND line.parent_state = 'posted'
       AND account.account_type IN ('income', 'expense_direct_cost')
"""

PROFIT = f"""
    DROP TABLE IF EXISTS bench_profit;
    CREATE TABLE bench_profit (
        move_id integer, partner_id integer, date date, revenue numeric, goods numeric,
        PRIMARY KEY (move_id, partner_id)
    );
    INSERT INTO bench_profit
    SELECT move_id, partner_id, max(date), -sum(balance) FILTER (WHERE revenue),
           -sum(balance) FILTER (WHERE NOT revenue)
      FROM ({_LEDGER}) AS line GROUP BY move_id, partner_id
"""

_SHARES = """
    SELECT %s, count(*), sum(value) FILTER (WHERE place <= 10) / sum(value),
           sum((2 * (number + 1 - place) - number - 1) * value)
               / (number * sum(value)) AS gini
"""

CONCENTRATION = f"""
    WITH customer AS MATERIALIZED (
        SELECT partner_id, date_trunc('quarter', date) AS quarter,
               -sum(balance) AS value
          FROM ({_LEDGER}) AS line GROUP BY partner_id, quarter
    ), in_all AS (
        SELECT value, row_number() OVER (ORDER BY value DESC) AS place,
               count(*) OVER () AS number,
               sum(value) OVER (ORDER BY value DESC) AS reached
          FROM (SELECT sum(value) AS value FROM customer GROUP BY partner_id) AS total
         WHERE value > 0
    ), in_quarter AS (
        SELECT quarter, value, count(*) OVER (PARTITION BY quarter) AS number,
               row_number() OVER (PARTITION BY quarter ORDER BY value DESC) AS place
          FROM customer WHERE value > 0
    )
    SELECT NULL, NULL, place / number::float8, reached FROM in_all
     WHERE place %% (number / 100 + 1) = 0
     UNION ALL
    {_SHARES % "NULL::timestamp"} FROM in_all GROUP BY number
     UNION ALL
    {_SHARES % "quarter"} FROM in_quarter GROUP BY quarter, number
"""

KINDS = """
    DROP TABLE IF EXISTS bench_kind;
    CREATE TABLE bench_kind (
        partner_id integer, category_id integer, first_on date, last_on date,
        amount numeric, documents integer, PRIMARY KEY (partner_id, category_id)
    );
    INSERT INTO bench_kind
    SELECT o.partner_id, template.categ_id, min(o.date_order)::date,
           max(o.date_order)::date, sum(item.price_subtotal),
           count(DISTINCT o.id)
      FROM sale_order o
      JOIN sale_order_line item ON item.order_id = o.id
      JOIN product_product product ON product.id = item.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
     WHERE o.company_id = %(company)s AND o.state = 'sale'
     GROUP BY o.partner_id, template.categ_id;
"""

# A customer is in danger after twice its usual gap, the median of its latest 24, and
# two weeks at least, and lost after a year.
RHYTHM = """
    DROP TABLE IF EXISTS bench_rhythm, bench_danger, bench_lifecycle;
    CREATE TABLE bench_rhythm (
        partner_id integer PRIMARY KEY, last_on date, gap float8, danger_since date
    );
    CREATE TABLE bench_danger (
        partner_id integer, silent_since date, entered_on date, left_on date,
        gap float8, PRIMARY KEY (partner_id, silent_since)
    );
    CREATE TABLE bench_lifecycle (
        partner_id integer, entered_on date, left_on date, state varchar,
        PRIMARY KEY (partner_id, entered_on)
    );
    CREATE TEMPORARY TABLE bench_day ON COMMIT DROP AS
    SELECT partner_id, day, row_number() OVER of_customer AS number,
           day - lag(day) OVER of_customer AS gap,
           lead(day) OVER of_customer AS until,
           count(*) OVER (PARTITION BY partner_id) AS total
      FROM (SELECT DISTINCT partner_id, date_order::date AS day FROM sale_order
             WHERE company_id = %(company)s AND state = 'sale') AS bought
    WINDOW of_customer AS (PARTITION BY partner_id ORDER BY day);
    INSERT INTO bench_danger
    SELECT partner_id, day, day + GREATEST(ceil(2 * usual)::integer, 14),
           CASE WHEN until <= day + 365 THEN until
                WHEN day + 365 <= %(today)s THEN day + 365 END, usual
      FROM (SELECT partner_id, day, until,
                   (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY each)
                      FROM unnest(gaps) AS each) AS usual
              FROM (SELECT *, array_agg(gap) OVER (
                               PARTITION BY partner_id ORDER BY day
                               ROWS 23 PRECEDING) AS gaps
                      FROM bench_day) AS day
             WHERE number > 2) AS silence
     WHERE day + GREATEST(ceil(2 * usual)::integer, 14)
           < LEAST(until, day + 365, %(today)s + 1);
    INSERT INTO bench_rhythm
    SELECT customer.partner_id, last_on, customer.gap, danger.entered_on
      FROM (SELECT partner_id, max(day) AS last_on,
                   CASE WHEN count(*) > 2 THEN percentile_cont(0.5)
                       WITHIN GROUP (ORDER BY gap)
                       FILTER (WHERE number > total - 24) END AS gap
              FROM bench_day GROUP BY partner_id) AS customer
      LEFT JOIN bench_danger danger
        ON danger.partner_id = customer.partner_id AND danger.left_on IS NULL;
    INSERT INTO bench_lifecycle
    WITH extended AS (
        SELECT partner_id, min(first_on) AS extended_on
          FROM (SELECT partner_id, first_on, rank() OVER (
                           PARTITION BY partner_id ORDER BY first_on) AS place
                  FROM bench_kind) AS kind
         WHERE place > 1 GROUP BY partner_id
    ), bought AS (
        SELECT partner_id, day, until,
               CASE WHEN number = 1 THEN 'acquired' WHEN gap > 365 THEN 'won_back'
                    WHEN extended_on <= day THEN 'extended' ELSE 'retained' END AS state
          FROM bench_day LEFT JOIN extended USING (partner_id)
    )
    SELECT partner_id, day, lead(day) OVER (PARTITION BY partner_id ORDER BY day), state
      FROM (SELECT *, lag(state) OVER (PARTITION BY partner_id ORDER BY day) AS before
              FROM bought) AS bought
     WHERE state IS DISTINCT FROM before OR state = 'won_back'
     UNION ALL
    SELECT partner_id, day + 365, until, 'lost' FROM bench_day
     WHERE COALESCE(until, %(today)s + 1) > day + 365
"""

COHORTS = """
    WITH purchase AS MATERIALIZED (
        SELECT o.partner_id, o.amount_untaxed AS amount, o.margin,
               date_trunc('month', first.born) AS cohort,
               12 * (date_part('year', o.date_order) - date_part('year', born))
               + date_part('month', o.date_order) - date_part('month', born) AS age
          FROM sale_order o
          JOIN (SELECT partner_id, min(date_order) AS born FROM sale_order
                 WHERE company_id = %(company)s AND state = 'sale'
                 GROUP BY partner_id) AS first USING (partner_id)
         WHERE o.company_id = %(company)s AND o.state = 'sale'
    )
    SELECT cohort, age, count(DISTINCT partner_id), sum(amount), sum(margin),
           count(*) - count(margin)
      FROM purchase GROUP BY cohort, age
     UNION ALL
    SELECT cohort, NULL, count(*), count(*) FILTER (WHERE purchases > 1), 0, 0
      FROM (SELECT cohort, partner_id, count(*) AS purchases
              FROM purchase GROUP BY cohort, partner_id) AS customer
     GROUP BY cohort
"""

# How late customers pay: of what money settled of invoices, on the day of the money; of
# what is overdue, today. As ours, of receivables alone, by the document's own due date.
RECEIVABLES = """
    WITH item AS MATERIALIZED (
        SELECT customer.commercial_partner_id AS partner_id,
               line.amount_residual AS amount,
               %(today)s - COALESCE(line.date_maturity, line.date) AS days
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id
          JOIN res_partner customer ON customer.id = line.partner_id
         WHERE line.company_id = %(company)s AND line.parent_state = 'posted'
           AND account.account_type = 'asset_receivable'
           AND line.reconciled IS NOT TRUE
    )
    SELECT CASE WHEN days <= 0 THEN 'not due' WHEN days <= 30 THEN '30'
                WHEN days <= 60 THEN '60' WHEN days <= 90 THEN '90'
                WHEN days <= 180 THEN '180' ELSE 'over 180' END,
           sum(amount), count(DISTINCT partner_id)
      FROM item GROUP BY 1
     UNION ALL
    (SELECT partner_id::text, sum(amount), 1 FROM item GROUP BY partner_id
      ORDER BY 2 DESC LIMIT 10)
     UNION ALL
    SELECT 'days late', sum(late.amount * late.days) / sum(late.amount), count(*)
      FROM (SELECT match.amount,
                   money.date - COALESCE(due.date_maturity, due.date) AS days
              FROM account_partial_reconcile match
              JOIN account_move_line money ON money.id = match.credit_move_id
              JOIN account_account account ON account.id = money.account_id
              JOIN account_journal journal ON journal.id = money.journal_id
              JOIN account_move_line due ON due.id = match.debit_move_id
              JOIN account_move invoice ON invoice.id = due.move_id
             WHERE due.company_id = %(company)s AND match.max_date > %(today)s - 365
               AND account.account_type = 'asset_receivable'
               AND journal.type IN ('bank', 'cash', 'credit')
               AND invoice.move_type IN ('out_invoice', 'out_receipt')
             UNION ALL
            SELECT amount, days FROM item WHERE days > 0) AS late
"""

SCORECARD = """
    WITH bought AS MATERIALIZED (
        SELECT o.partner_id, o.user_id, o.amount_untaxed AS amount, o.margin,
               o.date_order::date > %(today)s - 365 AS present
          FROM sale_order o
         WHERE o.company_id = %(company)s AND o.state = 'sale'
           AND o.date_order::date > %(today)s - 730
    )
    SELECT present, sum(amount), sum(margin), count(DISTINCT partner_id),
           sum(amount) / NULLIF(count(DISTINCT user_id), 0)
      FROM bought GROUP BY present;
    SELECT date_order::date > %(today)s - 365 AS present,
           count(*) FILTER (WHERE state = 'sale'), count(*)
      FROM sale_order
     WHERE company_id = %(company)s AND state IN ('sale', 'cancel')
       AND date_order::date > %(today)s - 730
     GROUP BY present;
    SELECT validity_date > %(today)s - 365 AS present, count(*)
      FROM sale_order
     WHERE company_id = %(company)s AND state IN ('draft', 'sent')
       AND validity_date > %(today)s - 730 AND validity_date < %(today)s
     GROUP BY present;
    SELECT count(*) FILTER (WHERE born > %(today)s - 365),
           count(*) FILTER (WHERE born BETWEEN %(today)s - 729 AND %(today)s - 365)
      FROM (SELECT min(date_order)::date AS born FROM sale_order
             WHERE company_id = %(company)s AND state = 'sale'
             GROUP BY partner_id) AS first;
    SELECT o.date_order::date > %(today)s - 365 AS present, s.value_class,
           count(DISTINCT o.partner_id)
      FROM sale_order o
      JOIN dcrm_customer_score s ON s.partner_id = o.partner_id
       AND s.company_id = o.company_id
     WHERE o.company_id = %(company)s AND o.state = 'sale'
       AND o.date_order::date > %(today)s - 730
     GROUP BY 1, 2;
    SELECT avg(share_of_wallet) FROM dcrm_customer_score
     WHERE company_id = %(company)s;
    SELECT state, count(*) FILTER (WHERE left_on IS NULL),
           count(*) FILTER (WHERE entered_on <= %(today)s - 365
                              AND COALESCE(left_on, %(today)s) > %(today)s - 365)
      FROM dcrm_customer_lifecycle WHERE company_id = %(company)s GROUP BY state
"""
