"""Let customers join a club that prices, and sell them a bundle. Runs with env."""

import json

from odoo.fields import Command

company = env.company
members = env["res.partner"].search([("name", "=like", "Guest %")], order="id", limit=3)
prices = env["product.pricelist"].create(
    {
        "name": "Members",
        "item_ids": [
            Command.create({"compute_price": "percentage", "percent_price": 10})
        ],
    }
)
club = env["dcrm.club"].create(
    {
        "name": "Round Table",
        "company_id": company.id,
        "tier_ids": [
            Command.create(
                {
                    "name": "Knights",
                    "pricelist_id": prices.id,
                    "service_level_id": env["dcrm.service.level"]
                    .search([], limit=1)
                    .id,
                }
            )
        ],
    }
)
env["dcrm.membership"].create(
    [{"partner_id": member.id, "club_id": club.id} for member in members]
)

parts = env["product.product"].create(
    [
        {"name": name, "list_price": price, "invoice_policy": "order"}
        for name, price in (("Kettle", 40.0), ("Cup", 7.0))
    ]
)
bundle = env["product.product"].create(
    {
        "name": "Tea for six",
        "type": "combo",
        "is_bundle": True,
        "bundle_discount": 15.0,
        "combo_ids": [
            Command.create(
                {
                    "name": part.name,
                    "combo_item_ids": [
                        Command.create({"product_id": part.id, "quantity": quantity})
                    ],
                }
            )
            for part, quantity in zip(parts, (1, 6), strict=True)
        ],
    }
)
order = env["sale.order"].create(
    {
        "partner_id": members[0].id,
        "order_line": [Command.create({"product_id": bundle.id, "product_uom_qty": 2})],
    }
)
order.action_confirm()
order._create_invoices().action_post()
env.cr.commit()
print(
    json.dumps(
        {
            "members": len(members.filtered("specific_property_product_pricelist")),
            "bundle_parts": len(order.order_line),
            "bundle_total": order.amount_untaxed,
        }
    )
)
