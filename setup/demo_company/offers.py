"""What was offered and not only won: offers turned down, opportunities, their cost."""

from datetime import datetime, time, timedelta

import numpy as np
from company import PILOT_SELLERS, SELLERS
from staff import sellers

LOST_OFFERS = 22
OPPORTUNITIES = 74
LOST_SHARE = 0.4
OPEN = 14  # of the opportunities, the last
SUBJECTS = (
    "New kitchen",
    "Tableware for the terrace",
    "Yearly contract for disposables",
    "Second coffee machine",
    "Glassware for the bar",
    "Linen for a wedding season",
    "Cleaning supplies from one hand",
)
MONTHS = 25
WAGES, TRAVEL = 23_400.0, 5_200.0


def offer(env, company):
    """Make the offers that were turned down, and opportunities won, lost and open."""
    rng = np.random.default_rng(29)
    lost = _lost_offers(env, company, rng)
    leads = _opportunities(env, company, rng) if "crm.lead" in env else ()
    return f"{len(lost)} offers turned down, {len(leads)} opportunities,"


def _lost_offers(env, company, rng):
    customers = _customers(env, company, PILOT_SELLERS)
    products = env["product.product"].search(
        [("default_code", "=like", "EQ%")], order="default_code"
    )
    orders = env["sale.order"].create(
        [
            {
                "partner_id": customer.id,
                "user_id": customer.user_id.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": products[rng.integers(len(products))].id,
                            "product_uom_qty": 1,
                        },
                    )
                ],
            }
            for customer in _some(customers, LOST_OFFERS, rng)
        ]
    )
    orders._action_cancel()
    for number, order in enumerate(orders):
        order.date_order = _instant(company.last_day - timedelta(3 + 5 * number))
    return orders


def _opportunities(env, company, rng):
    customers = _customers(env, company, range(len(SELLERS)))
    stages = env["crm.stage"].search([], order="sequence, id")
    won = stages.filtered("is_won")[:1]
    under_way = stages - stages.filtered("is_won")
    values, closed = [], []
    for number, customer in enumerate(_some(customers, OPPORTUNITIES, rng)):
        is_open = number >= OPPORTUNITIES - OPEN
        is_lost = not is_open and rng.random() < LOST_SHARE
        day = company.last_day - timedelta(int(rng.integers(4, 700)))
        closed.append((None if is_open else day, is_lost))
        stage = under_way[rng.integers(len(under_way))] if is_open or is_lost else won
        values.append(
            {
                "type": "opportunity",
                "name": SUBJECTS[rng.integers(len(SUBJECTS))],
                "partner_id": customer.id,
                "user_id": customer.user_id.id,
                "stage_id": stage.id,
                "expected_revenue": float(rng.integers(12, 160) * 50),
                "date_deadline": company.last_day + timedelta(int(rng.integers(5, 90))),
            }
        )
    leads = env["crm.lead"].create(values)
    lost = leads.browse(
        lead.id for lead, (_day, is_lost) in zip(leads, closed, strict=True) if is_lost
    )
    lost.action_set_lost()
    for lead, (day, _is_lost) in zip(leads, closed, strict=True):
        if day:
            lead.date_closed = _instant(day)
    return leads


def _customers(env, company, numbers):
    """Return the trade's customers of some sellers, by their references."""
    users = [sellers(env)[number].id for number in numbers]
    return env["res.partner"].search(
        [
            ("ref", "in", list(company.customers["ref"])),
            ("is_company", "=", True),
            ("user_id", "in", users),
        ],
        order="ref",
    )


def _some(customers, count, rng):
    return [customers[number] for number in rng.integers(len(customers), size=count)]


def _instant(day):
    return datetime.combine(day, time(10, 20))


def spend_on_selling(env, company):
    """Post what selling cost, month by month: wages of the sellers, travel, fairs."""
    rng = np.random.default_rng(31)
    account = env["account.account"].search(
        [
            *env["account.account"]._check_company_domain(env.company),
            ("name", "=", "Sales Expenses"),
        ],
        limit=1,
    )
    bank = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
    )
    first = company.last_day.replace(day=1)
    moves = []
    for month in range(MONTHS, 0, -1):
        day = first - timedelta(1)
        first = day.replace(day=1)
        travel = round(
            TRAVEL * rng.uniform(0.6, 1.5) * (1 + 0.4 * (day.month in (5, 9)))
        )
        paid = {"Wages of the sellers": WAGES - 90 * month, "Travel and fairs": travel}
        moves.append(
            {
                "move_type": "entry",
                "ref": f"Selling {day:%m/%Y}",
                "date": day,
                "line_ids": [
                    *(
                        (
                            0,
                            0,
                            {"account_id": account.id, "name": name, "debit": amount},
                        )
                        for name, amount in paid.items()
                    ),
                    (
                        0,
                        0,
                        {
                            "account_id": bank.default_account_id.id,
                            "name": "Paid",
                            "credit": sum(paid.values()),
                        },
                    ),
                ],
            }
        )
    env["account.move"].create(moves[::-1]).action_post()
    env.company.selling_cost_account_ids = account
    return f"{MONTHS} months,"
