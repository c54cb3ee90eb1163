"""Sell, invoice, and delete: what a leftover trigger or constraint would prevent."""

import json

order = env["sale.order"].search([("state", "=", "sale")], limit=1).copy()
order.action_confirm()
order._create_invoices().action_post()
draft = env["sale.order"].search([("state", "=", "draft")], limit=1)
draft.unlink()
partner = env["res.partner"].create({"name": "Passer-by"})
partner.unlink()
env.cr.commit()
print(json.dumps(order.id))
