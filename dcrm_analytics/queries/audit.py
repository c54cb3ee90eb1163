"""Invariants as queries: each yields the ids of the rows that break it.

They are written beside, and not from, the statements that keep the tables, so that a
fault in one of these shows. What is only not done yet is no fault: customers in the
queue of changes, documents changed after the last synchronisation, and schemes edited
after the last refresh are left out.
"""

from odoo.tools import SQL

FIGURES = (
    "first_purchase_date",
    "last_purchase_date",
    "frequency",
    "monetary",
    "recency_class",
    "frequency_class",
    "monetary_class",
    "rfm_score",
    "value_class",
)


def columns(table: str, names) -> SQL:
    """Return the columns of a table, for a row of them."""
    return SQL(", ").join(SQL.identifier(table, name) for name in names)


def is_settled(table: str) -> SQL:
    """Whether the customer of a row of a table is not waiting for a refresh."""
    return SQL(
        """NOT EXISTS (
            SELECT FROM dcrm_purchase_change waiting
            WHERE waiting.partner_id = %s AND waiting.company_id = %s
        )""",
        SQL.identifier(table, "partner_id"),
        SQL.identifier(table, "company_id"),
    )


# -- scores --------------------------------------------------------------------------


def scores_unlike_facts(companies, cuts) -> SQL:
    """Scores that the facts and the stored cut points do not yield.

    Each score looks its facts up, so that the plan hangs on no statistics.

    :param cuts: ids of the cut points that stand; a score is as of the day that they
        were last renewed
    """
    return SQL(
        """
        WITH worth AS (%(worth)s)
        SELECT score.id
        FROM dcrm_customer_score score
        JOIN dcrm_rfm_cut cut ON cut.scheme_id = score.scheme_id
            AND cut.company_id = score.company_id AND cut.id IN %(cuts)s
        LEFT JOIN worth ON worth.id = score.id
        CROSS JOIN LATERAL (
            SELECT count(*) AS facts,
                min(date) FILTER (WHERE amount > 0) AS first_purchase_date,
                max(date) FILTER (WHERE amount > 0) AS last_purchase_date,
                count(*) FILTER (WHERE amount > 0 AND %(inside)s) AS frequency,
                COALESCE(sum(
                    CASE cut.basis WHEN 'margin' THEN margin ELSE amount END
                ) FILTER (WHERE %(inside)s), 0) AS monetary
            FROM dcrm_purchase purchase
            WHERE purchase.partner_id = score.partner_id
            AND purchase.company_id = score.company_id
            AND purchase.date <= cut.renewed_on
        ) figure
        CROSS JOIN LATERAL (
            SELECT 1 + count(*) FILTER (
                WHERE cut.renewed_on - figure.last_purchase_date < point::numeric
            ) AS recency_class
            FROM jsonb_array_elements_text(cut.recency_cuts) point
        ) recency
        CROSS JOIN LATERAL (
            SELECT 1 + count(*) FILTER (WHERE figure.frequency > point::numeric)
                AS frequency_class
            FROM jsonb_array_elements_text(cut.frequency_cuts) point
        ) frequency
        CROSS JOIN LATERAL (
            SELECT 1 + count(*) FILTER (WHERE figure.monetary > point::numeric)
                AS monetary_class
            FROM jsonb_array_elements_text(cut.monetary_cuts) point
        ) monetary
        CROSS JOIN LATERAL (
            SELECT figure.*, recency.*, frequency.*, monetary.*, concat(
                    recency.recency_class, frequency.frequency_class,
                    monetary.monetary_class
                ) AS rfm_score,
                CASE WHEN COALESCE(worth.value, figure.monetary) <= 0 THEN 'c'
                    WHEN COALESCE(worth.value, figure.monetary) >= cut.value_a THEN 'a'
                    WHEN COALESCE(worth.value, figure.monetary) >= cut.value_b THEN 'b'
                    ELSE 'c' END AS value_class
        ) expected
        WHERE score.company_id IN %(companies)s AND %(settled)s
        AND (figure.facts = 0 OR (%(stored)s) IS DISTINCT FROM (%(expected)s))
        """,
        companies=companies,
        cuts=cuts,
        worth=_worth(companies),
        inside=SQL(
            "(COALESCE(cut.window_days, 0) = 0"
            " OR purchase.date > cut.renewed_on - cut.window_days)"
        ),
        settled=is_settled("score"),
        stored=columns("score", FIGURES),
        expected=columns("expected", FIGURES),
    )


