"""Keep ``dcrm_customer_profit`` equal to what the sources of the P&L say, set by set.

A source is a :class:`ProfitSource`: it yields a row a document and customer with some
of the P&L's columns. The statements are the same for all sources: :func:`differing`
finds the documents whose rows are others, :func:`write` inserts, updates and deletes
what differs. Both look at all documents of a company, or at those that were gathered
in the temporary table ``dcrm_profit_stale``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from odoo.tools import SQL

# The documents that were gathered, as a source takes them.
GATHERED = SQL("(SELECT id FROM dcrm_profit_stale)")


@dataclass(frozen=True)
class ProfitSource:
    """Where some of the P&L's columns come from.

    :param table: of its documents, with ``id`` and ``company_id``
    :param key: the row's many2one to the document, if it has one: then a row is deleted
        along with its document
    :param columns: the columns of the P&L that it yields
    :param rows: a function of the ids of the documents to look at, a subselect in
        parentheses or None for all of them, that returns the SELECT of ``res_id``,
        ``partner_id``, ``date``, ``cost_known`` and the columns, one row a document
        and customer, costs negative
    :param changed: a function of a naive UTC instant that returns the SELECT of the ids
        of the documents whose rows may be others than before it
    :param stamp: what all rows must be compared anew for when it changes
    :param suspects: if that is faster than to compare them all, a function of whether
        a row is astray (see :func:`astray`) that returns the SELECT of the ids of all
        documents whose rows may be others
    """

    source: str
    table: str
    key: str | None
    columns: tuple[str, ...]
    rows: Callable[[SQL | None], SQL]
    changed: Callable[[object], SQL]
    stamp: str = ""
    suspects: Callable[[SQL], SQL] | None = None


def names(columns, table=None) -> SQL:
    """Return the columns, of a table or as they are, in a row."""
    parts = ([table, name] if table else [name] for name in columns)
    return SQL(", ").join(SQL.identifier(*part) for part in parts)


def room() -> SQL:
    """Give the transaction room to hash a company's documents in, and no compiler."""
    return SQL(
        """
        SET LOCAL jit = off;
        SET LOCAL random_page_cost TO DEFAULT;
        SELECT set_config('work_mem', '64MB', true)
        WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('64MB')
        """
    )


def listed(ids: list[int]) -> SQL:
    """Return the SELECT of a list of ids."""
    return SQL("SELECT unnest(%s::integer[])", ids)


def gather(ids: SQL) -> SQL:
    """Make the table of the documents to look at anew, from a SELECT of their ids.

    What hangs on them is looked up by index: a few pages here and there, in memory.
    """
    return SQL(
        """
        SET LOCAL random_page_cost = 1.1;
        DROP TABLE IF EXISTS pg_temp.dcrm_profit_stale;
        CREATE TEMPORARY TABLE dcrm_profit_stale ON COMMIT DROP AS
            SELECT DISTINCT id FROM (%s) AS stale (id);
        ANALYZE dcrm_profit_stale
        """,
        ids,
    )


def batch(company_id: int, source: ProfitSource, after: int, limit: int) -> SQL:
    """Return the SELECT of the ids of the next documents of a first build."""
    return SQL(
        "SELECT id FROM %s WHERE id > %s AND company_id = %s ORDER BY id LIMIT %s",
        SQL.identifier(source.table),
        after,
        company_id,
        limit,
    )


def left(company_id: int, source: ProfitSource, after: int) -> SQL:
    """Return ``(last, size, left)`` of the gathered batch: the id that ends it (NULL:
    it is empty), its size, and how many documents come after it."""
    return SQL(
        """
        SELECT upto.id, upto.size, (
            SELECT count(*) FROM %(table)s doc
            WHERE doc.id > COALESCE(upto.id, %(after)s)
            AND doc.company_id = %(company_id)s
        )
        FROM (SELECT max(id) AS id, count(*) AS size FROM dcrm_profit_stale) upto
        """,
        table=SQL.identifier(source.table),
        after=after,
        company_id=company_id,
    )


