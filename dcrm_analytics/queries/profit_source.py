"""How far each source of the P&L has been read: the lock, and the lossless mark.

As of purchases (see ``queries.purchase_source``): all that was committed by
transactions that began before the mark is in the rows.
"""

from odoo.tools import SQL

from .horizon import horizon


def known(company_id: int) -> SQL:
    """Return the sources that were opened."""
    return SQL(
        "SELECT source FROM dcrm_profit_source WHERE company_id = %s", company_id
    )


def lock(company_id: int, *, skip_locked: bool) -> SQL:
    """Take the company's sources: one synchronisation of a company at a time."""
    return SQL(
        """
        SELECT id, source FROM dcrm_profit_source WHERE company_id = %s
        ORDER BY id FOR UPDATE %s
        """,
        company_id,
        SQL("SKIP LOCKED") if skip_locked else SQL(),
    )


def create(company_id: int, sources: list[str]) -> SQL:
    """Open sources: nothing is read yet, but the horizon is known from now on."""
    return SQL(
        """
        INSERT INTO dcrm_profit_source (
            company_id, source, built, built_up_to, next_mark, create_date, write_date
        )
        SELECT %s, source, FALSE, 0, %s,
            now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
        FROM unnest(%s) AS source
        ON CONFLICT (company_id, source) DO NOTHING
        """,
        company_id,
        horizon(),
        sources,
    )


def advance(source_id: int, stamp: str) -> SQL:
    """All documents of a source up to the mark are read: move it to what was the
    horizon before, which was read before our snapshot."""
    return SQL(
        """
        UPDATE dcrm_profit_source SET
            mark = CASE WHEN write_date < now() AT TIME ZONE 'UTC'
                THEN next_mark ELSE mark END,
            next_mark = COALESCE(%s, next_mark),
            stamp = %s, built = TRUE, write_date = now() AT TIME ZONE 'UTC'
        WHERE id = %s
        """,
        horizon(),
        stamp,
        source_id,
    )


def progress(source_id: int, stamp: str, last: int | None, built: bool) -> SQL:
    """Note what the first build has read; its mark is from before its first batch."""
    return SQL(
        """
        UPDATE dcrm_profit_source SET
            mark = CASE WHEN mark IS NULL AND write_date < now() AT TIME ZONE 'UTC'
                AND built_up_to = 0 THEN next_mark ELSE mark END,
            stamp = %s, built_up_to = COALESCE(%s, built_up_to), built = %s,
            write_date = now() AT TIME ZONE 'UTC'
        WHERE id = %s
        """,
        stamp,
        last,
        built,
        source_id,
    )
