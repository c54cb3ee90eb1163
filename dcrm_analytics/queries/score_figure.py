"""Figures of customers, set-based: facts → figures → cut points.

The first half of a refresh and all that a replay needs of facts. It works on temporary
tables that end with the transaction: the customers whose facts changed
(``dcrm_score_stale``), the figures of those who are scored (``dcrm_score_figure``) and
the customers whose segment or value class is another since (``dcrm_score_moved``).
The arithmetic is that of ``compute.rfm``.
"""

from decimal import Decimal

from odoo.tools import SQL


def begin() -> SQL:
    """Make the tables of customers anew: a transaction may refresh several times.

    Statements over all customers want room to hash them in, and no compiler.
    """
    return SQL(
        """
        SET LOCAL jit = off;
        SELECT set_config('work_mem', '64MB', true)
         WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('64MB');
        DROP TABLE IF EXISTS pg_temp.dcrm_score_stale;
        DROP TABLE IF EXISTS pg_temp.dcrm_score_moved;
        CREATE TEMPORARY TABLE dcrm_score_stale (
            partner_id integer PRIMARY KEY, bought boolean NOT NULL DEFAULT FALSE
        ) ON COMMIT DROP;
        CREATE TEMPORARY TABLE dcrm_score_moved (
            partner_id integer PRIMARY KEY, class_before varchar, class_now varchar
        ) ON COMMIT DROP
        """
    )


def is_anyone_stale(company_id) -> SQL:
    """Yield one row if there is a customer of the company in the queue."""
    return SQL(
        "SELECT 1 FROM dcrm_purchase_change WHERE company_id = %s LIMIT 1", company_id
    )


def take_stale(company_id) -> SQL:
    """Move the customers of a company from the queue to those who are stale.

    In order: what is looked up by customer then lies side by side. ``bought`` are those
    whose purchases changed, and not just the P&L.
    """
    return SQL(
        """
        WITH taken AS (
            DELETE FROM dcrm_purchase_change WHERE company_id = %s
            RETURNING partner_id, bought
        )
        INSERT INTO dcrm_score_stale
        SELECT partner_id, bool_or(bought) FROM taken GROUP BY partner_id ORDER BY 1
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
    :param stale: only those customers: each one's facts are found by index, where
        otherwise all facts are read in a row
    """
    customer = SQL("t.partner_id" if stale else "p.partner_id")
    if len(schemes) == 1:
        [(_industry, scheme_id, since, by_margin)] = schemes
        scheme, join = SQL("%s::integer", scheme_id), SQL()
        inside = SQL("p.date > %s", since) if since else SQL("true")
        value = SQL("p.margin") if by_margin else SQL("p.amount")
    else:
        scheme, inside = SQL("scheme.id"), SQL("p.date > scheme.since")
        value = SQL("CASE WHEN scheme.by_margin THEN p.margin ELSE p.amount END")
        join = SQL(
            "JOIN res_partner c ON c.id = %s JOIN %s ON %s",
            customer,
            _scheme_table(schemes),
            _scheme_of_customer(schemes),
        )
    return SQL(
        _FIGURES_OF_STALE if stale else _FIGURES_OF_ALL,
        begin=SQL(
            """
            DROP TABLE IF EXISTS pg_temp.dcrm_score_figure;
            CREATE TEMPORARY TABLE dcrm_score_figure ON COMMIT DROP AS
            SELECT %s AS partner_id, %s AS scheme_id
            """,
            customer,
            scheme,
        ),
        figures=_figures(inside, value),
        join=join,
        facts=SQL("p.company_id = %s AND p.date <= %s", company_id, as_of),
        end=SQL("ANALYZE dcrm_score_figure (partner_id, scheme_id)"),
    )


_FIGURES_OF_ALL = """
    %(begin)s, %(figures)s
      FROM dcrm_purchase p %(join)s
     WHERE %(facts)s
     GROUP BY 1, 2;
    %(end)s
"""

_FIGURES_OF_STALE = """
    ANALYZE dcrm_score_stale;
    %(begin)s, figure.*
      FROM dcrm_score_stale t %(join)s
     CROSS JOIN LATERAL (
           SELECT %(figures)s
             FROM dcrm_purchase p
            WHERE p.partner_id = t.partner_id AND %(facts)s
            GROUP BY p.partner_id
           ) AS figure;
    %(end)s
"""


def _figures(inside: SQL, value: SQL) -> SQL:
    """The figures of facts ``p``, of which some are in the window, by their value."""
    return SQL(
        """
        min(p.date) FILTER (WHERE p.amount > 0) AS first_purchase_date,
        max(p.date) FILTER (WHERE p.amount > 0) AS last_purchase_date,
        CAST(count(*) FILTER (WHERE p.amount > 0 AND %(inside)s) AS integer)
            AS frequency,
        COALESCE(sum(%(value)s) FILTER (WHERE %(inside)s), 0) AS monetary,
        CAST(count(*) FILTER (WHERE p.margin IS NULL AND %(inside)s) AS integer)
            AS margin_unknown
        """,
        inside=inside,
        value=value,
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

    ``(scheme id, population, and of last purchase date, frequency and monetary a list:
    the least, the cut points, the greatest)``; ``counts`` is a list of ``(scheme id,
    class counts)``.
    """
    recency, frequency, monetary = (
        SQL(
            "CASE scheme_id %s END",
            SQL(" ").join(
                SQL(
                    "WHEN %s THEN %s::float8[]",
                    scheme_id,
                    [k / of_scheme[axis] for k in range(of_scheme[axis] + 1)],
                )
                for scheme_id, of_scheme in counts
            ),
        )
        for axis in range(3)
    )
    return SQL(
        """
        SELECT scheme_id, count(*),
               percentile_disc(%s) WITHIN GROUP (ORDER BY last_purchase_date),
               percentile_disc(%s) WITHIN GROUP (ORDER BY frequency),
               percentile_disc(%s) WITHIN GROUP (ORDER BY monetary)
          FROM dcrm_score_figure
         WHERE frequency > 0 AND scheme_id IN %s
         GROUP BY scheme_id
        """,
        recency,
        frequency,
        monetary,
        tuple(scheme_id for scheme_id, _of_scheme in counts),
    )


def value_bounds(shares, valued=None) -> SQL:
    """Yield the least value of class a and of class b, as one row.

    Counting up from the greatest, it is the value with which the share is reached:
    what is greater makes less than the share, what is smaller comes after it.

    :param shares: of class a, and of a and b, in per cent
    :param SQL valued: the SELECT of values, ``value``; default: the monetary values
    """
    values = valued or SQL("SELECT monetary AS value FROM dcrm_score_figure")
    return SQL(
        """
        SELECT max(value) FILTER (WHERE reached >= enough_a),
               max(value) FILTER (WHERE reached >= enough_b)
          FROM (SELECT value, sum(value) OVER (ORDER BY value DESC
                           ROWS UNBOUNDED PRECEDING) AS reached
                  FROM (%(values)s) AS each WHERE value > 0) AS counted,
               (SELECT %(share_a)s * 0.01 * sum(value) AS enough_a,
                       %(share_b)s * 0.01 * sum(value) AS enough_b
                  FROM (%(values)s) AS each WHERE value > 0) AS total
        """,
        values=values,
        share_a=Decimal(str(shares[0])),
        share_b=Decimal(str(shares[1])),
    )