def _worth(companies) -> SQL:
    """What scores are classed by in companies where that is not monetary value."""
    return SQL(
        """
        SELECT member.id, CASE WHEN company.value_class_by_group
            THEN sum(own.value) OVER (PARTITION BY member.company_id, member.group_id)
            ELSE own.value END AS value
        FROM dcrm_customer_score member
        JOIN res_company company ON company.id = member.company_id
        CROSS JOIN LATERAL (
            SELECT CASE company.value_class_basis WHEN 'monetary' THEN member.monetary
            ELSE COALESCE((
                SELECT sum(CASE company.value_class_basis
                    WHEN 'revenue' THEN fact.revenue ELSE fact.profit END)
                FROM dcrm_customer_profit fact
                WHERE fact.partner_id = member.partner_id
                AND fact.company_id = member.company_id
                AND fact.date <= (
                    SELECT max(renewed_on) FROM dcrm_rfm_cut
                    WHERE company_id = member.company_id AND current
                )
            ), 0) END AS value
        ) own
        WHERE member.company_id IN %s AND company.customer_worth
        AND (company.value_class_basis <> 'monetary' OR company.value_class_by_group)
        """,
        companies,
    )


def customers_without_score(companies) -> SQL:
    """Customers with purchases up to the last refresh of a company, and no score."""
    return SQL(
        """
        SELECT DISTINCT purchase.partner_id
        FROM dcrm_purchase purchase
        JOIN (
            SELECT company_id, max(renewed_on) AS day FROM dcrm_rfm_cut
            WHERE current GROUP BY company_id
        ) cut ON cut.company_id = purchase.company_id AND purchase.date <= cut.day
        WHERE purchase.company_id IN %s AND %s AND NOT EXISTS (
            SELECT FROM dcrm_customer_score score
            WHERE score.partner_id = purchase.partner_id
            AND score.company_id = purchase.company_id
        )
        """,
        companies,
        is_settled("purchase"),
    )


def scores_in_wrong_segment(companies, cuts) -> SQL:
    """Scores whose segment is not their rule's, or without one their cell's.

    A rule that decides is active. Scores that wait for the rules are left out.
    """
    return SQL(
        """
        SELECT score.id
        FROM dcrm_customer_score score
        JOIN dcrm_rfm_cut cut ON cut.scheme_id = score.scheme_id
            AND cut.company_id = score.company_id AND cut.id IN %s
        LEFT JOIN dcrm_segment_cell cell ON cell.scheme_id = score.scheme_id
            AND cell.recency_class = score.recency_class
            AND cell.frequency_class = score.frequency_class
            AND cell.monetary_class = score.monetary_class
        LEFT JOIN dcrm_segment_rule rule ON rule.id = score.segment_rule_id
        WHERE score.company_id IN %s AND %s AND cut.segments_due IS NOT TRUE
        AND (rule.active IS FALSE OR score.segment_id
            IS DISTINCT FROM COALESCE(rule.segment_id, cell.segment_id))
        """,
        cuts,
        companies,
        is_settled("score"),
    )


def scores_of_other_companies(companies) -> SQL:
    """Scores made by a scheme, or put in a segment or there by a rule, of another."""
    return SQL(
        """
        SELECT score.id
        FROM dcrm_customer_score score
        LEFT JOIN dcrm_rfm_scheme scheme ON scheme.id = score.scheme_id
        LEFT JOIN dcrm_segment segment ON segment.id = score.segment_id
        LEFT JOIN dcrm_segment_rule rule ON rule.id = score.segment_rule_id
        WHERE score.company_id IN %s AND (
            scheme.company_id <> score.company_id
            OR rule.company_id <> score.company_id
            OR segment.company_id <> score.company_id
        )
        """,
        companies,
    )


