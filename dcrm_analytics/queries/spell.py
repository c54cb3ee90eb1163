"""Spells of customers: what is stored made equal to what the facts yield.

A spell is known by its customer, company and a day that tells it from the customer's
others. What was found stands in a temporary table (see ``queries.worth``).
"""

from dataclasses import dataclass

from odoo.tools import SQL


@dataclass(frozen=True)
class Spells:
    """A kind of spells.

    :param table: where they are stored
    :param found: the temporary table of those that the facts yield
    :param key: the day by which the customer's spells are told apart
    :param columns: what else a spell says
    """

    table: str
    found: str
    key: str
    columns: tuple[str, ...]


DANGERS = Spells(
    "dcrm_customer_danger",
    "dcrm_worth_danger",
    "silent_since",
    ("entered_on", "left_on", "purchase_gap", "outcome"),
)
STATES = Spells(
    "dcrm_customer_lifecycle",
    "dcrm_worth_state",
    "entered_on",
    ("state", "left_on", "from_state"),
)


def rename(company_id: int, stale: SQL | None) -> SQL:
    """Let an open spell in danger go on where corrected facts moved its beginning.

    It is the same spell, for which there may have been an activity, though the last
    purchase before it is now another.
    """
    return SQL(
        """
        UPDATE dcrm_customer_danger was SET silent_since = now.silent_since
          FROM dcrm_worth_danger now
         WHERE now.left_on IS NULL
           AND was.id = (SELECT other.id FROM dcrm_customer_danger other
                          WHERE other.partner_id = now.partner_id
                            AND other.company_id = %(company_id)s
                            AND other.left_on IS NULL
                          ORDER BY other.treated_on, other.id LIMIT 1)
           AND %(within)s
           AND NOT EXISTS (SELECT FROM dcrm_customer_danger other
                            WHERE other.partner_id = now.partner_id
                              AND other.company_id = %(company_id)s
                              AND other.silent_since = now.silent_since)
           AND NOT EXISTS (SELECT FROM dcrm_worth_danger other
                            WHERE other.partner_id = was.partner_id
                              AND other.silent_since = was.silent_since)
        """,
        company_id=company_id,
        within=_within("was", stale),
    )


def inherit(company_id: int, stale: SQL | None) -> SQL:
    """Give the activity of an open spell that goes to the one that stays instead.

    Merged customers may both have been in danger: they are once.
    """
    return SQL(
        """
        UPDATE dcrm_customer_danger stays
           SET activity_id = goes.activity_id, treated_on = goes.treated_on,
               treatment_due = FALSE
          FROM dcrm_customer_danger goes
          JOIN dcrm_worth_danger now
            ON now.partner_id = goes.partner_id AND now.left_on IS NULL
         WHERE goes.company_id = %(company_id)s AND goes.left_on IS NULL
           AND goes.treated_on IS NOT NULL AND goes.silent_since <> now.silent_since
           AND stays.partner_id = goes.partner_id AND stays.company_id = %(company_id)s
           AND stays.silent_since = now.silent_since AND stays.treated_on IS NULL
           AND %(within)s
        """,
        company_id=company_id,
        within=_within("stays", stale),
    )


def prune(spells: Spells, company_id: int, stale: SQL | None) -> SQL:
    """Delete the spells that the facts do not yield (any more)."""
    return SQL(
        """
        DELETE FROM %(table)s was
         WHERE was.company_id = %(company_id)s AND %(within)s
           AND NOT EXISTS (SELECT FROM %(found)s now
                            WHERE now.partner_id = was.partner_id
                              AND now.%(key)s = was.%(key)s)
        """,
        table=SQL.identifier(spells.table),
        found=SQL.identifier(spells.found),
        key=SQL.identifier(spells.key),
        company_id=company_id,
        within=_within("was", stale),
    )


def write(spells: Spells, company_id: int, stale: SQL | None) -> SQL:
    """Insert and update the spells that differ, and no others."""
    return _write(spells, company_id, stale, SQL(), SQL(), SQL())


def write_treated(
    spells: Spells, company_id: int, stale: SQL | None, calls: bool
) -> SQL:
    """The same of spells that call for an activity when they begin, or begin anew.

    :param calls: whether there is an activity to schedule
    """
    due = SQL("(%s AND now.left_on IS NULL)", calls)
    again = SQL(
        """, treatment_due = CASE
            WHEN %(was)s.left_on IS NULL OR excluded.left_on IS NOT NULL
                 OR %(was)s.treated_on IS NOT NULL THEN %(was)s.treatment_due
            ELSE excluded.treatment_due END""",
        was=SQL("was_stored"),
    )
    return _write(spells, company_id, stale, SQL(", treatment_due"), due, again)


def _write(spells, company_id, stale, due_column, due, again) -> SQL:
    return SQL(
        """
        INSERT INTO %(table)s AS was_stored (
            partner_id, company_id, %(key)s, %(columns)s, create_date, write_date
            %(due_column)s
        )
        SELECT now.partner_id, %(company_id)s, now.%(key)s, %(now)s,
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' %(due)s
          FROM %(found)s now
          LEFT JOIN %(table)s was
            ON was.partner_id = now.partner_id AND was.%(key)s = now.%(key)s
           AND was.company_id = %(company_id)s AND %(within)s
         WHERE was.id IS NULL OR (%(was)s) IS DISTINCT FROM (%(now)s)
            ON CONFLICT (partner_id, company_id, %(key)s)
            DO UPDATE SET (%(columns)s, write_date)
                        = (%(excluded)s, excluded.write_date) %(again)s
        """,
        table=SQL.identifier(spells.table),
        found=SQL.identifier(spells.found),
        key=SQL.identifier(spells.key),
        columns=_columns(spells.columns),
        now=_columns(spells.columns, "now"),
        was=_columns(spells.columns, "was"),
        excluded=_columns(spells.columns, "excluded"),
        company_id=company_id,
        within=_within("was", stale),
        due_column=due_column,
        due=SQL(", %s", due) if due.code else SQL(),
        again=again,
    )


def merge(spells: Spells, source_ids, destination_id) -> SQL:
    """Leave one spell of a day to partners that are to be merged.

    The host would lose all of those of the merged; the refresh afterwards corrects what
    stays. Of spells that call for an activity one that had it stays.
    """
    return SQL(
        """
        DELETE FROM %(table)s WHERE id IN (
            SELECT id FROM (
                SELECT id, row_number() OVER (
                           PARTITION BY company_id, %(key)s
                           ORDER BY %(first)s, partner_id = %(destination_id)s DESC, id
                       ) AS place
                  FROM %(table)s
                 WHERE partner_id = ANY(%(source_ids)s)
                    OR partner_id = %(destination_id)s
            ) AS spell WHERE place > 1
        )
        """,
        table=SQL.identifier(spells.table),
        key=SQL.identifier(spells.key),
        first=SQL("treated_on" if spells is DANGERS else "left_on DESC"),
        source_ids=list(source_ids),
        destination_id=destination_id,
    )


def leave_room(spells: Spells) -> SQL:
    """Let a page keep room for new versions of its rows: most end once."""
    return SQL("ALTER TABLE %s SET (fillfactor = 90)", SQL.identifier(spells.table))


def _within(table: str, stale: SQL | None) -> SQL:
    if not stale:
        return SQL("TRUE")
    return SQL("%s IN (%s)", SQL.identifier(table, "partner_id"), stale)


def _columns(names, table=None) -> SQL:
    return SQL(", ").join(
        SQL.identifier(table, name) if table else SQL.identifier(name) for name in names
    )
