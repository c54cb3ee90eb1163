"""Which kinds of product customers bought: lines of purchases → kinds, set by set.

A kind is the category of a product. Purchases name customer and day, the lines of
their documents what was bought: the same lines that the purchase counts. What is found
is compared with what is there; what differs stands in a temporary table
(``dcrm_kind_delta``), from which it is written.
"""

from odoo.tools import SQL

from . import purchase_invoice, purchase_pos
from .purchase import Scope

FIGURES = ("first_on", "last_on", "amount", "documents")


def sale_lines(scope: Scope) -> SQL:
    """Select ``(key, product, amount)`` of the lines of sales orders."""
    return SQL(
        """
        SELECT item.order_id AS key, item.product_id, %s AS amount
          FROM sale_order_line item
          JOIN sale_order doc ON doc.id = item.order_id
         WHERE item.display_type IS NULL AND item.is_downpayment IS NOT TRUE
        """,
        scope.converted(SQL("item.price_subtotal"), SQL("doc.currency_rate")),
    )


def invoice_lines(scope: Scope) -> SQL:
    """Select the lines of invoices and credit notes, as far as they count."""
    return SQL(
        """
        SELECT item.move_id AS key, item.product_id, -item.balance * %s AS amount
          FROM account_move_line item
          JOIN account_move doc ON doc.id = item.move_id
         WHERE item.display_type = 'product'
        """,
        purchase_invoice.share(scope),
    )


def till_lines(scope: Scope) -> SQL:
    """Select the lines of the till's orders that count there."""
    return SQL(
        """
        SELECT item.order_id AS key, item.product_id, %s AS amount
          FROM pos_order_line item
          JOIN pos_order doc ON doc.id = item.order_id
         CROSS JOIN LATERAL (
               SELECT abs(item.price_subtotal)
                      * sign(item.qty * item.price_unit) AS amount
               ) own
         WHERE NOT %s
        """,
        scope.converted(SQL("own.amount"), SQL("doc.currency_rate")),
        purchase_pos.left_out(scope),
    )


def imported_lines() -> SQL:
    """Select the lines of imported history whose product is known."""
    return SQL("SELECT purchase_id AS key, product_id, amount FROM dcrm_purchase_line")


def sources(company_id: int) -> SQL:
    """Yield the sources that a company has purchases of."""
    return SQL(
        "SELECT DISTINCT source FROM dcrm_purchase WHERE company_id = %s", company_id
    )


def compare(scope: Scope, lines: list[tuple[str, str, SQL]], stale: SQL | None) -> SQL:
    """Make the table of what differs: kinds that customers bought and those there are.

    A row a customer and category: ``id`` of the kind that is there, if any, and what
    was found, empty where that is nothing any more.

    :param lines: ``(source, column of the purchase that the key is in, select)``
    :param stale: the ids of the customers to look at, as a select; default: all
    """
    return SQL(
        """
        DROP TABLE IF EXISTS pg_temp.dcrm_kind_delta;
        CREATE TEMPORARY TABLE dcrm_kind_delta ON COMMIT DROP AS
        SELECT was.id, now.*
          FROM (%(found)s) now
          FULL JOIN (SELECT * FROM dcrm_customer_kind was
                      WHERE company_id = %(company_id)s AND %(within)s) was
            ON was.partner_id = now.partner_id AND was.category_id = now.category_id
         WHERE CASE WHEN was.id IS NULL OR now.partner_id IS NULL
                    OR (%(was)s) IS DISTINCT FROM (%(now)s) THEN 1 END = 1
        """,
        found=_found(scope, lines, stale),
        company_id=scope.company_id,
        within=_within(SQL("was"), stale),
        was=_columns("was"),
        now=_columns("now"),
    )