def scores_unlike_history(companies) -> SQL:
    """Scores that the last record of their history up to the refresh disagrees with."""
    names = (*FIGURES, "segment_id")
    return SQL(
        """
        SELECT score.id
        FROM dcrm_customer_score score
        LEFT JOIN (
            SELECT company_id, max(renewed_on) AS day FROM dcrm_rfm_cut
            WHERE current GROUP BY company_id
        ) cut ON cut.company_id = score.company_id
        LEFT JOIN LATERAL (
            SELECT * FROM dcrm_customer_score_history history
            WHERE history.partner_id = score.partner_id
            AND history.company_id = score.company_id AND history.date <= cut.day
            ORDER BY history.date DESC LIMIT 1
        ) history ON TRUE
        WHERE score.company_id IN %s AND %s
        AND (%s) IS DISTINCT FROM (%s)
        """,
        companies,
        is_settled("score"),
        columns("score", names),
        columns("history", names),
    )


# -- segments ------------------------------------------------------------------------


def grids_with_gaps(companies) -> SQL:
    """Schemes whose grid does not cover their cube exactly once."""
    return SQL(
        """
        SELECT scheme.id
        FROM dcrm_rfm_scheme scheme
        LEFT JOIN dcrm_segment_cell cell ON cell.scheme_id = scheme.id
        WHERE scheme.company_id IS NULL OR scheme.company_id IN %s
        GROUP BY scheme.id
        HAVING count(cell.id) <> scheme.recency_classes * scheme.frequency_classes
            * scheme.monetary_classes
        OR count(DISTINCT (
            cell.recency_class, cell.frequency_class, cell.monetary_class
        )) <> count(cell.id)
        OR NOT bool_and(
            cell.recency_class BETWEEN 1 AND scheme.recency_classes
            AND cell.frequency_class BETWEEN 1 AND scheme.frequency_classes
            AND cell.monetary_class BETWEEN 1 AND scheme.monetary_classes
        )
        """,
        companies,
    )


def stays_unlike_scores(companies) -> SQL:
    """Open stays that are not the one in the segment of the customer's score."""
    return SQL(
        """
        SELECT stay.id
        FROM dcrm_segment_stay stay
        LEFT JOIN dcrm_customer_score score ON score.partner_id = stay.partner_id
            AND score.company_id = stay.company_id
        WHERE stay.left_on IS NULL AND stay.company_id IN %s AND %s
        AND (stay.segment_id IS DISTINCT FROM score.segment_id OR EXISTS (
            SELECT FROM dcrm_segment_stay other
            WHERE other.partner_id = stay.partner_id
            AND other.company_id = stay.company_id
            AND other.left_on IS NULL AND other.id <> stay.id
        ))
        """,
        companies,
        is_settled("stay"),
    )


def scores_without_stay(companies) -> SQL:
    """Scores in a segment that the customer never entered, as far as stays tell."""
    return SQL(
        """
        SELECT score.id
        FROM dcrm_customer_score score
        WHERE score.segment_id IS NOT NULL AND score.company_id IN %s AND %s
        AND NOT EXISTS (
            SELECT FROM dcrm_segment_stay stay
            WHERE stay.partner_id = score.partner_id
            AND stay.company_id = score.company_id
            AND stay.segment_id = score.segment_id AND stay.left_on IS NULL
        )
        """,
        companies,
        is_settled("score"),
    )


def stays_out_of_order(companies) -> SQL:
    """Stays that were left before they were entered."""
    return SQL(
        "SELECT id FROM dcrm_segment_stay WHERE company_id IN %s"
        " AND left_on < entered_on",
        companies,
    )
