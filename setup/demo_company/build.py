"""Build the demo company in a database: run with ``env`` in scope.

    ./setup/dcrm shell --db NAME setup/demo_company/build.py

Each stage commits; a later run goes on after the last stage that was finished. The last
one is always taken, since a newer version of the addons may know more of old customers.
Progress is printed to standard error.
"""

import json
import sys
import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

import accounts
import care
import club
import company as generator
import desk
import offers
import points
import sales
import scores
import staff
import worth

PARAMETER = "dcrm.demo_company"
STAGES = (
    ("the company", staff.set_up_company),
    ("the people", staff.hire),
    ("the catalogue", sales.stock),
    ("the customers", sales.meet_customers),
    ("three years of history", sales.import_history),
    ("orders and quotations", sales.sell),
    ("terms of payment", worth.set_rules),
    ("invoices", accounts.bill),
    ("payments and refunds", accounts.settle),
    ("what was owed before", worth.bring_over),
    ("what was not won", offers.offer),
    ("what selling cost", offers.spend_on_selling),
    ("what customers spend", worth.ask_spending),
    ("weeks of scores", scores.score_weeks),
    ("a club and its members", club.found),
    ("bundles", club.bundle),
    ("bundles sold", club.sell_bundles),
    ("people who answer", care.hire_agents),
    ("what helps them", desk.furnish),
    ("what was said", care.talk),
    ("what was asked", care.answer),
    ("what came of it", desk.work),
    ("what climbs", desk.climb),
    ("fifteen months of points", points.collect),
    ("points on orders", points.order),
    ("scores up to now", scores.score_now),
)


def build(env, last_day):
    """Take the stages that are left, as of a day that the first run decides."""
    state = json.loads(env["ir.config_parameter"].get_param(PARAMETER, "{}"))
    state.setdefault("last_day", last_day.isoformat())
    state.setdefault("done", [])
    company = generator.generate(date.fromisoformat(state["last_day"]))
    for number, (name, stage) in enumerate(STAGES, 1):
        if name in state["done"] and number < len(STAGES):
            continue
        started = time.monotonic()
        say(f"[{number}/{len(STAGES)}] {name} …")
        told = stage(env, company) or ""
        state["done"] = [*dict.fromkeys((*state["done"], name))]
        env["ir.config_parameter"].set_param(PARAMETER, json.dumps(state))
        env.flush_all()
        # A stage is worth keeping: an interrupted build goes on after it.
        env.cr.commit()  # pylint: disable=invalid-commit
        env.invalidate_all()
        say(f"[{number}/{len(STAGES)}] {name}: {told} {seconds(started)}")


def seconds(started):
    return f"({time.monotonic() - started:.1f} s)"


def say(text):
    print(text, file=sys.stderr, flush=True)


def main(env):
    day = datetime.now(ZoneInfo(staff.ZONE)).date()
    quiet = {
        "tracking_disable": True,
        "mail_create_nosubscribe": True,
        "no_reset_password": True,
        "lang": "en_US",
    }
    build(env(context=dict(env.context, **quiet)), day)


main(env)