def _found(scope, lines, stale) -> SQL:
    """Select what customers bought, one row a customer and category.

    What a purchase took back of a kind is set off against what it bought of it, and a
    kind was bought by purchases with a positive amount of it. One sort serves both
    groupings, and may be spread over several processes.
    """
    return SQL(
        """
        SELECT partner_id, categ_id AS category_id,
               min(date) FILTER (WHERE amount > 0) AS first_on,
               max(date) FILTER (WHERE amount > 0) AS last_on,
               %(amount)s AS amount,
               CAST(count(*) FILTER (WHERE amount > 0) AS integer) AS documents
          FROM (SELECT partner_id, categ_id, purchase_id, min(date) AS date,
                       sum(amount) AS amount
                  FROM (SELECT item.*, template.categ_id
                          FROM (%(lines)s) item
                          JOIN product_product product ON product.id = item.product_id
                          JOIN product_template template
                            ON template.id = product.product_tmpl_id
                         WHERE template.categ_id IS NOT NULL
                         ORDER BY partner_id, categ_id, purchase_id) AS line
                 GROUP BY partner_id, categ_id, purchase_id) AS kind
         GROUP BY partner_id, categ_id HAVING bool_or(amount > 0)
        """,
        amount=scope.rounded(SQL("sum(amount)")),
        lines=lines_of(scope, lines, _within(SQL("purchase"), stale), bool(stale)),
    )


def lines_of(
    scope: Scope, lines: list[tuple[str, str, SQL]], within: SQL, few: bool = False
) -> SQL:
    """Select what was bought: ``purchase_id, partner_id, date, product_id, amount``.

    :param lines: as of :func:`compare`
    :param within: a condition on ``purchase``
    :param few: whether this leaves so few that their lines are looked up, not read
        through: in the order in which they lie
    """
    return SQL(" UNION ALL ").join(
        _of_source(scope, source, column, select, within, few)
        for source, column, select in lines
    )


def _of_source(scope, source, column, select, within, few) -> SQL:
    """The lines of a kind of document, each with its purchase, customer and day."""
    return SQL(
        """
        SELECT purchase.id AS purchase_id, purchase.partner_id, purchase.date,
               line.product_id, line.amount
          FROM (SELECT id, partner_id, date, %(column)s AS key
                  FROM dcrm_purchase purchase
                 WHERE company_id = %(company_id)s AND source = %(source)s
                   AND %(within)s %(order)s) AS purchase
          JOIN (%(select)s) line ON line.key = purchase.key
         WHERE line.product_id IS NOT NULL
        """,
        select=select,
        column=SQL.identifier(column),
        company_id=scope.company_id,
        source=source,
        within=within,
        order=SQL("ORDER BY key") if few else SQL(),
    )


def write(company_id: int) -> SQL:
    """Insert and update the kinds that differ from what was found, and no others."""
    return SQL(
        """
        INSERT INTO dcrm_customer_kind (
            partner_id, company_id, category_id, %(figures)s, create_date, write_date
        )
        SELECT partner_id, %(company_id)s, category_id, %(figures)s,
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM dcrm_kind_delta WHERE partner_id IS NOT NULL
            ON CONFLICT (partner_id, company_id, category_id)
            DO UPDATE SET (%(figures)s, write_date)
                        = (%(excluded)s, excluded.write_date)
        """,
        figures=_columns(),
        company_id=company_id,
        excluded=_columns("excluded"),
    )


def prune() -> SQL:
    """Delete the kinds that customers are not found to have bought any more."""
    return SQL(
        """
        DELETE FROM dcrm_customer_kind was USING dcrm_kind_delta delta
         WHERE was.id = delta.id AND delta.partner_id IS NULL
        """
    )


def _within(table: SQL, stale: SQL | None) -> SQL:
    return SQL("%s.partner_id IN (%s)", table, stale) if stale else SQL("TRUE")


def _columns(table=None) -> SQL:
    return SQL(", ").join(
        SQL.identifier(table, name) if table else SQL.identifier(name)
        for name in FIGURES
    )


def leave_room() -> SQL:
    """Let a page keep room for new versions of its rows: no figure is in an index."""
    return SQL("ALTER TABLE dcrm_customer_kind SET (fillfactor = 90)")
