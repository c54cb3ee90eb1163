"""Scores, set-based: facts → figures → cut points → classes → what changed is written.

One refresh works on two temporary tables that end with its transaction: the customers
whose facts changed (``dcrm_score_stale``) and the figures of those who are scored
(``dcrm_score_figure``). A replay stops before the writing. The arithmetic is that of
``compute.rfm``.
"""

from odoo.tools import SQL

# What history keeps, and what a score keeps beyond it.
RECORDED = (
    "first_purchase_date",
    "last_purchase_date",
    "frequency",
    "monetary",
    "recency_class",
    "frequency_class",
    "monetary_class",
    "rfm_score",
    "segment_id",
    "value_class",
)
SCORED = (*RECORDED, "margin_unknown", "scheme_id")
# The score as text says what its classes say, and takes longest to compare.
DERIVED = {"rfm_score"}


def compared(names):
    """Return the names that tell whether a score is another."""
    return [name for name in names if name not in DERIVED]


def columns(names, table=None) -> SQL:
    """Return the columns, of a table or as they are, in a row."""
    parts = [
        SQL.identifier(table, name) if table else SQL.identifier(name) for name in names
    ]
    return SQL(", ").join(parts)


def begin() -> SQL:
    """Make the table of the stale anew: a transaction may refresh several times.

    Statements over all customers want room to hash them in, and no compiler.
    """
    return SQL(
        """
        SET LOCAL jit = off;
        SELECT set_config('work_mem', '64MB', true)
         WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('64MB');
        DROP TABLE IF EXISTS pg_temp.dcrm_score_reclassed;
        CREATE TEMPORARY TABLE dcrm_score_reclassed
            (partner_id integer, class_before varchar, class_now varchar)
            ON COMMIT DROP;
        DROP TABLE IF EXISTS pg_temp.dcrm_score_stale;
        CREATE TEMPORARY TABLE dcrm_score_stale (partner_id integer PRIMARY KEY)
            ON COMMIT DROP
        """
    )


def is_anyone_stale(company_id) -> SQL:
    """Yield one row if there is a customer of the company in the queue."""
    return SQL(
        "SELECT 1 FROM dcrm_purchase_change WHERE company_id = %s LIMIT 1", company_id
    )


def take_stale(company_id) -> SQL:
    """Move the customers of a company from the queue to those who are stale."""
    return SQL(
        """
        WITH taken AS (
            DELETE FROM dcrm_purchase_change WHERE company_id = %s RETURNING partner_id
        )
        INSERT INTO dcrm_score_stale SELECT DISTINCT partner_id FROM taken
        """,
        company_id,
    )


def take_moved(company_id, schemes) -> SQL:
    """Add the customers that another scheme classes than the one that scored them."""
    return SQL(
        """
        INSERT INTO dcrm_score_stale
        SELECT s.partner_id
          FROM dcrm_customer_score s
          JOIN res_partner c ON c.id = s.partner_id
          JOIN %s ON %s
         WHERE s.company_id = %s AND s.scheme_id IS DISTINCT FROM scheme.id
        ON CONFLICT DO NOTHING
        """,
        _scheme_table(schemes),
        _scheme_of_customer(schemes),
        company_id,
    )


