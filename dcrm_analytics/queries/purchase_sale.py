"""Confirmed sales orders as purchases, where the company's basis is the order."""

from odoo.tools import SQL

from .purchase import CUSTOMER, Documents, Scope


def documents(scope: Scope) -> Documents:
    """Return the sales orders of the scope's company.

    Amounts are those of the order, untaxed, divided by the order's own rate, which is
    its currency's for one unit of the company's at the order's date.
    """
    rate = SQL("doc.currency_rate")
    margin = SQL("NULL::numeric")
    if "sale.order.margin" in scope.features:
        margin = scope.rounded(scope.converted(SQL("doc.margin"), rate))
    return Documents(
        source="sale",
        table="sale_order",
        key="order_id",
        joins=SQL(),
        counts=SQL("doc.state = 'sale' AND doc.company_id = %s", scope.company_id)
        if scope.basis == "sale"
        else SQL("FALSE"),
        columns={
            "customer_id": CUSTOMER,
            "contact_id": SQL("doc.partner_id"),
            "user_id": SQL("doc.user_id"),
            "date": scope.day(SQL("doc.date_order")),
            "amount": scope.rounded(scope.converted(SQL("doc.amount_untaxed"), rate)),
            "margin": margin,
            "reference": SQL("doc.name"),
        },
        changed=SQL("doc.write_date >= %s", scope.since),
    )
