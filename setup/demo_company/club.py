"""The club of the trade's best customers, and the bundles that were sold."""

from datetime import datetime, time, timedelta

from accounts import add_costs, keep_only

CLUB = "The Chef's Table"
# Tier, percent off, service level, how many of the best customers stand on it.
TIERS = (
    ("Member", 0, None, 55),
    ("Silver", 3, "service_level_preferred", 45),
    ("Gold", 6, "service_level_premier", 25),
)
APPLICANTS, LAPSED, LEFT = 7, 6, 4
# Code, name, percent off, (article, quantity)s.
BUNDLES = (
    ("BN01", "Café opening set", 12, (("TW04", 24), ("TW10", 12), ("CL09", 1))),
    ("BN02", "Take-away starter", 8, (("DS01", 1), ("DS02", 1), ("DS03", 1))),
    ("BN03", "Baker's set", 15, (("BK01", 4), ("BK05", 2), ("BK07", 4), ("BK08", 2))),
    ("BN04", "Chef's knives", 10, (("KN01", 1), ("KN02", 2), ("KN03", 1), ("KN08", 1))),
    ("BN05", "Table for twelve", 12, (("TW01", 12), ("TW07", 1), ("GL01", 2))),
)
SOLD = 18
RETURNED = (4, 11)  # of those sold, one part each
LATELY = 55  # days


def found(env, company):
    """Found the club and let the best of the trade join it over the last year."""
    club = env["dcrm.club"].create(
        {
            "name": CLUB,
            "needs_approval": True,
            "duration_months": 12,
            "description": "<p>For who cooks with us: member prices, and an answer "
            "before anybody else.</p>",
            "tier_ids": [
                (
                    0,
                    0,
                    {
                        "name": name,
                        "sequence": number,
                        "pricelist_id": _pricelist(env, name, off).id if off else False,
                        "service_level_id": level
                        and env.ref(f"dcrm_analytics.{level}").id,
                    },
                )
                for number, (name, off, level, _count) in enumerate(TIERS, 1)
            ],
        }
    )
    members = _join(env, company, club)
    return f"{CLUB} with {members} members,"


def _pricelist(env, name, off):
    """Return the price list of a tier; by the customer's own discount comes on top."""
    return env["product.pricelist"].create(
        {
            "name": f"{CLUB}: {name}",
            "currency_id": env.company.currency_id.id,
            "company_id": env.company.id,
            "item_ids": [
                (
                    0,
                    0,
                    {
                        "applied_on": "3_global",
                        "compute_price": "percentage",
                        "percent_price": off,
                    },
                )
            ],
        }
    )


def _join(env, company, club):
    trade = [
        score.partner_id
        for score in env["dcrm.customer.score"].search(
            [
                ("company_id", "=", env.company.id),
                ("partner_id.is_company", "=", True),
            ],
            order="monetary desc, id",
            limit=sum(count for *_tier, count in TIERS) + APPLICANTS + LAPSED + LEFT,
        )
    ]
    values = []
    for tier in reversed(club.tier_ids):
        count = TIERS[tier.sequence - 1][3]
        for number, partner in enumerate(trade[:count]):
            begun = company.last_day - timedelta(15 + 7 * number)
            values.append(_member(club, partner, "active", tier, begun))
        del trade[:count]
    for number in range(LAPSED):
        begun = company.last_day - timedelta(370 + 9 * number)
        values.append(_member(club, trade.pop(), "active", club.tier_ids[0], begun))
    for number in range(LEFT):
        begun = company.last_day - timedelta(200 + 20 * number)
        values.append(_member(club, trade.pop(), "active", club.tier_ids[0], begun))
    for partner in trade:
        values.append({"partner_id": partner.id, "club_id": club.id})
    memberships = env["dcrm.membership"].create(values)
    memberships[sum(count for *_tier, count in TIERS) + LAPSED :][:LEFT].action_leave()
    return sum(each.state == "active" for each in memberships)


def _member(club, partner, state, tier, begun):
    return {
        "club_id": club.id,
        "partner_id": partner.id,
        "state": state,
        "tier_id": tier.id,
        "date_start": begun,
    }


def bundle(env, _company):
    """Put the bundles together: each part in its quantity, less a discount."""
    articles = _articles(env)
    env["product.template"].create(
        [
            {
                "default_code": code,
                "name": name,
                "type": "combo",
                "is_bundle": True,
                "bundle_discount": off,
                "combo_ids": [
                    (
                        0,
                        0,
                        {
                            "name": articles[part].name,
                            "combo_item_ids": [
                                (
                                    0,
                                    0,
                                    {
                                        "product_id": articles[part].id,
                                        "quantity": quantity,
                                    },
                                )
                            ],
                        },
                    )
                    for part, quantity in parts
                ],
            }
            for code, name, off, parts in BUNDLES
        ]
    )
    return f"{len(BUNDLES)}"


def sell_bundles(env, company):
    """Sell bundles to members and others, invoice them, take two parts back."""
    bundles = env["product.product"].search([("product_tmpl_id.is_bundle", "=", True)])
    members = env["dcrm.membership"].search([("state", "=", "active")], order="id")
    buyers = members.partner_id.filtered("user_id")
    orders = env["sale.order"]
    days = []
    for number in range(SOLD):
        buyer = buyers[number * 5 % len(buyers)]
        product = bundles.sorted("default_code")[number % len(bundles)]
        day = company.last_day - timedelta(LATELY - 3 * number)
        days.append(day)
        orders |= env["sale.order"].create(
            {
                "partner_id": buyer.id,
                "user_id": buyer.user_id.id,
                "order_line": [
                    (
                        0,
                        0,
                        {"product_id": product.id, "product_uom_qty": 1 + number % 3},
                    )
                ],
            }
        )
    orders.action_confirm()
    for number, (order, day) in enumerate(zip(orders, days, strict=True)):
        order.date_order = datetime.combine(day, time(9, 40)) + timedelta(
            minutes=number * 37 % 400
        )
        for line in order.order_line.filtered("combo_item_id"):
            line.qty_delivered = line.product_uom_qty
    invoices = orders._create_invoices(grouped=True)
    for invoice in invoices:
        ordered = max(invoice.line_ids.sale_line_ids.order_id.mapped("date_order"))
        invoice.invoice_date = min(ordered.date() + timedelta(2), company.last_day)
    add_costs(env, invoices)
    invoices.action_post()
    for number in RETURNED:
        _return_a_part(invoices[number], company.last_day)
    return f"{len(orders)} sold, {len(RETURNED)} parts returned,"


def _return_a_part(invoice, last_day):
    """Credit the last part of the first bundle: the others keep their price."""
    day = min(invoice.invoice_date + timedelta(6), last_day)
    refund = invoice._reverse_moves(
        [{"invoice_date": day, "date": day, "ref": "Returned goods"}]
    )
    part = refund.invoice_line_ids.filtered(
        lambda line: line.display_type == "product" and line.price_subtotal
    )[-1]
    keep_only(refund, part)
    refund.action_post()


def _articles(env):
    return {
        product.default_code: product
        for product in env["product.product"].search([("default_code", "!=", False)])
    }