def figures(company_id, as_of, schemes, stale=False) -> SQL:
    """Make the table of figures: one row a customer with a fact up to a day.

    :param schemes: list of ``(industry id or 0, scheme id, first day before the
        window or None, by margin)``; 0 is every other industry and always there
    :param stale: only those customers
    """
    if len(schemes) == 1:
        [(_industry, scheme_id, since, by_margin)] = schemes
        scheme, join = SQL("%s::integer", scheme_id), SQL()
        inside = SQL("p.date > %s", since) if since else SQL("true")
        value = SQL("p.margin") if by_margin else SQL("p.amount")
    else:
        scheme, inside = SQL("scheme.id"), SQL("p.date > scheme.since")
        value = SQL("CASE WHEN scheme.by_margin THEN p.margin ELSE p.amount END")
        join = SQL(
            "JOIN res_partner c ON c.id = p.partner_id JOIN %s ON %s",
            _scheme_table(schemes),
            _scheme_of_customer(schemes),
        )
    return SQL(
        """
        DROP TABLE IF EXISTS pg_temp.dcrm_score_figure;
        CREATE TEMPORARY TABLE dcrm_score_figure ON COMMIT DROP AS
        SELECT p.partner_id,
               %(scheme)s AS scheme_id,
               min(p.date) FILTER (WHERE p.amount > 0) AS first_purchase_date,
               max(p.date) FILTER (WHERE p.amount > 0) AS last_purchase_date,
               CAST(count(*) FILTER (WHERE p.amount > 0 AND %(inside)s) AS integer)
                   AS frequency,
               COALESCE(sum(%(value)s) FILTER (WHERE %(inside)s), 0) AS monetary,
               CAST(count(*) FILTER (WHERE p.margin IS NULL AND %(inside)s) AS integer)
                   AS margin_unknown
          FROM dcrm_purchase p %(stale)s %(join)s
         WHERE p.company_id = %(company_id)s AND p.date <= %(as_of)s
         GROUP BY 1, 2;
        ANALYZE dcrm_score_figure (partner_id, scheme_id)
        """,
        scheme=scheme,
        inside=inside,
        value=value,
        join=join,
        stale=SQL("JOIN dcrm_score_stale USING (partner_id)" if stale else ""),
        company_id=company_id,
        as_of=as_of,
    )


def _scheme_table(schemes) -> SQL:
    return SQL(
        "(VALUES %s) AS scheme (industry_id, id, since, by_margin)",
        SQL(", ").join(
            SQL(
                "(%s, %s, %s::date, %s)", industry, scheme, since or "-infinity", margin
            )
            for industry, scheme, since, margin in schemes
        ),
    )


def _scheme_of_customer(schemes) -> SQL:
    """The condition that joins ``scheme`` to the customer ``c``."""
    industries = tuple(industry for industry, *_rest in schemes)
    return SQL(
        "scheme.industry_id = "
        "CASE WHEN c.industry_id IN %s THEN c.industry_id ELSE 0 END",
        industries,
    )


def is_anyone_in(scheme_ids) -> SQL:
    """Yield one row if a customer of the schemes has bought in the window."""
    return SQL(
        """
        SELECT 1 FROM dcrm_score_figure
         WHERE scheme_id IN %s AND frequency > 0 LIMIT 1
        """,
        tuple(scheme_ids),
    )


def populations(counts) -> SQL:
    """Yield a row a scheme that has customers with a purchase in the window.

    ``(scheme id, population, least, greatest and cut points of: last purchase date,
    frequency, monetary)``; ``counts`` is a list of ``(scheme id, class counts)``.
    """
    return SQL(
        """
        SELECT f.scheme_id, count(*),
               min(last_purchase_date), max(last_purchase_date),
               percentile_disc(r_shares) WITHIN GROUP (ORDER BY last_purchase_date),
               min(frequency), max(frequency),
               percentile_disc(f_shares) WITHIN GROUP (ORDER BY frequency),
               min(monetary), max(monetary),
               percentile_disc(m_shares) WITHIN GROUP (ORDER BY monetary)
          FROM dcrm_score_figure f
          JOIN (VALUES %s) AS share (scheme_id, r_shares, f_shares, m_shares)
            ON share.scheme_id = f.scheme_id
         WHERE frequency > 0
         GROUP BY f.scheme_id, r_shares, f_shares, m_shares
        """,
        SQL(", ").join(
            SQL(
                "(%s, %s)",
                scheme_id,
                SQL(", ").join(
                    SQL("%s::float8[]", [k / count for k in range(1, count)])
                    for count in of_scheme
                ),
            )
            for scheme_id, of_scheme in counts
        ),
    )


