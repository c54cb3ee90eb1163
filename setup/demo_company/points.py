"""The points of the club: fifteen months of them, and what happened to them lately."""

from contextlib import contextmanager
from datetime import datetime, time, timedelta
from unittest.mock import patch

import numpy as np
from accounts import add_costs, keep_only
from dateutil.relativedelta import relativedelta

from odoo import fields

PROGRAM = "Chef's Points"
# Points, what they are good for, as fields of the host's reward.
REWARDS = (
    (150, {"discount": 5}),
    (400, {"discount": 15}),
    (1000, {"discount": 120, "discount_mode": "per_order"}),
)
EUROS_A_POINT = 10
MONTHS = 15
PENDING = 14  # days
USED = (0.30, 0.15)  # how often who could uses the second reward, the first
RETURNED, SORRY = 0.03, 0.015
SORRY_FOR = "Late delivery, with our apologies"
LATELY = 40  # days
ORDERS = 26
RETURNS = (3, 9, 16)  # of these orders, one line each
CANCELLED = 25


@contextmanager
def as_of(env, day):
    """Let it be another day, at ten in the morning."""
    moment = datetime.combine(day, time(10))
    with (
        patch.object(type(env.company), "_customer_today", lambda _self: day),
        patch.object(fields.Datetime, "now", staticmethod(lambda: moment)),
    ):
        yield


def collect(env, company):
    """Have the club keep points, and members collect them by what they bought."""
    club = env["dcrm.club"].search([], limit=1)
    club.write(
        {
            "program_id": _program(env).id,
            "earn_on": "invoice",
            "pending_days": PENDING,
            "points_expiry": "earned",
            "expiry_months": 12,
        }
    )
    rng = np.random.default_rng(20)
    bought = _bought(env, club, company.last_day)
    for month, partner, amount in bought:
        day = month + timedelta(int(rng.integers(0, 27)))
        with as_of(env, day):
            _collect(env, club, partner, amount, rng)
    return f"{len(bought)} months of {len({row[1] for row in bought})} members,"


def _program(env):
    """Return the program: a point for every ten euros, and three rewards."""
    return env["loyalty.program"].create(
        {
            "name": PROGRAM,
            "program_type": "loyalty",
            "applies_on": "both",
            "trigger": "auto",
            "portal_visible": True,
            "portal_point_name": "points",
            "company_id": env.company.id,
            "currency_id": env.company.currency_id.id,
            "rule_ids": [
                (
                    0,
                    0,
                    {
                        "reward_point_mode": "money",
                        "reward_point_amount": 1 / EUROS_A_POINT,
                        "minimum_qty": 0,
                    },
                )
            ],
            "reward_ids": [
                (
                    0,
                    0,
                    {"reward_type": "discount", "required_points": points, **values},
                )
                for points, values in REWARDS
            ],
        }
    )


def _bought(env, club, until):
    """Return ``[(month, partner, amount)]`` of members and who is in the portal."""
    members = club.membership_ids.filtered(lambda each: each.state == "active")
    portal = env["res.users"].search([("share", "=", True)]).partner_id
    customers = members.partner_id | portal.commercial_partner_id
    groups = env["dcrm.purchase"]._read_group(
        [
            ("partner_id", "in", customers.ids),
            ("company_id", "=", env.company.id),
            ("date", ">", until - relativedelta(months=MONTHS, day=1)),
            ("date", "<", fields.Date.start_of(until, "month")),
        ],
        ["date:month", "partner_id"],
        ["amount:sum"],
        order="date:month, partner_id",
    )
    return [row for row in groups if row[2] > EUROS_A_POINT]


def _collect(env, club, partner, amount, rng):
    """Let a member collect the points of a month, and maybe use some."""
    account = env["dcrm.points.account"]._open(club, partner)
    day = env.company._customer_today()
    earned = account._post(
        "earn",
        round(amount / EUROS_A_POINT),
        reference=f"Purchases of {day:%B %Y}",
        expires_on=club._last_day_of_points(day),
    )
    rewards = club.program_id.reward_ids.sorted("required_points")[1::-1]
    for reward, often in zip(rewards, USED, strict=True):
        if account.balance >= reward.required_points and rng.random() < often:
            account._post("redeem", -reward.required_points, reason=reward.description)
            break
    if rng.random() < RETURNED:
        account._reverse(earned, round(earned.points / 3), reason="Returned goods")
    if rng.random() < SORRY:
        account._post("adjust", 50, reason=SORRY_FOR)


def order(env, company):
    """Sell to members in the last weeks: points earn, wait, are used and taken back."""
    club = env["dcrm.club"].search([("program_id", "!=", False)], limit=1)
    accounts = env["dcrm.points.account"].search(
        [("club_id", "=", club.id), ("partner_id", "!=", False)],
        order="balance desc, id",
    )
    products = env["product.product"].search(
        [("default_code", "!=", False), ("type", "=", "consu")],
        order="default_code",
    )
    sold = []
    for number in range(ORDERS):
        partner = accounts[number * 4 % len(accounts)].partner_id
        day = company.last_day - timedelta(LATELY - 2 - number * 3 // 2)
        lines = [products[(number * 7 + step * 11) % len(products)] for step in (0, 1)]
        with as_of(env, day):
            env["dcrm.points.account"]._release_due()
            sold.append(_sell(env, partner, lines, number))
        if number != CANCELLED:
            with as_of(env, day + timedelta(1)):
                _bill(env, sold[-1], day + timedelta(1))
    with as_of(env, company.last_day):
        sold[CANCELLED]._action_cancel()
        _owe(env, club, sold[0])
        for number in RETURNS:
            _return(sold[number], company.last_day, one=True)
    return f"{len(sold)} orders,"


def _sell(env, partner, products, number):
    """Return a confirmed order; every fourth uses a reward where there is one."""
    made = env["sale.order"].create(
        {
            "partner_id": partner.id,
            "user_id": partner.user_id.id,
            "order_line": [
                (0, 0, {"product_id": product.id, "product_uom_qty": 2 + number % 5})
                for product in products
            ],
        }
    )
    if number % 4 == 1:
        made._update_programs_and_rewards()
        for card, rewards in made._get_claimable_rewards().items():
            made._apply_program_reward(rewards.sorted("required_points")[-1], card)
            break
    made.action_confirm()
    return made


def _bill(env, sold, day):
    for line in sold.order_line.filtered("product_id"):
        line.qty_delivered = line.product_uom_qty
    invoice = sold._create_invoices()
    invoice.invoice_date = day
    add_costs(env, invoice)
    invoice.action_post()


def _owe(env, club, sold):
    """Let a member use everything, and then return what brought some of it."""
    account = env["dcrm.points.account"]._find(club, sold.partner_id)
    account._lock()  # what has expired by now is not to be had
    account._post("redeem", -account.balance, reason="Gifts at the counter")
    _return(sold, env.company._customer_today())


def _return(sold, day, one=False):
    """Credit the invoice of an order, or its last line."""
    refund = sold.invoice_ids._reverse_moves(
        [{"invoice_date": day, "date": day, "ref": "Returned goods"}]
    )
    if one:
        lines = refund.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and line.price_subtotal > 0
        )
        keep_only(refund, lines[-1])
    refund.action_post()