def suspects(company_id: int, source: ProfitSource, pnl: tuple[str, ...]) -> SQL:
    """Return the ids of the documents whose rows are :func:`differing`, or may be.

    :param pnl: all columns of the P&L
    """
    if source.suspects:
        return source.suspects(astray("fact", source, pnl))
    return differing(company_id, source, pnl)


def differing(company_id: int, source: ProfitSource, pnl: tuple[str, ...]) -> SQL:
    """Return the ids of the documents whose rows are missing, different or too many.

    What a source says and what was written, with the opposite sign, add up to nothing
    where they are equal: one grouping of both, and unlike a statement that writes it
    may be spread over several processes.

    :param pnl: all columns of the P&L
    """
    columns = source.columns
    return SQL(
        """
        SELECT res_id FROM (
            SELECT res_id, partner_id, date, cost_known, 1 AS side, FALSE AS astray,
                %(columns)s
            FROM (%(rows)s) now
            UNION ALL
            SELECT res_id, partner_id, date, cost_known, -1, %(astray)s, %(opposite)s
            FROM dcrm_customer_profit fact
            WHERE company_id = %(company_id)s AND source = %(source)s
        ) compared
        GROUP BY res_id, partner_id
        HAVING sum(side) <> 0 OR bool_or(astray) OR min(date) <> max(date)
            OR bool_or(cost_known) <> bool_and(cost_known) OR %(unequal)s
        """,
        columns=names(columns),
        astray=astray("fact", source, pnl),
        opposite=SQL(", ").join(SQL("-%s", SQL.identifier(name)) for name in columns),
        rows=source.rows(None),
        company_id=company_id,
        source=source.source,
        unequal=SQL(" OR ").join(
            SQL("sum(%s) <> 0", SQL.identifier(name)) for name in columns
        ),
    )


def astray(table: str, source: ProfitSource, pnl: tuple[str, ...]) -> SQL:
    """Whether a row of a source has another column than the source's, or other sums
    than its columns'.
    """
    gross, profit = _sums(source.columns, table)
    others = [name for name in pnl if name not in source.columns]
    return SQL(
        "(%s IS DISTINCT FROM %s OR %s IS DISTINCT FROM %s%s)",
        SQL.identifier(table, "margin"),
        gross,
        SQL.identifier(table, "profit"),
        profit,
        SQL("").join(SQL(" OR %s <> 0", SQL.identifier(table, n)) for n in others),
    )


def write(
    company_id: int, source: ProfitSource, pnl: tuple[str, ...], documents: SQL | None
) -> SQL:
    """Write the rows that differ, and no others: one row ``(written, deleted)``.

    :param pnl: all columns of the P&L; those that the source lacks are 0
    :param documents: which documents to look at, as :attr:`ProfitSource.rows` takes it
    """
    kept = ("date", "cost_known", *source.columns)
    zeros = [name for name in pnl if name not in source.columns]
    key = [source.key] if source.key else []
    return SQL(
        """
        WITH now AS (%(rows)s), was AS (
            SELECT * FROM dcrm_customer_profit
            WHERE company_id = %(company_id)s AND source = %(source)s AND %(within)s
        ), delta AS MATERIALIZED (
            SELECT was.id AS was_id, now.res_id, now.partner_id, %(new)s
            FROM now FULL JOIN was
                ON was.res_id = now.res_id AND was.partner_id = now.partner_id
            WHERE CASE WHEN was.id IS NULL OR now.res_id IS NULL
                OR (%(new)s) IS DISTINCT FROM (%(old)s) OR %(astray)s THEN 1 END = 1
        ), deleted AS (
            DELETE FROM dcrm_customer_profit fact USING delta
            WHERE fact.id = delta.was_id AND delta.res_id IS NULL
            RETURNING 1
        ), updated AS (
            UPDATE dcrm_customer_profit fact SET (
                %(kept)s, %(zeros)s margin, profit, write_date
            ) = ROW (%(values)s, %(zero)s %(sums)s, now() AT TIME ZONE 'UTC')
            FROM delta WHERE fact.id = delta.was_id AND delta.res_id IS NOT NULL
            RETURNING 1
        ), created AS (
            INSERT INTO dcrm_customer_profit (
                source, company_id, res_id, partner_id, %(keys)s %(kept)s, %(zeros)s
                margin, profit, create_date, write_date
            )
            SELECT %(source)s, %(company_id)s, res_id, partner_id, %(ids)s %(values)s,
                %(zero)s %(sums)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
            FROM delta WHERE was_id IS NULL
            RETURNING 1
        )
        SELECT (SELECT count(*) FROM updated) + (SELECT count(*) FROM created),
            (SELECT count(*) FROM deleted)
        """,
        rows=source.rows(documents),
        company_id=company_id,
        source=source.source,
        within=SQL("res_id IN %s", documents) if documents else SQL("TRUE"),
        new=names(kept, "now"),
        old=names(kept, "was"),
        astray=astray("was", source, pnl),
        kept=names(kept),
        values=names(kept, "delta"),
        sums=SQL(", ").join(_sums(source.columns, "delta")),
        keys=SQL("").join(SQL("%s, ", SQL.identifier(name)) for name in key),
        ids=SQL("").join(SQL("res_id, ") for _name in key),
        zeros=SQL("").join(SQL("%s, ", SQL.identifier(name)) for name in zeros),
        zero=SQL("").join(SQL("0, ") for _name in zeros),
    )


