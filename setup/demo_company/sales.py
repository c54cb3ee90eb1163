"""What the company sells, to whom, and how it came about."""

from datetime import datetime, time, timedelta

from catalogue import articles
from company import KINDS
from staff import sellers

BATCH = 500


def stock(env, _company):
    """Make the catalogue; goods are invoiced as they are delivered."""
    categories = {}
    for article in articles():
        if article.category not in categories:
            categories[article.category] = env["product.category"].create(
                {"name": article.category}
            )
    env["product.product"].create(
        [
            {
                "default_code": article.code,
                "name": article.name,
                "categ_id": categories[article.category].id,
                "type": "consu",
                "invoice_policy": "delivery",
                "list_price": article.price,
                "standard_price": article.cost,
            }
            for article in articles()
        ]
    )
    return f"{len(articles())} articles in {len(categories)} categories,"


def meet_customers(env, company):
    """Make the partners: their place, industry, seller, terms and, of the trade, whom
    to ask for."""
    industries = _industries(env)
    countries = {
        country.code: country.id
        for country in env["res.country"].search([("code", "in", ("IE", "GB"))])
    }
    users = [user.id for user in sellers(env)] + [False]  # -1 is nobody
    term = env.ref("account.account_payment_term_30days").id
    rows = list(company.customers.itertuples())
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        partners = env["res.partner"].create(
            [
                {
                    "name": row.name,
                    "ref": row.ref,
                    "is_company": row.kind != "private",
                    "street": row.street,
                    "city": row.city,
                    "country_id": countries[row.country],
                    "phone": row.phone,
                    "email": row.email,
                    "industry_id": industries[row.kind],
                    "user_id": users[row.seller],
                    "property_payment_term_id": term
                    if row.kind != "private"
                    else False,
                }
                for row in batch
            ]
        )
        env["res.partner"].create(
            [
                {
                    "name": row.contact,
                    "parent_id": partner.id,
                    "type": "contact",
                    "function": "Purchasing",
                }
                for partner, row in zip(partners, batch, strict=True)
                if row.contact
            ]
        )
        env.flush_all()
    return f"{len(rows)}"


def _industries(env):
    found = {}
    for name, kind in KINDS.items():
        industry = env["res.partner.industry"].search(
            [("name", "=", kind.industry)], limit=1
        )
        if not industry:
            industry = industry.create(
                {"name": kind.industry, "full_name": kind.industry}
            )
        found[name] = industry.id
    return found


def import_history(env, company):
    """Import what was sold before and beside the new system."""
    outcome = env["dcrm.purchase"].import_history(company.history, company=env.company)
    if outcome["rejected"]:
        raise RuntimeError(f"history was rejected: {outcome['errors'][:5]}")
    return f"{outcome['accepted']} rows of {outcome['customers']} customers,"


def sell(env, company):
    """Make the sales orders of the last weeks, and the quotations still open."""
    products = {
        product.default_code: product
        for product in env["product.product"].search([("default_code", "!=", False)])
    }
    partners = _partners(env, company)
    orders, dates = _orders(env, company, "order", partners, products)
    orders.action_confirm()
    _date(orders, dates)
    _deliver(orders)
    quotations, dates = _orders(env, company, "quotation", partners, products)
    _date(quotations, dates)
    for quotation, day in zip(quotations, dates, strict=True):
        quotation.validity_date = day + timedelta(30)
    quotations[::2].write({"state": "sent"})
    return f"{len(orders)} orders, {len(quotations)} quotations,"


def _partners(env, company):
    partners = {
        partner.ref: partner
        for partner in env["res.partner"].search([("ref", "!=", False)])
    }
    return company.customers["ref"].map(partners)


def _orders(env, company, way, partners, products):
    values, dates = [], []
    for document, lines in company.live(way):
        partner = partners[document["customer"]]
        dates.append(document["date"].date())
        values.append(
            {
                "partner_id": partner.id,
                "user_id": partner.user_id.id,
                "client_order_ref": purchase_number(document["reference"]),
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": products[line.product].id,
                            "product_uom_qty": line.quantity,
                            "price_unit": line.price,
                            "discount": line.discount,
                        },
                    )
                    for line in lines.itertuples()
                ],
            }
        )
    return env["sale.order"].create(values), dates


def purchase_number(reference):
    """Return the number of the customer's own purchase order."""
    return f"PO{reference[-5:]}"


def _date(orders, dates):
    """Give each order its day and a time at work: they do not all come at noon.

    Not by their ids: these are others where an interrupted build had begun.
    """
    for number, (order, day) in enumerate(zip(orders, dates, strict=True)):
        minutes = 8 * 60 + number * 37 % (9 * 60)
        order.date_order = datetime.combine(day, time()) + timedelta(minutes=minutes)


def _deliver(orders):
    """Deliver all of most orders, half of every ninth, nothing yet of the newest."""
    newest = max(orders.mapped("date_order")) - timedelta(5)
    for number, order in enumerate(orders):
        if order.date_order > newest:
            continue
        lines = order.order_line
        if number % 9 == 4 and len(lines) > 1:
            lines = lines[: len(lines) // 2]
        for line in lines:
            line.qty_delivered = line.product_uom_qty
