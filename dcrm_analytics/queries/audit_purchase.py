"""Invariants of facts as queries: each is of one document, counted once, and right."""

from odoo.tools import SQL

from .audit import columns
from .purchase import VALUES, Documents, Scope


def documents_without_fact(scope: Scope, documents: Documents) -> SQL:
    """Documents that count, and whose fact is missing or says something else.

    The customer may differ: it is who it was at the document's time.
    """
    key = SQL.identifier("was", documents.key)
    return SQL(
        """
        SELECT doc.id
        FROM %(table)s doc
        %(joins)s
        CROSS JOIN LATERAL (SELECT %(values)s) now
        LEFT JOIN dcrm_purchase was ON %(key)s = doc.id
        WHERE %(counts)s AND %(read)s AND (was.id IS NULL OR (
            %(old)s, was.company_id, was.source, was.contact_id, was.margin_known
        ) IS DISTINCT FROM (
            %(new)s, %(company_id)s, %(source)s, now.contact_id, now.margin IS NOT NULL
        ))
        """,
        table=SQL.identifier(documents.table),
        joins=documents.joins,
        values=SQL(", ").join(
            SQL("%s AS %s", value, SQL.identifier(name))
            for name, value in documents.columns.items()
        ),
        key=key,
        counts=documents.counts,
        read=_is_read(scope, documents),
        old=columns("was", VALUES),
        new=columns("now", VALUES),
        company_id=scope.company_id,
        source=documents.source,
    )


def documents_with_stale_fact(scope: Scope, documents: Documents) -> SQL:
    """Documents that do not count, and have a fact all the same."""
    return SQL(
        """
        SELECT doc.id
        FROM dcrm_purchase purchase
        JOIN %(table)s doc ON doc.id = %(key)s
        %(joins)s
        WHERE purchase.company_id = %(company_id)s AND purchase.source = %(source)s
        AND (%(counts)s) IS NOT TRUE AND %(read)s
        """,
        table=SQL.identifier(documents.table),
        key=SQL.identifier("purchase", documents.key),
        joins=documents.joins,
        company_id=scope.company_id,
        source=documents.source,
        counts=documents.counts,
        read=_is_read(scope, documents),
    )


def _is_read(scope: Scope, documents: Documents) -> SQL:
    """Whether a document is as the last synchronisation found it."""
    return SQL(
        """(%s) IS NOT TRUE AND EXISTS (
            SELECT FROM dcrm_purchase_source read
            WHERE read.company_id = %s AND read.source = %s AND read.built
            AND read.stamp = %s
        )""",
        documents.changed,
        scope.company_id,
        documents.source,
        scope.stamp,
    )


def purchases_of_no_source(companies) -> SQL:
    """Facts that do not name exactly the one document that their source calls for."""
    return SQL(
        """
        SELECT id FROM dcrm_purchase
        WHERE company_id IN %s AND (
            order_id IS NOT NULL, move_id IS NOT NULL, pos_order_ref IS NOT NULL,
            import_key IS NOT NULL
        ) IS DISTINCT FROM (
            source = 'sale', source = 'invoice', source = 'pos', source = 'import'
        )
        """,
        companies,
    )


def invoices_counted_twice(companies) -> SQL:
    """Facts of invoices that are worth more than what no counted order covers.

    A line of an invoice that bills an order with a fact, and one of a down payment,
    adds nothing to the invoice's own fact.
    """
    return SQL(
        """
        SELECT purchase.id
        FROM dcrm_purchase purchase
        JOIN account_move move ON move.id = purchase.move_id
        JOIN res_company company ON company.id = purchase.company_id
        JOIN res_currency currency ON currency.id = company.currency_id
        CROSS JOIN LATERAL (
            SELECT COALESCE(sum(-line.balance) FILTER (WHERE NOT covered), 0) AS own,
                bool_or(covered) AS covered
            FROM account_move_line line
            CROSS JOIN LATERAL (
                SELECT line.is_downpayment IS TRUE OR EXISTS (
                    SELECT FROM sale_order_line_invoice_rel link
                    JOIN sale_order_line ordered ON ordered.id = link.order_line_id
                    JOIN dcrm_purchase counted ON counted.order_id = ordered.order_id
                    WHERE link.invoice_line_id = line.id
                    AND counted.company_id = purchase.company_id
                ) AS covered
            ) link
            WHERE line.move_id = move.id AND line.display_type = 'product'
        ) line
        WHERE purchase.company_id IN %s
        AND move.move_type IN ('out_invoice', 'out_receipt')
        AND line.covered
        AND abs(purchase.amount - line.own) > currency.rounding / 2
        """,
        companies,
    )


def till_orders_counted_twice(companies) -> SQL:
    """Facts of invoices of till orders that have a fact themselves."""
    return SQL(
        """
        SELECT purchase.id
        FROM dcrm_purchase purchase
        JOIN pos_order till ON till.account_move = purchase.move_id
        JOIN dcrm_purchase other ON other.pos_order_ref = till.id
        WHERE purchase.company_id IN %s
        """,
        companies,
    )


def purchases_of_other_companies(companies) -> SQL:
    """Facts and their document or lines that are not of one company."""
    return SQL(
        """
        SELECT purchase.id
        FROM dcrm_purchase purchase
        LEFT JOIN sale_order ON sale_order.id = purchase.order_id
        LEFT JOIN account_move ON account_move.id = purchase.move_id
        WHERE purchase.company_id IN %s AND (
            sale_order.company_id <> purchase.company_id
            OR account_move.company_id <> purchase.company_id
            OR EXISTS (
                SELECT FROM dcrm_purchase_line line
                WHERE line.purchase_id = purchase.id
                AND line.company_id <> purchase.company_id
            )
        )
        """,
        companies,
    )