def _sums(columns, table) -> list[SQL]:
    """Gross margin and profit of a row, from a source's columns."""
    gross = [name for name in columns if name in ("revenue", "goods")]
    return [
        SQL(" + ").join(SQL.identifier(table, name) for name in each)
        if each
        else SQL("0")
        for each in (gross, columns)
    ]


def sweep(company_id: int, sources: list[str]) -> SQL:
    """Delete the rows of sources that are no more; without such, no row is read."""
    return SQL(
        """
        DELETE FROM dcrm_customer_profit
        WHERE company_id = %(company_id)s AND NOT source = ANY (%(sources)s)
        AND EXISTS (
            SELECT FROM dcrm_profit_source known
            WHERE known.company_id = %(company_id)s
            AND NOT known.source = ANY (%(sources)s)
        )
        """,
        company_id=company_id,
        sources=sources,
    )


def fold(
    partner_ids: list[int],
    partner_id: int,
    pnl: tuple[str, ...],
    documents: tuple[str, ...],
) -> SQL:
    """Give the rows of partners to another, added to those of the same documents.

    :param documents: the many2ones that link rows to documents
    """
    summed = (*pnl, "margin", "profit")
    keys = ("source", "company_id", "res_id", *documents)
    return SQL(
        """
        WITH held AS (
            DELETE FROM dcrm_customer_profit WHERE partner_id = ANY (%(ids)s)
            RETURNING *
        )
        INSERT INTO dcrm_customer_profit AS fact (
            %(keys)s, partner_id, date, cost_known, %(summed)s, create_date, write_date
        )
        SELECT %(keys)s, %(partner_id)s, max(date), bool_or(cost_known), %(sums)s,
            now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
        FROM held GROUP BY %(keys)s
        ON CONFLICT (res_id, source, partner_id, company_id) DO UPDATE SET
            cost_known = fact.cost_known OR excluded.cost_known,
            write_date = excluded.write_date, %(added)s
        """,
        ids=partner_ids,
        partner_id=partner_id,
        keys=names(keys),
        summed=names(summed),
        sums=SQL(", ").join(SQL("sum(%s)", SQL.identifier(each)) for each in summed),
        added=SQL(", ").join(
            SQL(
                "%s = %s + %s",
                SQL.identifier(each),
                SQL.identifier("fact", each),
                SQL.identifier("excluded", each),
            )
            for each in summed
        ),
    )


def gather_statistics() -> SQL:
    """Let the planner know of what has just been written in bulk."""
    return SQL("ANALYZE dcrm_customer_profit")


def leave_room() -> SQL:
    """Let a page keep room for new versions of its rows, next to the old ones."""
    return SQL("ALTER TABLE dcrm_customer_profit SET (fillfactor = 90)")
