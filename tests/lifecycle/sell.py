"""Fill a database with customers, orders, invoices and credit notes. Runs with env."""

from datetime import timedelta

from odoo.fields import Command, Datetime

product = env["product.product"].create(
    {
        "name": "Stock pot",
        "invoice_policy": "order",
        "taxes_id": [Command.clear()],
        "list_price": 100.0,
        "standard_price": 60.0,
    }
)
partners = env["res.partner"].create([{"name": f"Guest {n}"} for n in range(15)])
orders = env["sale.order"].create(
    [
        {
            "partner_id": partners[n % 12].id,
            "order_line": [
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_qty": 1 + n % 5,
                        "price_unit": 20 + n,
                    }
                )
            ],
        }
        for n in range(45)
    ]
)
orders[:42].action_confirm()
for number, order in enumerate(orders):
    order.date_order = Datetime.now() - timedelta(days=11 * number)
invoices = orders[:30]._create_invoices(grouped=True)
invoices[:28].action_post()
refunds = invoices[:4]._reverse_moves(cancel=True)
direct = env["account.move"].create(
    [
        {
            "move_type": "out_invoice",
            "partner_id": partners[n].id,
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": product.id,
                        "price_unit": 50 + n,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }
        for n in range(10, 15)
    ]
)
direct.action_post()
orders[40].action_cancel()
env.cr.commit()
