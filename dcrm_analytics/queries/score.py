"""Scores, set-based: figures and cut points → classes → what changed is written.

The second half of a refresh, on the temporary tables of ``queries.score_figure``; a
replay stops before the writing. The arithmetic is that of ``compute.rfm``.
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


def scored(as_of, cuts) -> SQL:
    """Select the scores of all figures.

    :param cuts: list of dicts ``scheme_id, cut_id, recency_cuts, frequency_cuts,
        monetary_cuts, value_a, value_b`` as a row of cut points has them, and
        ``by_value``: value classes go by the values of ``queries.score_value``
    """
    by_value = any(cut.get("by_value") for cut in cuts)
    return SQL(
        """
        SELECT f.*, class.recency_class, class.frequency_class, class.monetary_class,
               CONCAT(class.recency_class, class.frequency_class, class.monetary_class)
                   AS rfm_score,
               cell.segment_id, cut.cut_id,
               CASE WHEN %(value)s <= 0 THEN 'c'
                    WHEN %(value)s >= cut.value_a THEN 'a'
                    WHEN %(value)s >= cut.value_b THEN 'b'
                    ELSE 'c' END AS value_class
          FROM dcrm_score_figure f %(values)s
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
        value=SQL("worth.value" if by_value else "f.monetary"),
        values=SQL(
            "JOIN dcrm_score_value worth ON worth.partner_id = f.partner_id"
            if by_value
            else ""
        ),
    )


def _keeping_segments(as_of, cuts, company_id) -> SQL:
    """Select the scores of all figures, with the segment that each customer is in."""
    names = [name for name in SCORED if name != "segment_id"]
    return SQL(
        """
        SELECT f.partner_id, f.cut_id, %s, kept.segment_id
          FROM (%s) AS f
          LEFT JOIN dcrm_customer_score kept
            ON kept.partner_id = f.partner_id AND kept.company_id = %s
        """,
        columns(names, "f"),
        scored(as_of, cuts),
        company_id,
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


def write(company_id, as_of, cuts, full, by_rule=False) -> SQL:
    """Write what changed: scores, their history of the day, who is gone.

    Where rules decide on segments (``queries.segment_rule``) these stay as they are.

    Customers whose segment or value class changed are noted as moved. One pass finds
    who differs; by its CASE the planner expects them to be few. A score is found again
    where it was just read (``ctid``): whoever moves it meanwhile makes a conflict of
    transactions, which is tried again.
    Yields one row of counts: created, changed, removed, recorded.
    """
    updates = SQL(", ").join(
        SQL("%s = d.%s", SQL.identifier(name), SQL.identifier(name)) for name in SCORED
    )
    return SQL(
        """
        WITH scored AS (%(scored)s),
        known AS (%(known)s),
        delta AS MATERIALIZED (
            SELECT n.*, o.ctid AS score, o.value_class AS class_before,
                   COALESCE(n.partner_id, o.partner_id) AS customer_id,
                   (%(new_kept)s) IS DISTINCT FROM (%(old_kept)s) AS to_record,
                   (n.segment_id, n.value_class)
                   IS DISTINCT FROM (o.segment_id, o.value_class) AS moved
              FROM scored n FULL JOIN known o ON o.partner_id = n.partner_id
             WHERE CASE WHEN o.id IS NULL OR n.partner_id IS NULL
                        OR (%(new)s) IS DISTINCT FROM (%(old)s) THEN 1 END = 1
        ),
        created AS (
            INSERT INTO dcrm_customer_score
                   (partner_id, company_id, scored_on, %(scored_columns)s)
            SELECT partner_id, %(company_id)s, %(as_of)s::date, %(scored_columns)s
              FROM delta WHERE score IS NULL
            ON CONFLICT (partner_id, company_id) DO NOTHING
            RETURNING 1
        ),
        changed AS (
            UPDATE dcrm_customer_score s
               SET scored_on = %(as_of)s::date, %(updates)s
              FROM delta d WHERE s.ctid = d.score AND d.partner_id IS NOT NULL
            RETURNING 1
        ),
        removed AS (
            DELETE FROM dcrm_customer_score s
             USING delta d WHERE s.ctid = d.score AND d.partner_id IS NULL
            RETURNING 1
        ),
        corrected AS (
            UPDATE dcrm_customer_score_history h
               SET cut_id = d.cut_id, %(corrections)s
              FROM delta d
             WHERE h.partner_id = d.customer_id AND h.company_id = %(company_id)s
               AND h.date = %(as_of)s::date AND d.to_record
            RETURNING h.partner_id
        ),
        recorded AS (
            INSERT INTO dcrm_customer_score_history
                   (partner_id, company_id, date, cut_id, %(recorded_columns)s)
            SELECT customer_id, %(company_id)s, %(as_of)s::date, cut_id, %(record)s
              FROM delta d
             WHERE to_record AND NOT EXISTS (
                   SELECT FROM corrected c WHERE c.partner_id = d.customer_id)
            RETURNING 1
        ),
        moved AS (
            INSERT INTO dcrm_score_moved
            SELECT customer_id, class_before, value_class FROM delta WHERE moved
        )
        SELECT (SELECT count(*) FROM created), (SELECT count(*) FROM changed),
               (SELECT count(*) FROM removed),
               (SELECT count(*) FROM corrected) + (SELECT count(*) FROM recorded)
        """,
        scored=_keeping_segments(as_of, cuts, company_id)
        if by_rule
        else scored(as_of, cuts),
        company_id=company_id,
        as_of=as_of,
        new=columns(compared(SCORED), "n"),
        old=columns(compared(SCORED), "o"),
        new_kept=columns(compared(RECORDED), "n"),
        old_kept=columns(compared(RECORDED), "o"),
        scored_columns=columns(SCORED),
        recorded_columns=columns(RECORDED),
        record=SQL(", ").join(map(_record, RECORDED)),
        corrections=SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), _record(name)) for name in RECORDED
        ),
        updates=updates,
        known=_known(company_id, full),
    )


def _record(name) -> SQL:
    """Return what history keeps of a score ``d``: who is gone has bought nothing."""
    column = SQL.identifier("d", name)
    return (
        SQL("COALESCE(%s, 0)", column) if name in ("frequency", "monetary") else column
    )


def _known(company_id, full) -> SQL:
    """Select the scores there are: all in a row, or those of the stale by index."""
    scores = SQL(
        "SELECT ctid, * FROM dcrm_customer_score WHERE company_id = %s", company_id
    )
    if full:
        return scores
    return SQL(
        """
        SELECT score.* FROM dcrm_score_stale t
         CROSS JOIN LATERAL (%s AND partner_id = t.partner_id OFFSET 0) AS score
        """,
        scores,
    )


def gather_statistics() -> SQL:
    """Let the planner know of what has just been written in bulk.

    Until the server does so by itself, it would expect a handful of rows.
    """
    return SQL(
        """
        ANALYZE dcrm_purchase, dcrm_customer_score, dcrm_customer_score_history,
                dcrm_segment_stay
        """
    )


def leave_room() -> SQL:
    """Let a page keep room for new versions of its rows, next to the old ones.

    A changed figure is in no index: with room on the page no index is written.
    """
    return SQL("ALTER TABLE dcrm_customer_score SET (fillfactor = 85)")
