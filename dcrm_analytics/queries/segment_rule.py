"""Segment rules, set-based: the first rule that a customer follows, else the grid.

The work of one evaluation is the temporary table ``dcrm_segment_match``: the customers
that follow a rule, each once. Rules write it one after the other, in their order.
"""

from odoo.tools import SQL

from .score import RECORDED, columns

# Of a score as it was: all that history keeps, but for the segment.
KEPT = tuple(name for name in RECORDED if name != "segment_id")


def is_due(company_id) -> SQL:
    """Yield whether rules decide on the company's segments, or did until just now."""
    return SQL(
        """
        SELECT EXISTS (SELECT FROM dcrm_segment_rule
                        WHERE active
                          AND (company_id IS NULL OR company_id = %(company_id)s))
            OR EXISTS (SELECT FROM dcrm_rfm_cut
                        WHERE company_id = %(company_id)s AND current AND segments_due)
        """,
        company_id=company_id,
    )


def begin() -> SQL:
    """Make the table of matches anew: a transaction may evaluate several times."""
    return SQL(
        """
        SET LOCAL jit = off;
        DROP TABLE IF EXISTS pg_temp.dcrm_segment_match;
        CREATE TEMPORARY TABLE dcrm_segment_match (
            partner_id integer PRIMARY KEY, rule_id integer, segment_id integer
        ) ON COMMIT DROP
        """
    )


def match(company_id, rule_id, segment_id, customers: SQL) -> SQL:
    """Note the customers who follow a rule and none before it.

    :param customers: the ids of the partners that fulfil the rule's conditions
    """
    return SQL(
        """
        INSERT INTO dcrm_segment_match
        SELECT s.partner_id, %(rule_id)s, %(segment_id)s
          FROM dcrm_customer_score s
         WHERE s.company_id = %(company_id)s AND s.partner_id IN %(customers)s
        ON CONFLICT DO NOTHING
        """,
        company_id=company_id,
        rule_id=rule_id,
        segment_id=segment_id,
        customers=customers,
    )


def hold(company_id, rule_id, segment_id) -> SQL:
    """Note, for a rule whose conditions cannot be asked, whom it has already."""
    return SQL(
        """
        INSERT INTO dcrm_segment_match
        SELECT s.partner_id, %(rule_id)s, %(segment_id)s
          FROM dcrm_customer_score s
         WHERE s.company_id = %(company_id)s AND s.segment_rule_id = %(rule_id)s
        ON CONFLICT DO NOTHING
        """,
        company_id=company_id,
        rule_id=rule_id,
        segment_id=segment_id,
    )


def gather_statistics() -> SQL:
    """Let the planner know how many customers follow a rule."""
    return SQL("ANALYZE dcrm_segment_match")


def _wanted(company_id) -> SQL:
    """The scores of a company, each with the segment and the rule it should have."""
    return SQL(
        """
        SELECT s.*, m.rule_id, COALESCE(m.segment_id, c.segment_id) AS wanted_id
          FROM dcrm_customer_score s
          LEFT JOIN dcrm_segment_match m ON m.partner_id = s.partner_id
          LEFT JOIN dcrm_segment_cell c
            ON c.scheme_id = s.scheme_id AND c.recency_class = s.recency_class
           AND c.frequency_class = s.frequency_class
           AND c.monetary_class = s.monetary_class
         WHERE s.company_id = %s
        """,
        company_id,
    )


def settle(company_id, day) -> SQL:
    """Put each score in its segment, and the new ones in the history of the day.

    Customers whose segment is another are noted as moved (``dcrm_score_moved``).
    Yields how many customers follow a rule.
    """
    return SQL(
        """
        WITH delta AS MATERIALIZED (
            SELECT w.* FROM (%(wanted)s) w
             WHERE (w.segment_id, w.segment_rule_id)
                   IS DISTINCT FROM (w.wanted_id, w.rule_id)
        ),
        changed AS (
            UPDATE dcrm_customer_score s
               SET segment_id = d.wanted_id, segment_rule_id = d.rule_id,
                   scored_on = %(day)s::date
              FROM delta d WHERE s.id = d.id
        ),
        recorded AS (
            INSERT INTO dcrm_customer_score_history
                   (partner_id, company_id, date, cut_id, segment_id, %(names)s)
            SELECT d.partner_id, d.company_id, %(day)s::date, cut.id, d.wanted_id,
                   %(kept)s
              FROM delta d
              LEFT JOIN dcrm_rfm_cut cut
                ON cut.scheme_id = d.scheme_id AND cut.company_id = d.company_id
               AND cut.current
             WHERE d.segment_id IS DISTINCT FROM d.wanted_id
            ON CONFLICT (partner_id, company_id, date)
            DO UPDATE SET segment_id = excluded.segment_id
        ),
        moved AS (
            INSERT INTO dcrm_score_moved (partner_id)
            SELECT partner_id FROM delta WHERE segment_id IS DISTINCT FROM wanted_id
        )
        SELECT count(*) FROM dcrm_segment_match
        """,
        wanted=_wanted(company_id),
        day=day,
        names=columns(KEPT),
        kept=columns(KEPT, "d"),
    )


def held(rule_id) -> SQL:
    """Yield how many customers follow a rule and none before it."""
    return SQL("SELECT count(*) FROM dcrm_segment_match WHERE rule_id = %s", rule_id)


def moves(company_id) -> SQL:
    """Yield from which segment to which so many customers would move."""
    return SQL(
        """
        SELECT w.segment_id, w.wanted_id, count(*) FROM (%s) w
         WHERE w.segment_id IS DISTINCT FROM w.wanted_id
         GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
        """,
        _wanted(company_id),
    )


def movers(company_id, before_id, after_id) -> SQL:
    """Yield the customers who would move from one segment to another."""
    return SQL(
        """
        SELECT w.partner_id FROM (%s) w
         WHERE w.segment_id IS NOT DISTINCT FROM %s
           AND w.wanted_id IS NOT DISTINCT FROM %s
         ORDER BY w.partner_id
        """,
        _wanted(company_id),
        before_id,
        after_id,
    )


def in_grid_segment(alias, segments: SQL) -> SQL:
    """The condition that a score's cell is one of the grid's of segments.

    :param segments: the segments' ids
    """
    names = ("scheme_id", "recency_class", "frequency_class", "monetary_class")
    return SQL(
        "(%s) IN (SELECT %s FROM dcrm_segment_cell WHERE segment_id IN %s)",
        columns(names, alias),
        columns(names),
        segments,
    )
