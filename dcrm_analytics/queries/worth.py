"""What customers are worth by their rhythm, set-based: figures and what differs.

A refresh works on temporary tables that end with the transaction: the customers to look
at (``dcrm_worth_stale``, where not all are), their purchase days (``dcrm_worth_day``),
silences (``dcrm_worth_silence``), spells in danger (``dcrm_worth_danger``) and stays in
states (``dcrm_worth_state``). A replay and an audit make the same tables and write
nothing.
"""

from odoo.tools import SQL

from . import lifecycle, rhythm
from .rhythm import Rules

# What a score says of rhythm and lifecycle.
FIGURES = (
    "purchase_gap",
    "purchase_due_date",
    "danger_since",
    "lifecycle",
    "lifecycle_since",
    "relation",
)
# The customers to look at, and those of them whose rhythm may be another.
STALE = SQL("SELECT partner_id FROM dcrm_worth_stale")
BOUGHT = SQL("SELECT partner_id FROM dcrm_worth_stale WHERE bought")
DAY, SILENCE, DANGER, STATE = (
    SQL.identifier(f"dcrm_worth_{name}")
    for name in ("day", "silence", "danger", "state")
)


def begin() -> SQL:
    """Give the transaction room, no compiler, and an empty table of customers."""
    return SQL(
        """
        SET LOCAL jit = off;
        SELECT set_config('work_mem', '64MB', true)
         WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('64MB');
        DROP TABLE IF EXISTS pg_temp.dcrm_worth_stale;
        CREATE TEMPORARY TABLE dcrm_worth_stale (
            partner_id integer PRIMARY KEY, bought boolean NOT NULL
        ) ON COMMIT DROP
        """
    )


def take(company_id) -> SQL:
    """Move the customers of a company from the queue to those who are looked at."""
    return SQL(
        """
        WITH taken AS (
            DELETE FROM dcrm_worth_change WHERE company_id = %s
            RETURNING partner_id, bought
        )
        INSERT INTO dcrm_worth_stale
        SELECT partner_id, bool_or(bought) FROM taken GROUP BY partner_id ORDER BY 1
        """,
        company_id,
    )


def take_due(rules: Rules, since) -> SQL:
    """Add the customers whom the days that passed put in another state by themselves.

    They get in danger, are lost, or bought something dated ahead.

    :param since: the day that the figures were last brought to
    """
    return SQL(
        """
        INSERT INTO dcrm_worth_stale
        SELECT partner_id, TRUE FROM dcrm_customer_score
         WHERE company_id = %(company_id)s AND lifecycle <> 'lost'
           AND (last_purchase_date <= %(as_of)s::date - %(lost_after)s
                OR danger_since IS NULL
                   AND last_purchase_date <= %(as_of)s::date - %(silence)s
                   AND %(after)s * purchase_gap::numeric
                       <= %(as_of)s::date - last_purchase_date)
        UNION
        SELECT partner_id, TRUE FROM dcrm_purchase
         WHERE company_id = %(company_id)s AND date > %(since)s AND date <= %(as_of)s
        ON CONFLICT (partner_id) DO UPDATE SET bought = TRUE
        """,
        company_id=rules.company_id,
        as_of=rules.as_of,
        lost_after=rules.lost_after,
        after=rules.after,
        silence=rules.silence,
        since=since,
    )


def know_stale() -> SQL:
    """Let the planner know how many are looked at."""
    return SQL("ANALYZE dcrm_worth_stale")


def gather(rules: Rules, stale: SQL | None) -> SQL:
    """Make the tables of days, silences and spells."""
    tables = (
        (DAY, rhythm.days(rules, stale)),
        (SILENCE, rhythm.silences(rules, DAY)),
        (DANGER, rhythm.dangers(rules, SILENCE)),
        (STATE, lifecycle.spells(rules, DAY, _in(lifecycle.extensions(rules, stale)))),
    )
    return SQL("").join(
        SQL(
            """
            DROP TABLE IF EXISTS pg_temp.%(table)s;
            CREATE TEMPORARY TABLE %(table)s ON COMMIT DROP AS %(select)s;
            ANALYZE %(table)s;
            """,
            table=table,
            select=select,
        )
        for table, select in tables
    )


def figures() -> SQL:
    """Select what is known of each customer, a row each: :data:`FIGURES` but for the
    relation, and ``last_purchase_date`` and ``length`` (days since the first)."""
    return SQL(
        """
        SELECT silence.partner_id, silence.silent_since AS last_purchase_date,
               silence.gap AS purchase_gap,
               silence.silent_since + ceil(silence.gap)::integer AS purchase_due_date,
               danger.entered_on AS danger_since,
               state.state AS lifecycle, state.entered_on AS lifecycle_since,
               silence.silent_since - first.day AS length
          FROM %(silences)s AS silence
          JOIN %(days)s AS first
            ON first.partner_id = silence.partner_id AND first.number = 1
          JOIN %(states)s AS state
            ON state.partner_id = silence.partner_id AND state.left_on IS NULL
          LEFT JOIN %(dangers)s AS danger
            ON danger.partner_id = silence.partner_id AND danger.left_on IS NULL
         WHERE silence.until IS NULL
        """,
        days=DAY,
        silences=SILENCE,
        dangers=DANGER,
        states=STATE,
    )


