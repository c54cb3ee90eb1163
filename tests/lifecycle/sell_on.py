"""Sell, invoice, and delete: what a leftover trigger or constraint would prevent."""

import json

from odoo.tests import Form

order = env["sale.order"].search([("state", "=", "sale")], limit=1).copy()
order.action_confirm()
order._create_invoices().action_post()
plain = env["product.product"].search([("type", "=", "consu")], limit=1)
for sold in env["sale.order"].search([("order_line.product_type", "=", "combo")]):
    # What was a bundle stays as it was sold when the order is edited.
    total = sold.amount_untaxed
    with Form(sold) as form, form.order_line.new() as line:
        line.product_id = plain
    assert sold.amount_untaxed == total + sold.order_line[-1].price_subtotal
draft = env["sale.order"].search([("state", "=", "draft")], limit=1)
draft.unlink()
partner = env["res.partner"].create({"name": "Passer-by"})
partner.unlink()
env.cr.commit()
print(json.dumps(order.id))
