"""Keep ``dcrm_purchase`` equal to the documents of a company, set by set.

Each kind of document is a :class:`Documents`: its table, what joins it needs, which of
its rows count and the columns of the fact. The statements here are the same for all of
them: :func:`differing` finds the documents whose facts are wrong, :func:`write` makes
them right. They read all documents, a range of ids, or what changed since an instant.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from odoo.tools import SQL

# The columns of a fact that its document decides, beside customer and contact.
VALUES = ("user_id", "date", "amount", "margin", "reference")
COLUMNS = ("company_id", "partner_id", "contact_id", *VALUES)
# The commercial partner of a document's contact: looked up only where it is asked for.
CUSTOMER = SQL(
    "(SELECT commercial_partner_id FROM res_partner"
    " WHERE res_partner.id = doc.partner_id)"
)


@dataclass(frozen=True)
class Scope:
    """Which documents to read, and by which rules.

    :param basis: what counts as a purchase: ``'sale'`` or ``'invoice'``
    :param zone: the time zone that the company's days are in
    :param currency: the code of the company's currency
    :param unit: its rounding
    :param features: which stored fields of modules that we do not depend on exist,
        as ``'model.field'``
    :param since: only documents changed at or after this naive UTC instant
    :param ids: only documents with an id in this range, the first excluded
    :param only: only the documents with these ids
    """

    company_id: int
    basis: str
    zone: str
    currency: str
    unit: Decimal
    features: frozenset[str] = frozenset()
    since: datetime | None = None
    ids: tuple[int, int] | None = None
    only: list[int] | None = None

    @property
    def stamp(self) -> str:
        """Return what facts must be rebuilt for when it changes."""
        rules = (self.basis, self.zone, self.currency, str(self.unit.normalize()))
        return " ".join((*rules, *sorted(self.features)))

    def rounded(self, amount: SQL) -> SQL:
        """Return an amount rounded, half away from zero, to the company's currency."""
        _sign, digits, exponent = self.unit.normalize().as_tuple()
        if digits == (1,):
            return SQL("round(%s, %s)", amount, -exponent)
        return SQL("round((%s) / %s) * %s", amount, self.unit, self.unit)

    def day(self, instant: SQL) -> SQL:
        """Return the company's day of a naive UTC instant."""
        if self.zone == "UTC":
            return SQL("%s::date", instant)
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", instant, self.zone)

    @staticmethod
    def converted(amount: SQL, rate: SQL) -> SQL:
        """Return an amount in the company's currency, of which a document's rate buys
        so much of the document's; most documents need no division."""
        return SQL(
            "CASE WHEN %(rate)s = 1 OR %(rate)s = 0 OR %(rate)s IS NULL"
            " THEN %(amount)s ELSE (%(amount)s) / %(rate)s END",
            amount=amount,
            rate=rate,
        )


@dataclass(frozen=True)
class Documents:
    """A kind of document. In its SQL the document's alias is ``doc``.

    :param source: the fact's source
    :param key: the fact's column that holds the document's id
    :param joins: what ``counts`` and ``columns`` need beside the document; must
        neither lose documents nor multiply them
    :param counts: whether the document counts as a purchase of the scope's company
    :param columns: the commercial partner as ``customer_id``, ``contact_id``, and
        one of each of :data:`VALUES`
    :param changed: whether the document changed since the scope's instant
    :param linked: whether a foreign key deletes the fact with its document
    """

    source: str
    table: str
    key: str
    joins: SQL
    counts: SQL
    columns: dict[str, SQL]
    changed: SQL
    linked: bool = True


def room() -> SQL:
    """Give the transaction room to hash a company's documents in, and no compiler."""
    return SQL(
        """
        SET LOCAL jit = off;
        SELECT set_config('work_mem', '64MB', true)
        WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('64MB')
        """
    )


def differing(scope: Scope, documents: Documents) -> SQL:
    """Return the ids of documents whose fact is missing, different or too many.

    Reading all documents is the work; unlike a statement that writes, this one may be
    spread over several processes. It is, if the planner expects few to differ: of an
    equality that it cannot see through it expects one in two hundred.
    """
    return SQL(
        """
        SELECT doc.id
        %(tables)s
        WHERE CASE WHEN %(wrong)s THEN 1 END = 1
        """,
        tables=_tables(documents),
        wrong=_wrong(scope, documents),
    )


