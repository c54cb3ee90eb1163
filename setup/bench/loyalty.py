"""What the ledger of points costs, and how much it bears, in one run.

    ./setup/dcrm bench loyalty [--orders 60] [--threads 50] [--cards 200000]
                               [--lots 10]

It prints

- orders: confirming an order at a company with a loyalty program of the host alone, and
  at one whose club keeps the program's points in the ledger, in turn and each with and
  without a reward: milliseconds (median), the ratio (median of the pairs, with its
  quartiles) and queries;
- at once: so many threads redeem until there is nothing left, from one card and each
  from its own: how many a second, how often another came first, and what is overspent,
  which has to be nothing;
- expiry: the scheduled action over so many cards with so many lots each, half of which
  have expired. It is killed in the middle of a batch half way, and run again;
- statement: balance and statement of members with 10 and with 10,000 moves.
"""

import argparse
import random
import statistics
import sys
import threading
import time

from _measuring import CUSTOMERS, say
from _points import add_history, die_in, fill, kill_me, make_club, make_program

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import mute_logger

KINDS = ("bare host", "club and ledger")
REDEEMED = 10.0


# -- orders --------------------------------------------------------------------------


class Orders:
    """Two companies that sell the same, one with a club; customers have cards."""

    def __init__(self, env):
        self.env = env(context={**env.context, "mail_notrack": True})
        self.sides = {}
        for kind in KINDS:
            company = self.env["res.company"].create({"name": f"Bench {kind}"})
            if kind == KINDS[0]:
                program = make_program(self.env, company)
            else:
                program = make_club(self.env, company).program_id
            product = self.env["product.product"].create(
                {"name": "Bench", "list_price": 100.0, "taxes_id": [Command.clear()]}
            )
            customer = self.env["res.partner"].create({"name": f"Bench {kind}"})
            self.sides[kind] = (company, program, product, customer)
            card = self.env["loyalty.card"].create(
                {"program_id": program.id, "partner_id": customer.id}
            )
            card.with_context(dcrm_points_reason="Bench").points = 1e6
        self.env.cr.commit()

    def confirm(self, kind, rewarded):
        """Return seconds and queries of confirming one order."""
        company, program, product, customer = self.sides[kind]
        order = (
            self.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": customer.id,
                    "company_id": company.id,
                    "order_line": [
                        Command.create(
                            {"product_id": product.id, "product_uom_qty": quantity}
                        )
                        for quantity in (1, 2, 3)
                    ],
                }
            )
        )
        if rewarded:
            order._update_programs_and_rewards()
            [card] = order._get_claimable_rewards()
            order._apply_program_reward(program.reward_ids, card)
        self.env.flush_all()
        self.env.cr.commit()
        self.env.invalidate_all()
        queries, started = self.env.cr.sql_log_count, time.perf_counter()
        order.action_confirm()
        self.env.cr.commit()
        seconds = time.perf_counter() - started
        return seconds, self.env.cr.sql_log_count - queries

    def measure(self, count):
        print(f"\nConfirming an order, {count} of each")
        print(f"{'':32}{'ms':>8}{'ratio':>8}{'quartiles':>14}{'queries':>9}")
        for rewarded in (False, True):
            pairs = []
            for number in range(count + 3):
                # Each goes first as often as the other.
                kinds = KINDS if number % 2 else KINDS[::-1]
                pair = {kind: self.confirm(kind, rewarded) for kind in kinds}
                if number >= 3:
                    pairs.append(pair)
            for kind in KINDS:
                self.tell(kind, rewarded, pairs)

    def tell(self, kind, rewarded, pairs):
        seconds = statistics.median(pair[kind][0] for pair in pairs)
        queries = statistics.median(pair[kind][1] for pair in pairs)
        ratios = [pair[kind][0] / pair[KINDS[0]][0] for pair in pairs]
        low, middle, high = statistics.quantiles(ratios, n=4)
        name = f"{kind}, {'with' if rewarded else 'without'} reward"
        print(
            f"{name:32}{1000 * seconds:8.1f}{middle:8.3f}{low:8.2f}–{high:.2f}"
            f"{queries:9.0f}",
            flush=True,
        )


# -- at once -------------------------------------------------------------------------


class Redeeming(threading.Thread):
    """Redeems from an account, as requests do, until there is not enough."""

    def __init__(self, registry, account_id, most):
        super().__init__()
        self.registry, self.account_id, self.most = registry, account_id, most
        self.redeemed = self.beaten = 0

    def run(self):
        while self.redeemed < self.most and self.redeem():
            self.redeemed += 1

    def redeem(self):
        tries = 0
        while True:
            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    account = env["dcrm.points.account"].browse(self.account_id)
                    account._post("redeem", -REDEEMED)
                return True
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # As the host does, and never given up.
                tries, self.beaten = tries + 1, self.beaten + 1
                time.sleep(random.uniform(0, min(2**tries / 20, 2)))
            except UserError:
                return False


