"""How long an order of bundles takes beside the same parts bought singly, in one run.

    ./setup/dcrm bench bundle [--orders 20] [--bundles 5] [--parts 4]

Each order is of so many different bundles, each of so many parts. For both kinds it
prints what quoting, confirming and invoicing takes: milliseconds an order, as median of
all orders and as ratio of the same order without bundles, and the number of queries.
"""

import argparse
import itertools
import statistics
import sys
import time
from collections import defaultdict

from odoo.fields import Command

STEPS = ("quote", "confirm", "invoice")
KINDS = ("parts singly", "as bundles")


def main(env, options):
    env = env(context=dict(env.context, mail_notrack=True, tracking_disable=True))
    bundles = list(make_bundles(env, options))
    customer = env["res.partner"].create({"name": "Bench customer"})
    env.cr.commit()
    taken = defaultdict(list)
    # In turn, so that what the machine does meanwhile befalls both alike; the first
    # order of each warms the caches up and doesn't count.
    for number, kind in itertools.product(range(options.orders + 1), KINDS):
        env.invalidate_all()
        lines = of_bundles(bundles) if kind == KINDS[1] else of_parts(bundles)
        for step, took in sell(env, customer, lines):
            if number:
                taken[kind, step].append(took)
    count = options.bundles
    say(f"Orders of {count} bundles of {options.parts} parts, {options.orders} of each")
    for step, kind in itertools.product((*STEPS, "all"), KINDS):
        report(taken, step, kind)


def make_bundles(env, options):
    """Yield bundles that share no part."""
    for bundle in range(options.bundles):
        parts = env["product.product"].create(
            [
                {
                    "name": f"Part {bundle}.{part}",
                    "type": "consu",
                    "invoice_policy": "order",
                    "list_price": 10.01 + part,
                }
                for part in range(options.parts)
            ]
        )
        choices = env["product.combo"].create(
            [
                {
                    "name": part.name,
                    "combo_item_ids": [
                        Command.create({"product_id": part.id, "quantity": 2})
                    ],
                }
                for part in parts
            ]
        )
        yield env["product.template"].create(
            {
                "name": f"Bundle {bundle}",
                "type": "combo",
                "is_bundle": True,
                "bundle_discount": 10,
                "combo_ids": [Command.set(choices.ids)],
            }
        )


def of_bundles(bundles):
    return [order_line(bundle.product_variant_id, 1) for bundle in bundles]


def of_parts(bundles):
    items = [item for bundle in bundles for item in bundle.combo_ids.combo_item_ids]
    return [order_line(item.product_id, item.quantity) for item in items]


def order_line(product, quantity):
    return Command.create({"product_id": product.id, "product_uom_qty": quantity})


def sell(env, customer, lines):
    """Yield (step, (seconds, queries)) of one order."""
    order = env["sale.order"]

    def quote():
        nonlocal order
        order = order.create({"partner_id": customer.id, "order_line": lines})

    def confirm():
        order.action_confirm()

    def invoice():
        order._create_invoices().action_post()

    for step, act in zip(STEPS, (quote, confirm, invoice), strict=True):
        env.flush_all()
        queries, started = env.cr.sql_log_count, time.perf_counter()
        act()
        env.cr.commit()
        yield step, (time.perf_counter() - started, env.cr.sql_log_count - queries)


def report(taken, step, kind):
    steps = STEPS if step == "all" else (step,)

    def median(what, kind):
        each = zip(*(taken[kind, name] for name in steps), strict=True)
        return statistics.median(sum(took[what] for took in order) for order in each)

    seconds, queries = median(0, kind), median(1, kind)
    ratio = seconds / median(0, KINDS[0])
    say(
        f"{step:8} {kind:13} {seconds * 1000:8.1f} ms {ratio:6.2f} × "
        f"{queries:6.0f} queries"
    )


def arguments():
    parser = argparse.ArgumentParser(prog="dcrm bench bundle")
    parser.add_argument("--orders", type=int, default=20, help="orders of each kind")
    parser.add_argument("--bundles", type=int, default=5, help="bundles in an order")
    parser.add_argument("--parts", type=int, default=4, help="parts of a bundle")
    return parser.parse_args(sys.argv[1:])


def say(text):
    print(text, flush=True)


main(env, arguments())  # noqa: F821 (env is in scope)