def value_bounds(shares) -> SQL:
    """Yield the least monetary value of class a and of class b, as one row.

    Counting up from the greatest, it is the value with which the share is reached:
    what is greater makes less than the share, what is smaller comes after it.
    """
    return SQL(
        """
        SELECT max(monetary) FILTER (WHERE reached >= enough_a),
               max(monetary) FILTER (WHERE reached >= enough_b)
          FROM (SELECT monetary, sum(monetary) OVER (ORDER BY monetary DESC
                           ROWS UNBOUNDED PRECEDING) AS reached
                  FROM dcrm_score_figure WHERE monetary > 0) AS counted,
               (SELECT %s * 0.01 * sum(monetary) AS enough_a,
                       %s * 0.01 * sum(monetary) AS enough_b
                  FROM dcrm_score_figure WHERE monetary > 0) AS total
        """,
        *shares,
    )


def scored(as_of, cuts) -> SQL:
    """Select the scores of all figures.

    :param cuts: list of dicts ``scheme_id, cut_id, recency_cuts, frequency_cuts,
        monetary_cuts, value_a, value_b`` as a row of cut points has them
    """
    return SQL(
        """
        SELECT f.*, class.recency_class, class.frequency_class, class.monetary_class,
               CONCAT(class.recency_class, class.frequency_class, class.monetary_class)
                   AS rfm_score,
               cell.segment_id, cut.cut_id,
               CASE WHEN f.monetary <= 0 THEN 'c'
                    WHEN f.monetary >= cut.value_a THEN 'a'
                    WHEN f.monetary >= cut.value_b THEN 'b'
                    ELSE 'c' END AS value_class
          FROM dcrm_score_figure f
          JOIN (VALUES %(cuts)s)
               AS cut (scheme_id, cut_id, r_count, f_count, m_count, r_limits, f_limits,
                       m_limits, value_a, value_b)
            ON cut.scheme_id = f.scheme_id
         CROSS JOIN LATERAL (
               SELECT COALESCE(r_count - width_bucket(%(as_of)s::date
                          - f.last_purchase_date, r_limits), 1) AS recency_class,
                      f_count - width_bucket(-f.frequency, f_limits) AS frequency_class,
                      m_count - width_bucket(-f.monetary, m_limits) AS monetary_class
                      OFFSET 0 -- so that a class is computed once, not where it is used
               ) AS class
          LEFT JOIN dcrm_segment_cell cell
            ON cell.scheme_id = f.scheme_id
           AND cell.recency_class = class.recency_class
           AND cell.frequency_class = class.frequency_class
           AND cell.monetary_class = class.monetary_class
        """,
        as_of=as_of,
        cuts=SQL(", ").join(map(_cut_row, cuts)),
    )


def _cut_row(cut) -> SQL:
    # width_bucket counts the thresholds that a value reaches; turned upside down that
    # is what it does not exceed, so the class is the count of classes less those.
    axes = [cut["recency_cuts"], cut["frequency_cuts"], cut["monetary_cuts"]]
    return SQL(
        "(%s, %s::integer, %s, %s, %s, %s::integer[], %s::integer[], %s::numeric[], "
        "%s::numeric, %s::numeric)",
        cut["scheme_id"],
        cut.get("cut_id"),
        *(len(axis) + 1 for axis in axes),
        sorted(axes[0]),
        *(sorted(-each for each in axis) for axis in axes[1:]),
        cut["value_a"],
        cut["value_b"],
    )


def read(as_of, cuts) -> SQL:
    """Yield the scores of a replay, by customer."""
    return SQL(
        """
        SELECT partner_id, first_purchase_date, last_purchase_date,
               %s::date - last_purchase_date AS recency, frequency, monetary,
               margin_unknown, recency_class, frequency_class, monetary_class,
               rfm_score, segment_id, value_class
          FROM (%s) AS scored
         ORDER BY partner_id
        """,
        as_of,
        scored(as_of, cuts),
    )