def relation(rules: Rules, length: SQL, profit: SQL, share: SQL) -> SQL:
    """The cell of loyal × profitable, as ``compute.lifecycle.relation`` has it."""
    return SQL(
        """
        CASE WHEN %(length)s IS NULL OR %(profit)s IS NULL THEN NULL
             WHEN %(length)s >= %(loyal_after)s
                  AND COALESCE(100 * %(share)s >= %(loyal_from)s, TRUE)
             THEN CASE WHEN %(profit)s > %(least)s THEN 'friend' ELSE 'barnacle' END
             ELSE CASE WHEN %(profit)s > %(least)s THEN 'butterfly' ELSE 'stranger' END
        END
        """,
        length=length,
        profit=profit,
        share=share,
        loyal_after=rules.loyal_after,
        loyal_from=rules.loyal_from,
        least=rules.profitable_from,
    )


def write(rules: Rules, stale: SQL | None) -> SQL:
    """Write what scores say, where it differs."""
    return SQL(
        """
        UPDATE dcrm_customer_score score SET (%(names)s) = (%(new)s)
          FROM (%(figured)s) AS figure
         WHERE score.id = figure.id AND (%(old)s) IS DISTINCT FROM (%(new)s)
        """,
        names=_columns(FIGURES),
        new=_columns(FIGURES, "figure"),
        old=_columns(FIGURES, "score"),
        figured=figured(rules, stale),
    )


def relate(rules: Rules) -> SQL:
    """Write the relation, where it differs, of those whose purchases are as they were.

    Their profit, or their share, may be another.
    """
    length = SQL("score.last_purchase_date - score.first_purchase_date")
    return SQL(
        """
        UPDATE dcrm_customer_score score SET relation = now.relation
          FROM (SELECT score.id, %(relation)s AS relation
                  FROM (%(scores)s) AS score) AS now
         WHERE score.id = now.id AND score.relation IS DISTINCT FROM now.relation
        """,
        relation=relation(
            rules, length, SQL("score.known_profit"), SQL("score.known_share")
        ),
        scores=_scores(
            rules.company_id,
            SQL("SELECT partner_id FROM dcrm_worth_stale WHERE NOT bought"),
        ),
    )


def figured(rules: Rules, stale: SQL | None) -> SQL:
    """Select the ids of scores with what they are to say, :data:`FIGURES`."""
    return SQL(
        """
        SELECT score.id, figure.*, %(relation)s AS relation
          FROM (%(scores)s) AS score
          LEFT JOIN (%(figures)s) AS figure USING (partner_id)
        """,
        relation=relation(
            rules,
            SQL("figure.length"),
            SQL("score.known_profit"),
            SQL("score.known_share"),
        ),
        figures=figures(),
        scores=_scores(rules.company_id, stale),
    )


def _scores(company_id, stale) -> SQL:
    """The scores to write, with profit and share where these are known."""
    return SQL(
        """
        SELECT *, CASE WHEN profit <> 0 OR EXISTS (
                      SELECT FROM dcrm_customer_profit brought
                       WHERE brought.partner_id = score.partner_id
                         AND brought.company_id = score.company_id
                  ) THEN profit END AS known_profit,
               CASE WHEN NOT share_is_estimate THEN share_of_wallet END AS known_share
          FROM dcrm_customer_score score
         WHERE company_id = %s AND %s
        """,
        company_id,
        SQL("partner_id IN (%s)", stale) if stale else SQL("TRUE"),
    )


def read(rules: Rules) -> SQL:
    """Yield the figures of a replay, by customer."""
    return SQL(
        """
        SELECT partner_id, last_purchase_date, purchase_gap, purchase_due_date,
               (%(as_of)s::date - last_purchase_date) / purchase_gap AS overdue_gaps,
               danger_since, lifecycle, lifecycle_since, %(relation)s AS relation
          FROM (%(figures)s) AS figure
          LEFT JOIN (SELECT partner_id, sum(profit) AS profit
                       FROM dcrm_customer_profit
                      WHERE company_id = %(company_id)s AND date <= %(as_of)s
                      GROUP BY partner_id) AS brought USING (partner_id)
         ORDER BY partner_id
        """,
        as_of=rules.as_of,
        company_id=rules.company_id,
        figures=figures(),
        relation=relation(
            rules, SQL("length"), SQL("profit"), SQL("NULL::double precision")
        ),
    )


def _in(select: SQL) -> SQL:
    return SQL("(%s)", select)


def _columns(names, table=None) -> SQL:
    return SQL(", ").join(
        SQL.identifier(table, name) if table else SQL.identifier(name) for name in names
    )
