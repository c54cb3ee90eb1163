"""The points of the club: fifteen months of them, and what happened to them lately."""

from contextlib import contextmanager
from datetime import datetime, time, timedelta
from functools import partial
from unittest.mock import patch

import liability
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
LATELY = 66  # days
BUYERS, ROUNDS = 16, 3  # of those with the fewest points, each orders so often
RETURNS = (3, 9, 20, 33)  # of these orders, one line each
CANCELLED = 25
QUANTITIES = (3, 5, 8, 6)


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
    events = [
        event
        for event in _collecting(env, club, company.last_day)
        if event[0] < _first_day(company)
    ]
    _live(env, events)
    return f"{len(events)} months of members,"


def _first_day(company):
    return company.last_day - timedelta(LATELY)


def _collecting(env, club, until):
    """Return ``[(day, what happens)]``: a member collects the points of a month."""
    rng = np.random.default_rng(20)
    return [
        (
            month + timedelta(int(rng.integers(0, 27))),
            partial(_collect, env, club, partner, amount, rng.spawn(1)[0]),
        )
        for month, partner, amount in _bought(env, club, until)
    ]


def _live(env, events):
    """Let what happens happen, on its day and one after the other."""
    for day, event in sorted(events, key=lambda each: each[0]):
        with as_of(env, day):
            event()


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
    """Sell to members in the last weeks: points earn, wait, are used and taken back.

    What the invoices grant is deferred, and closed at the end of each month.
    """
    club = env["dcrm.club"].search([("program_id", "!=", False)], limit=1)
    start = _first_day(company)
    liability.defer(env, club, start)
    sold = {}
    events = [
        event
        for day, partner, number in _orders(env, club, start)
        for event in _ordering(env, partner, day, number, sold)
    ]
    events += [
        event for event in _collecting(env, club, company.last_day) if event[0] >= start
    ]
    events += liability.closings(club, start, company.last_day)
    _live(env, events)
    with as_of(env, company.last_day):
        env["dcrm.points.account"]._release_due()
        sold[CANCELLED]._action_cancel()
        _owe(env, club, sold)
        _return(sold, RETURNS[-1], one=True)
    return f"{len(sold)} orders,"


def _orders(env, club, start):
    """Return ``[(day, partner, number)]`` of the orders, spread over the weeks."""
    accounts = env["dcrm.points.account"].search(
        [("club_id", "=", club.id), ("partner_id", "!=", False)],
        order="balance, id",
        limit=BUYERS,
    )
    days = np.linspace(0, LATELY - 2, BUYERS * ROUNDS).astype(int)
    return [
        (
            start + timedelta(int(day)),
            accounts[number % len(accounts)].partner_id,
            number,
        )
        for number, day in enumerate(days)
    ]


def _ordering(env, partner, day, number, sold):
    """Return an order's ``[(day, what happens)]``: sold, billed, some returned."""
    events = [(day, partial(_order, env, partner, number, sold))]
    if number != CANCELLED:
        bill = partial(_bill, env, sold, number)
        events.append((day + timedelta(1), bill))
    if number in RETURNS[:-1]:
        back = partial(_return, sold, number, one=True)
        events.append((day + timedelta(7), back))
    return events


def _order(env, partner, number, sold):
    products = env["product.product"].search(
        [("default_code", "!=", False), ("type", "=", "consu")],
        order="default_code",
    )
    lines = [products[(number * 7 + step * 11) % len(products)] for step in (0, 1)]
    env["dcrm.points.account"]._release_due()
    sold[number] = _sell(env, partner, lines, number)


def _sell(env, partner, products, number):
    """Return a confirmed order; some use a reward where there is one."""
    made = env["sale.order"].create(
        {
            "partner_id": partner.id,
            "user_id": partner.user_id.id,
            "order_line": [
                (
                    0,
                    0,
                    {
                        "product_id": product.id,
                        "product_uom_qty": QUANTITIES[number % 4],
                    },
                )
                for product in products
            ],
        }
    )
    if number >= BUYERS and number % 3:
        made._update_programs_and_rewards()
        for card, rewards in made._get_claimable_rewards().items():
            made._apply_program_reward(rewards.sorted("required_points")[-1], card)
            break
    made.action_confirm()
    return made


def _bill(env, sold, number):
    for line in sold[number].order_line.filtered("product_id"):
        line.qty_delivered = line.product_uom_qty
    invoice = sold[number]._create_invoices()
    invoice.invoice_date = env.company._customer_today()
    add_costs(env, invoice)
    invoice.action_post()


def _owe(env, club, sold):
    """Let a member use everything, and then return what brought some of it."""
    account = env["dcrm.points.account"]._find(club, sold[0].partner_id)
    account._lock()  # what has expired by now is not to be had
    account._post("redeem", -account.balance, reason="Gifts at the counter")
    _return(sold, 0)


def _return(sold, number, one=False):
    """Credit the invoice of an order, or its last line."""
    day = sold[number].company_id._customer_today()
    refund = sold[number].invoice_ids._reverse_moves(
        [{"invoice_date": day, "date": day, "ref": "Returned goods"}]
    )
    if one:
        lines = refund.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and line.price_subtotal > 0
        )
        keep_only(refund, lines[-1])
    refund.action_post()