def write(company_id, as_of, cuts, full) -> SQL:
    """Write what changed: scores, their history of the day, who is gone.

    Customers whose score changed join the stale ones, whose stays are looked at next.
    One pass finds who differs; by its CASE the planner expects them to be few.
    Yields one row of counts: created, changed, removed, recorded.
    """
    updates = SQL(", ").join(
        SQL("%s = d.%s", SQL.identifier(name), SQL.identifier(name)) for name in SCORED
    )
    excluded = SQL(", ").join(
        SQL("%s = excluded.%s", SQL.identifier(name), SQL.identifier(name))
        for name in (*RECORDED, "cut_id")
    )
    return SQL(
        """
        WITH scored AS (%(scored)s),
        known AS (
            SELECT * FROM dcrm_customer_score s
             WHERE s.company_id = %(company_id)s AND %(within)s
        ),
        delta AS MATERIALIZED (
            SELECT n.*, o.id AS score_id, o.partner_id AS known_id,
                   o.value_class AS class_before,
                   n.partner_id IS NOT NULL
                   AND (%(new_kept)s) IS DISTINCT FROM (%(old_kept)s) AS to_record
              FROM scored n FULL JOIN known o ON o.partner_id = n.partner_id
             WHERE CASE WHEN o.id IS NULL OR n.partner_id IS NULL
                        OR (%(new)s) IS DISTINCT FROM (%(old)s) THEN 1 END = 1
        ),
        created AS (
            INSERT INTO dcrm_customer_score
                   (partner_id, company_id, scored_on, %(scored_columns)s)
            SELECT partner_id, %(company_id)s, %(as_of)s::date, %(scored_columns)s
              FROM delta WHERE score_id IS NULL
            ON CONFLICT (partner_id, company_id) DO NOTHING
            RETURNING 1
        ),
        changed AS (
            UPDATE dcrm_customer_score s
               SET scored_on = %(as_of)s::date, %(updates)s
              FROM delta d WHERE s.id = d.score_id AND d.partner_id IS NOT NULL
            RETURNING 1
        ),
        removed AS (
            DELETE FROM dcrm_customer_score s
             USING delta d WHERE s.id = d.score_id AND d.partner_id IS NULL
            RETURNING s.partner_id
        ),
        reclassed AS (
            INSERT INTO dcrm_score_reclassed
            SELECT COALESCE(partner_id, known_id), class_before, value_class
              FROM delta WHERE value_class IS DISTINCT FROM class_before
        ),
        recorded AS (
            INSERT INTO dcrm_customer_score_history
                   (partner_id, company_id, date, cut_id, %(recorded_columns)s)
            SELECT partner_id, %(company_id)s, %(as_of)s::date, cut_id,
                   %(recorded_columns)s
              FROM delta WHERE to_record
            UNION ALL
            SELECT partner_id, %(company_id)s, %(as_of)s::date, NULL,
                   NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL
              FROM removed
            ON CONFLICT (partner_id, company_id, date) DO UPDATE SET %(excluded)s
            RETURNING 1
        ),
        touched AS (
            INSERT INTO dcrm_score_stale
            SELECT partner_id FROM delta WHERE to_record
            UNION ALL SELECT partner_id FROM removed
            ON CONFLICT DO NOTHING
        )
        SELECT (SELECT count(*) FROM created), (SELECT count(*) FROM changed),
               (SELECT count(*) FROM removed), (SELECT count(*) FROM recorded)
        """,
        scored=scored(as_of, cuts),
        company_id=company_id,
        as_of=as_of,
        new=columns(compared(SCORED), "n"),
        old=columns(compared(SCORED), "o"),
        new_kept=columns(compared(RECORDED), "n"),
        old_kept=columns(compared(RECORDED), "o"),
        scored_columns=columns(SCORED),
        recorded_columns=columns(RECORDED),
        updates=updates,
        excluded=excluded,
        within=SQL("true")
        if full
        else SQL("s.partner_id IN (SELECT partner_id FROM dcrm_score_stale)"),
    )