def write(scope: Scope, documents: Documents) -> SQL:
    """Insert, update and delete the facts that differ from their documents.

    Yields one row of counts: written, deleted. By customer, so that the facts of one,
    which are read together, lie together. A fact is found again where it was just read
    (``ctid``): whoever moves it meanwhile, deletes or reads the document makes a
    conflict of transactions, which is tried again.
    """
    names = (*COLUMNS, "margin_known", "write_date")
    return SQL(
        """
        WITH doc AS MATERIALIZED (
            SELECT was.ctid AS fact, (%(counts)s) IS TRUE AS counts, doc.id, %(new)s,
                now.margin IS NOT NULL AS margin_known,
                now() AT TIME ZONE 'UTC' AS write_date
            %(tables)s
            WHERE %(within)s AND %(wrong)s
            ORDER BY partner_id
        ),
        created AS (
            INSERT INTO dcrm_purchase (%(key)s, source, create_date, %(columns)s)
            SELECT id, %(source)s, write_date, %(columns)s
            FROM doc WHERE counts AND fact IS NULL
            ON CONFLICT (%(key)s) DO NOTHING
            RETURNING 1
        ),
        changed AS (
            UPDATE dcrm_purchase purchase SET (%(columns)s) = (%(values)s)
            FROM doc WHERE purchase.ctid = doc.fact AND doc.counts
            RETURNING 1
        ),
        deleted AS (
            DELETE FROM dcrm_purchase purchase
            USING doc WHERE purchase.ctid = doc.fact AND NOT doc.counts
            RETURNING 1
        )
        SELECT (SELECT count(*) FROM created) + (SELECT count(*) FROM changed),
            (SELECT count(*) FROM deleted)
        """,
        columns=SQL(", ").join(map(SQL.identifier, names)),
        values=SQL(", ").join(SQL.identifier("doc", name) for name in names),
        new=_new(scope),
        source=documents.source,
        tables=_tables(documents),
        counts=documents.counts,
        within=_within(scope, documents),
        wrong=_wrong(scope, documents),
        key=SQL.identifier(documents.key),
    )


def _tables(documents: Documents) -> SQL:
    """The documents as ``doc``, what they say as ``now``, their facts as ``was``."""
    return SQL(
        """
        FROM %s doc
        %s
        CROSS JOIN LATERAL (SELECT %s) now
        LEFT JOIN dcrm_purchase was ON was.%s = doc.id
        """,
        SQL.identifier(documents.table),
        documents.joins,
        SQL(", ").join(
            SQL("%s AS %s", value, SQL.identifier(name))
            for name, value in documents.columns.items()
        ),
        SQL.identifier(documents.key),
    )


def _new(scope: Scope) -> SQL:
    """The values of :data:`COLUMNS` by the document.

    The customer of a fact stays who it was as long as the document names the same
    contact: it is the commercial partner at the document's time.
    """
    return SQL(
        """%s AS company_id, CASE WHEN was.contact_id = now.contact_id
            THEN was.partner_id ELSE now.customer_id END AS partner_id,
            now.contact_id, %s""",
        scope.company_id,
        SQL(", ").join(SQL.identifier("now", name) for name in VALUES),
    )


def _wrong(scope: Scope, documents: Documents) -> SQL:
    """Whether the fact is missing, another (its customer only if its contact is), or
    of a document that does not count."""
    names = ("contact_id", *VALUES)
    return SQL(
        """
        CASE WHEN %(counts)s THEN was.id IS NULL
            OR was.company_id IS DISTINCT FROM %(company_id)s
            OR (%(was)s) IS DISTINCT FROM (%(now)s)
        ELSE was.company_id = %(company_id)s END
        """,
        counts=documents.counts,
        company_id=scope.company_id,
        was=SQL(", ").join(SQL.identifier("was", name) for name in names),
        now=SQL(", ").join(SQL.identifier("now", name) for name in names),
    )


def _within(scope: Scope, documents: Documents) -> SQL:
    """Whether the scope has the document read."""
    if scope.only is not None:
        return SQL("doc.id IN (SELECT unnest(%s))", scope.only)
    if scope.since:
        return documents.changed
    if scope.ids:
        return SQL("doc.id > %s AND doc.id <= %s", *scope.ids)
    return SQL("TRUE")


def orphans(company_id: int, documents: Documents) -> SQL:
    """Delete the facts whose documents are gone."""
    return SQL(
        """
        DELETE FROM dcrm_purchase purchase
        WHERE company_id = %s AND source = %s
        AND NOT EXISTS (SELECT FROM %s doc WHERE doc.id = purchase.%s)
        """,
        company_id,
        documents.source,
        SQL.identifier(documents.table),
        SQL.identifier(documents.key),
    )


def sweep(company_id: int, kinds: list[str]) -> SQL:
    """Delete the facts of kinds of documents that exist no more in the database."""
    return SQL(
        """
        DELETE FROM dcrm_purchase WHERE company_id = %s AND source = ANY (%s)
        """,
        company_id,
        kinds,
    )


def batch(company_id: int, documents: Documents, after: int, limit: int) -> SQL:
    """Return ``(last, size, left)`` of the next batch of a company's documents: the
    id that ends it (NULL: it is empty), its size, and how many come after it."""
    return SQL(
        """
        WITH next AS (
            SELECT id FROM %(table)s
            WHERE id > %(after)s AND company_id = %(company_id)s
            ORDER BY id LIMIT %(limit)s
        ), upto AS (SELECT max(id) AS id, count(*) AS size FROM next)
        SELECT upto.id, upto.size, (
            SELECT count(*) FROM %(table)s doc
            WHERE doc.id > COALESCE(upto.id, %(after)s)
            AND doc.company_id = %(company_id)s
        )
        FROM upto
        """,
        table=SQL.identifier(documents.table),
        after=after,
        company_id=company_id,
        limit=limit,
    )


def leave_room() -> SQL:
    """Let a page keep room for new versions of its rows, next to the old ones.

    A changed amount is in no index: with room on the page no index is written.
    """
    return SQL("ALTER TABLE dcrm_purchase SET (fillfactor = 90)")
