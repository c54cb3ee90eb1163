"""Score the company and tell what was found, beside what a person would count."""

import json

company = env.company
env["dcrm.customer.score"].refresh(company)
env.cr.commit()
purchases = env["dcrm.purchase"].search([("company_id", "=", company.id)])
orders = env["sale.order"].search([("state", "=", "sale")])
moves = env["account.move"].search(
    [("state", "=", "posted"), ("move_type", "in", ("out_invoice", "out_refund"))]
)
ordered = moves.invoice_line_ids.sale_line_ids.order_id.filtered(
    lambda order: order.state == "sale"
)
alone = moves.filtered(
    lambda move: (
        move.move_type == "out_refund"
        or not move.invoice_line_ids.sale_line_ids.order_id & ordered
    )
)
expected = sum(orders.mapped("amount_untaxed")) + sum(
    alone.mapped("amount_untaxed_signed")
)
scores = env["dcrm.customer.score"].search([("company_id", "=", company.id)])
print(
    json.dumps(
        {
            "violations": env["dcrm.audit"].run(),
            "purchases": len(purchases),
            "customers": len(scores),
            "buyers": len(orders.partner_id | alone.partner_id),
            "amount": round(sum(purchases.mapped("amount")), 2),
            "expected": round(expected, 2),
        }
    )
)
