"""How far a table of facts has read what it is made of: the lock, the lossless mark.

Each table of sources (``dcrm_purchase_source``, ``dcrm_profit_source``) has a row a
company and kind of document; ``table`` says which one is meant.
"""

from odoo.tools import SQL

from .horizon import horizon


def known(table: str, company_id: int) -> SQL:
    """Return the sources that were opened."""
    return SQL(
        "SELECT source FROM %s WHERE company_id = %s", SQL.identifier(table), company_id
    )


def lock(table: str, company_id: int, *, skip_locked: bool) -> SQL:
    """Take the company's sources: one synchronisation of a company at a time."""
    return SQL(
        """
        SELECT id, source FROM %s WHERE company_id = %s
        ORDER BY id FOR UPDATE %s
        """,
        SQL.identifier(table),
        company_id,
        SQL("SKIP LOCKED") if skip_locked else SQL(),
    )


def create(table: str, company_id: int, sources: list[str]) -> SQL:
    """Open sources: nothing is read yet, but the horizon is known from now on.

    Where another transaction does so at the same time, the host tries again.
    """
    return SQL(
        """
        INSERT INTO %s (
            company_id, source, built, built_up_to, next_mark, create_date, write_date
        )
        SELECT %s, source, FALSE, 0, %s,
            now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
        FROM unnest(%s) AS source
        ON CONFLICT (company_id, source) DO NOTHING
        """,
        SQL.identifier(table),
        company_id,
        horizon(),
        sources,
    )


def advance(table: str, source_ids: list[int], stamp: str) -> SQL:
    """All documents up to the mark are read: move it to what was the horizon before.

    A transaction that commits after our snapshot may have begun before the horizon of
    now, so the mark may not become that. The horizon that an earlier transaction left
    was read before our snapshot: whatever began before it, our snapshot shows.
    """
    return SQL(
        """
        UPDATE %s SET
            mark = CASE WHEN write_date < now() AT TIME ZONE 'UTC'
                THEN next_mark ELSE mark END,
            next_mark = COALESCE(%s, next_mark),
            stamp = %s, built = TRUE, write_date = now() AT TIME ZONE 'UTC'
        WHERE id = ANY (%s)
        """,
        SQL.identifier(table),
        horizon(),
        stamp,
        source_ids,
    )


def progress(
    table: str, source_id: int, stamp: str, last: int | None, built: bool
) -> SQL:
    """Note what the first build has read; its mark is from before its first batch."""
    return SQL(
        """
        UPDATE %s SET
            mark = CASE WHEN mark IS NULL AND write_date < now() AT TIME ZONE 'UTC'
                AND built_up_to = 0 THEN next_mark ELSE mark END,
            stamp = %s, built_up_to = COALESCE(%s, built_up_to), built = %s,
            write_date = now() AT TIME ZONE 'UTC'
        WHERE id = %s
        """,
        SQL.identifier(table),
        stamp,
        last,
        built,
        source_id,
    )


def claim(table: str, company_id: int) -> SQL:
    """Have whoever works on the company's facts or scores at the same time fail.

    Writing, and not just locking, makes a transaction fail that began before this one
    ends: it would score by cut points that are not those of now any more.
    """
    return SQL(
        "UPDATE %s SET built = built WHERE company_id = %s",
        SQL.identifier(table),
        company_id,
    )