def redeem_at_once(env, threads, each=20):
    club = make_club(env, env["res.company"].create({"name": "Bench at once"}))
    partners = env["res.partner"].create(
        [{"name": f"Bench {number}"} for number in range(threads)]
    )
    accounts = [env["dcrm.points.account"]._open(club, each) for each in partners]
    print(f"\n{threads} threads redeem at once")
    print(f"{'':16}{'redeemed':>10}{'a second':>10}{'beaten':>10}{'overspent':>10}")
    for name, used in (("one card", accounts[:1]), ("a card each", accounts)):
        for account in used:
            # A little less than is asked for in all.
            wanted = REDEEMED * each * threads / len(used)
            account._post("import", wanted - REDEEMED * 0.5)
        env.cr.commit()
        before = sum(account.balance for account in used)
        racers = [
            Redeeming(env.registry, used[number % len(used)].id, each)
            for number in range(threads)
        ]
        started = time.perf_counter()
        # Who is beaten tries again: that is no error.
        with mute_logger("odoo.sql_db"):
            for racer in racers:
                racer.start()
            for racer in racers:
                racer.join()
        seconds = time.perf_counter() - started
        env.invalidate_all()
        redeemed = sum(racer.redeemed for racer in racers)
        overspent = max(0, REDEEMED * redeemed - before) - sum(
            min(0, account.balance) for account in used
        )
        print(
            f"{name:16}{redeemed:10}{redeemed / seconds:10.1f}"
            f"{sum(racer.beaten for racer in racers):10}{overspent:10.1f}",
            flush=True,
        )
        env.cr.commit()


# -- expiry --------------------------------------------------------------------------


def state(env, club):
    """Return on how many accounts points are left, how many, and how many expired."""
    env.cr.execute(
        """
        SELECT count(*), sum(balance), (
                SELECT count(*) FROM dcrm_points_move
                 WHERE club_id = %(club)s AND kind = 'expire'
               )
          FROM dcrm_points_account WHERE club_id = %(club)s AND balance = %(left)s
        """,
        {"club": club.id, "left": club.env.context["bench_left"]},
    )
    return env.cr.fetchone()


def expire(env, cards, lots):
    company = env["res.company"].create({"name": "Bench expiry"})
    club = make_club(env, company)
    env.cr.execute(CUSTOMERS, {"customers": cards})
    started = time.perf_counter()
    fill(env, club, cards, lots)
    say(f"made {cards:,} cards of {lots} lots in {time.perf_counter() - started:.0f} s")
    left = sum(10 + lot for lot in range(1, lots + 1) if lot % 2)
    club = club.with_context(bench_left=left)
    print(f"\nExpiry over {cards:,} cards with {cards * lots:,} lots")
    started = time.perf_counter()
    signal = die_in(env, lambda inside: expire_and_die(inside, cards // 2))
    killed = time.perf_counter() - started
    env.cr.rollback()
    half, _points, _moves = state(env, club)
    print(f"killed by signal {signal} after {killed:.1f} s, with {half:,} cards done")
    env.cr.commit()
    queries, started = env.cr.sql_log_count, time.perf_counter()
    env["dcrm.points.account"]._expire_due()
    seconds = time.perf_counter() - started
    print(
        f"run again: {seconds:.1f} s, {env.cr.sql_log_count - queries} queries, "
        f"{(cards - half) / seconds:,.0f} cards a second"
    )
    done, points, moves = state(env, club)
    right = (done, points, moves) == (cards, left * cards, cards)
    print(
        f"{done:,} cards have {points:,.0f} points after {moves:,} expiries: "
        f"{'as if never killed' if right else 'WRONG'}",
        flush=True,
    )


def expire_and_die(env, cards):
    """Expire, and be killed in the middle of the batch that reaches so many cards."""
    accounts = type(env["dcrm.points.account"])
    whole, done = accounts._expire_batch, []

    def batch(self, *args, **kwargs):
        last, count = whole(self, *args, **kwargs)
        done.append(count)
        if sum(done) > cards:
            kill_me()
        return last, count

    accounts._expire_batch = batch
    env["dcrm.points.account"]._expire_due()


# -- statement -----------------------------------------------------------------------


def state_accounts(env, shown=20):
    club = make_club(env, env["res.company"].create({"name": "Bench statement"}))
    print("\nBalance and statement")
    print(f"{'moves':>8}{'ms':>8}{'queries':>9}")
    for moves in (10, 10_000):
        partner = env["res.partner"].create({"name": f"Bench {moves}"})
        account = env["dcrm.points.account"]._open(club, partner)
        add_history(env, account, moves)
        taken = []
        for _run in range(6):
            env.invalidate_all()
            queries, started = env.cr.sql_log_count, time.perf_counter()
            account._statement()
            account._history(
                account.move_ids.search([("account_id", "=", account.id)], limit=shown)
            )
            seconds = time.perf_counter() - started
            taken.append((seconds, env.cr.sql_log_count - queries))
        seconds = statistics.median(each[0] for each in taken[1:])
        print(f"{moves:8,}{1000 * seconds:8.1f}{taken[-1][1]:9}", flush=True)


def arguments():
    parser = argparse.ArgumentParser(prog="dcrm bench loyalty")
    parser.add_argument("--orders", type=int, default=60, metavar="N")
    parser.add_argument("--threads", type=int, default=50, metavar="N")
    parser.add_argument("--cards", type=int, default=200_000, metavar="N")
    parser.add_argument("--lots", type=int, default=10, metavar="N")
    return parser.parse_args(sys.argv[1:])


def main(env, options):
    Orders(env).measure(options.orders)
    redeem_at_once(env, options.threads)
    state_accounts(env)
    expire(env, options.cards, options.lots)


main(env, arguments())  # noqa: F821 - whoever runs the file gives it its environment
