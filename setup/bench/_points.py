"""Clubs, members and cards of points for benchmarks, and a process that is killed."""

import os
import signal

from odoo import SUPERUSER_ID, api, sql_db
from odoo.fields import Command

CARDS = """
    INSERT INTO loyalty_card (program_id, company_id, partner_id, points, code, active,
                              create_date, write_date)
    SELECT %(program)s, %(company)s, id, 0, 'B' || %(program)s || '-' || id, true,
           now(), now()
      FROM res_partner WHERE name LIKE 'Bench %%' ORDER BY id LIMIT %(cards)s
"""

ACCOUNTS = """
    INSERT INTO dcrm_points_account (club_id, company_id, card_id, partner_id, balance,
                                     pending, debt, create_date, write_date)
    SELECT %(club)s, %(company)s, id, partner_id, 0, 0, 0, now(), now()
      FROM loyalty_card WHERE program_id = %(program)s ORDER BY id
"""

# The database makes the lots, and moves balances and cards along, as always.
CREDITS = """
    INSERT INTO dcrm_points_move (account_id, card_id, club_id, company_id, kind, date,
                                  day, points, pending, expires_on, create_date,
                                  write_date)
    SELECT account.id, account.card_id, account.club_id, account.company_id, 'earn',
           now() AT TIME ZONE 'UTC', %(today)s, 10 + lot, 0,
           %(today)s + CASE WHEN lot %% 2 = 0 THEN -1 ELSE 100 END * lot, now(), now()
      FROM dcrm_points_account account
     CROSS JOIN generate_series(1, %(lots)s) AS lot
     WHERE account.club_id = %(club)s AND account.id %% %(parts)s = %(part)s
"""

# Points come and go, so that lots are used up as they are in years.
HISTORY = """
    INSERT INTO dcrm_points_move (account_id, card_id, club_id, company_id, kind, date,
                                  day, points, pending, create_date, write_date)
    SELECT id, card_id, club_id, company_id, 'earn', now() AT TIME ZONE 'UTC',
           %(today)s, 10, 0, now(), now()
      FROM dcrm_points_account CROSS JOIN generate_series(1, %(moves)s)
     WHERE id = %(account)s
"""


def make_program(env, company):
    """Return a program that gives a point for each unit of money spent."""
    return env["loyalty.program"].create(
        {
            "name": "Bench",
            "program_type": "loyalty",
            "applies_on": "both",
            "trigger": "auto",
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "rule_ids": [
                Command.create(
                    {
                        "reward_point_mode": "money",
                        "reward_point_amount": 1,
                        "minimum_qty": 0,
                    }
                )
            ],
            "reward_ids": [
                Command.create(
                    {
                        "reward_type": "discount",
                        "discount_mode": "per_order",
                        "discount": 10,
                        "required_points": 50,
                    }
                )
            ],
        }
    )


def make_club(env, company):
    """Return a club whose points are those of a program of its own."""
    return env["dcrm.club"].create(
        {
            "name": "Bench",
            "company_id": company.id,
            "program_id": make_program(env, company).id,
        }
    )


def fill(env, club, cards, lots, parts=10):
    """Give so many customers an account with so many lots; half have expired."""
    values = {
        "club": club.id,
        "program": club.program_id.id,
        "company": club.company_id.id,
        "today": club.company_id._customer_today(),
        "cards": cards,
        "lots": lots,
        "parts": parts,
    }
    env.flush_all()
    for statement in (CARDS, ACCOUNTS):
        env.cr.execute(statement, values)
    env.cr.commit()
    for part in range(parts):
        env.cr.execute(CREDITS, {**values, "part": part})
        env.cr.commit()
    analyze(env)
    env.invalidate_all()


def add_history(env, account, moves):
    """Give an account so many moves."""
    env.flush_all()
    env.cr.execute(
        HISTORY,
        {
            "account": account.id,
            "moves": moves,
            "today": account.company_id._customer_today(),
        },
    )
    env.cr.commit()
    env.invalidate_all()


def analyze(env):
    env.cr.execute(
        "ANALYZE res_partner, loyalty_card, dcrm_points_account, dcrm_points_move,"
        " dcrm_points_lot, dcrm_points_use"
    )
    env.cr.commit()


def die_in(env, work):
    """Do work in a process of its own, which is to end by ``os.kill``; wait for it.

    :param work: takes an environment
    :return: the number of the signal that ended the process, 0 for none
    """
    pid = os.fork()
    if not pid:
        try:
            # The connections that this process has inherited are its parent's.
            sql_db._Pool = sql_db._Pool_readonly = None
            registry = env.registry
            registry._db = sql_db.db_connect(env.cr.dbname)
            with registry.cursor() as cr:
                work(api.Environment(cr, SUPERUSER_ID, env.context))
        finally:
            os._exit(0)
    _pid, status = os.waitpid(pid, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def kill_me():
    os.kill(os.getpid(), signal.SIGKILL)
