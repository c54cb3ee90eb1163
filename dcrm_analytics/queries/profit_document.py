"""What is known of customers beside the ledger: the till's orders, imported history."""

from odoo.tools import SQL

from . import profit_change
from .profit import ProfitSource
from .purchase import Scope


def imported(company_id: int) -> ProfitSource:
    """Return the source of history from elsewhere, which is not in these books."""

    def rows(documents):
        return SQL(
            """
            SELECT doc.id AS res_id, customer.commercial_partner_id AS partner_id,
                doc.date, doc.margin IS NOT NULL AS cost_known, doc.amount AS revenue,
                COALESCE(doc.margin - doc.amount, 0) AS goods
            FROM dcrm_purchase doc
            JOIN res_partner customer ON customer.id = doc.partner_id
            WHERE doc.company_id = %s AND doc.source = 'import' %s
            """,
            company_id,
            SQL("AND doc.id IN %s", documents) if documents else SQL(),
        )

    return ProfitSource(
        source="import",
        table="dcrm_purchase",
        key="purchase_id",
        columns=("revenue", "goods"),
        rows=rows,
        changed=lambda _since: SQL(
            """
            SELECT id FROM dcrm_purchase
            WHERE company_id = %s AND source = 'import' AND partner_id IN %s
            """,
            company_id,
            profit_change.partners(company_id, imported=True),
        ),
    )


def till(scope: Scope) -> ProfitSource:
    """Return the source of the till's booked orders that name a customer.

    The till books a session at once, without customers; an invoiced order is in the
    ledger by its invoice.
    """

    def rows(documents):
        rate = SQL("doc.currency_rate")
        amount = SQL("(doc.amount_total - doc.amount_tax)")
        return SQL(
            """
            SELECT doc.id AS res_id, customer.commercial_partner_id AS partner_id,
                %(day)s AS date, line.cost IS NOT NULL AS cost_known,
                %(revenue)s AS revenue, COALESCE(-(%(cost)s), 0) AS goods
            FROM pos_order doc
            JOIN res_partner customer ON customer.id = doc.partner_id
            CROSS JOIN LATERAL (
                SELECT CASE WHEN bool_and(item.is_total_cost_computed IS TRUE)
                    THEN sum(item.total_cost) END::numeric AS cost
                FROM pos_order_line item WHERE item.order_id = doc.id
            ) line
            WHERE doc.company_id = %(company_id)s AND doc.state = 'done'
            AND doc.account_move IS NULL %(only)s
            """,
            day=scope.day(SQL("doc.date_order")),
            revenue=scope.rounded(scope.converted(amount, rate)),
            cost=scope.rounded(scope.converted(SQL("line.cost"), rate)),
            company_id=scope.company_id,
            only=SQL("AND doc.id IN %s", documents) if documents else SQL(),
        )

    return ProfitSource(
        source="pos",
        table="pos_order",
        key=None,
        columns=("revenue", "goods"),
        rows=rows,
        changed=lambda since: SQL(
            """
            SELECT id FROM pos_order WHERE company_id = %(company_id)s
            AND (write_date >= %(since)s OR partner_id IN %(partners)s)
            """,
            company_id=scope.company_id,
            since=since,
            partners=profit_change.partners(scope.company_id),
        ),
        stamp=f"{scope.zone} {scope.currency} {scope.unit.normalize()}",
    )
