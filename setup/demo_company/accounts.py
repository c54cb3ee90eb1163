"""The invoices of what was delivered and its cost, what was paid of them and when, what
was given back."""

from datetime import timedelta

from books import days_late, friday, way_of_paying
from sales import purchase_number

PART_PAID = 0.6  # of every fifth invoice of who pays late
METHODS = ("Bank transfer", "Direct debit", "Card")


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
    add_costs(env, invoices)
    invoices.action_post()
    return f"{len(invoices)} posted,"


def add_costs(env, moves):
    """Post the cost of what was delivered with its invoice, of what came back with its
    credit note, as the host does where it values the stock."""
    accounts = {
        name: env["account.account"].search(
            [*env["account.account"]._check_company_domain(env.company), condition],
            limit=1,
        )
        for name, condition in (
            ("goods", ("account_type", "=", "expense_direct_cost")),
            ("stock", ("name", "=", "Stock Valuation")),
        )
    }
    env["account.move.line"].create(
        [
            {
                "move_id": move.id,
                "partner_id": move.commercial_partner_id.id,
                "name": "Cost of what was delivered",
                "display_type": "cogs",
                "account_id": accounts[name].id,
                "quantity": 1,
                "price_unit": -sign * cost,
                "amount_currency": sign * cost,
                "tax_ids": [],
            }
            for move in moves
            if (cost := _cost(move))
            for name, sign in (("goods", 1), ("stock", -1))
        ]
    )


def _cost(move):
    """Return what was paid for what a customer got; negative where it came back."""
    return -move.direction_sign * round(
        sum(
            line.quantity * line.product_id.standard_price
            for line in move.invoice_line_ids
        ),
        2,
    )


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
    keep_only(
        refund,
        refund.invoice_line_ids.filtered(
            lambda line: line.product_id.default_code == code
        ),
    )
    refund.action_post()
    for line in refund.invoice_line_ids.sale_line_ids:
        line.qty_delivered += returned["quantity"]
    return 1


def keep_only(refund, lines):
    """Leave only lines that came back on a credit note, with their own cost."""
    costs = refund.line_ids.filtered(lambda line: line.display_type == "cogs")
    (refund.invoice_line_ids - lines + costs).unlink()
    add_costs(refund.env, refund)


def _payments(env, company):
    """Register the payments: some customers pay early, most when it falls due."""
    invoices = env["account.move"].search(
        [
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("payment_state", "=", "not_paid"),
        ],
        order="invoice_date, id",
    )
    due = {}
    for number, invoice in enumerate(invoices):
        late = days_late(invoice.commercial_partner_id.ref)
        if late is None:
            continue
        paid = friday(max(invoice.invoice_date, invoice.invoice_date_due + late))
        part = late.days > 0 and number % 5 == 2
        if paid <= company.last_day:
            key = paid, method_of(env, invoice.commercial_partner_id), part
            due[key] = due.get(key, invoices.browse()) | invoice
    for (day, method, part), paid in sorted(
        due.items(), key=lambda item: (item[0][0], item[0][1].id, item[0][2])
    ):
        pay(paid, day, method, part)
    return sum(map(len, due.values()))


def pay(records, day, method, part=False):
    """Register payments of invoices or of open lines, of a part of each or of all."""
    batches = records if part else [records]
    for batch in batches:
        register = records.env["account.payment.register"].with_context(
            active_model=records._name, active_ids=batch.ids
        )
        wizard = register.create(
            {
                "payment_date": day,
                "group_payment": False,
                "journal_id": method.journal_id.id,
                "payment_method_line_id": method.id,
            }
        )
        if part:
            wizard.amount = round(wizard.amount * PART_PAID, 2)
        wizard._create_payments()


def method_of(env, customer):
    """Return the payment method line by which a customer pays."""
    lines = env["account.payment.method.line"].search(
        [
            ("journal_id.type", "=", "bank"),
            ("journal_id.company_id", "=", env.company.id),
            ("payment_type", "=", "inbound"),
            ("name", "in", METHODS),
        ],
        order="sequence, id",
    )
    return lines[way_of_paying(customer.ref, len(lines))]


def open_methods(env):
    """Let customers pay in several ways into the bank account."""
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
    )
    lines = journal.inbound_payment_method_line_ids
    lines[0].name, known = METHODS[0], set(lines.mapped("name"))
    for name in METHODS:
        if name not in known | {METHODS[0]}:
            lines[0].copy({"name": name})
