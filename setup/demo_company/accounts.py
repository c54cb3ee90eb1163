"""The invoices of what was delivered, what was paid of them, what was given back."""

from datetime import timedelta

from sales import purchase_number

PAID_AFTER = 38  # days


def bill(env, company):
    """Invoice each order two days after it, the few newest not yet."""
    orders = env["sale.order"].search(
        [("invoice_status", "=", "to invoice"), ("state", "=", "sale")],
        order="date_order, id",
    )
    invoices = orders._create_invoices(grouped=True)
    for invoice in invoices:
        ordered = max(invoice.line_ids.sale_line_ids.order_id.mapped("date_order"))
        invoice.invoice_date = min(ordered.date() + timedelta(2), company.last_day)
    invoices = invoices.sorted("invoice_date")
    invoices.action_post()
    return f"{len(invoices)} posted,"


def settle(env, company):
    """Pay what fell due, and credit what came back."""
    refunds = _refunds(env, company)
    paid = _payments(env, company)
    return f"{paid} paid, {refunds} credited,"


def _refunds(env, company):
    back = company.documents[company.documents["way"] == "refund"]
    references = company.documents["reference"].loc[back["refund_of"]]
    lines = company.lines.set_index("document").loc[back.index]
    count = 0
    for (number, document), reference in zip(back.iterrows(), references, strict=True):
        invoice = env["account.move"].search(
            [
                (
                    "invoice_line_ids.sale_line_ids.order_id.client_order_ref",
                    "=",
                    purchase_number(reference),
                ),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
            ],
            limit=1,
        )
        count += _refund(invoice, document, lines.loc[number])
    return count


def _refund(invoice, document, returned):
    """Credit the one line that came back; tell how many credit notes that made."""
    code = returned["product"]
    if code not in invoice.invoice_line_ids.product_id.mapped("default_code"):
        return 0  # not delivered, so not invoiced yet
    day = max(document["date"].date(), invoice.invoice_date)
    refund = invoice._reverse_moves(
        [{"invoice_date": day, "date": day, "ref": "Returned goods"}]
    )
    refund.invoice_line_ids.filtered(
        lambda line: line.product_id.default_code != code
    ).unlink()
    refund.action_post()
    for line in refund.invoice_line_ids.sale_line_ids:
        line.qty_delivered += returned["quantity"]
    return 1


def _payments(env, company):
    """Register the payments: most customers pay when it falls due, some later."""
    invoices = env["account.move"].search(
        [
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("payment_state", "=", "not_paid"),
            ("invoice_date", "<=", company.last_day - timedelta(PAID_AFTER)),
        ]
    )
    invoices -= invoices.sorted("name")[::11]  # they are late
    for day, due in sorted(_by_day_of_payment(invoices).items()):
        env["account.payment.register"].with_context(
            active_model="account.move", active_ids=due.ids
        ).create({"payment_date": day, "group_payment": False})._create_payments()
    return len(invoices)


def _by_day_of_payment(invoices):
    """Return {day: invoices}: the bank's statements come on Fridays."""
    days = {}
    for invoice in invoices:
        paid = invoice.invoice_date + timedelta(PAID_AFTER - 8)
        friday = paid + timedelta((4 - paid.weekday()) % 7)
        days[friday] = days.get(friday, invoices.browse()) | invoice
    return days
