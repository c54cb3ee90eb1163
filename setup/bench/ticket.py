"""How long tickets take beside a bare record with a thread, in one run.

    ./setup/dcrm bench ticket [--tickets 160000] [--records 500]

In a company of its own with a team, its working hours, five service policies and as
many customers of each service level, it prints

- bare thread: creating records that have a thread and nothing else of their own (price
  lists), one by one and all at once: the baseline;
- tickets: the same of tickets, with their deadlines;
- by e-mail: tickets that the gateway makes;
- list and counters: a page of eighty tickets by what is due next, and the counters of
  the team;

first in an empty database, then beside so many other tickets, so that growth shows.
Medians of several runs, each in a transaction of its own, committed; queries a record.
"""

import argparse
import statistics
import sys
import time

from odoo.fields import Command

RUNS = 3

FILL = """
    INSERT INTO dcrm_ticket (name, number, company_id, team_id, stage_id, partner_id,
                             commercial_partner_id, service_level_id, priority, active,
                             email_from, opened_at, first_response_at, closed_at,
                             first_response_deadline, resolution_deadline,
                             next_deadline, create_date, write_date)
    SELECT 'Filled ' || n, 'F' || n, %(company)s, %(team)s,
           CASE WHEN n %% 20 = 0 THEN %(open)s ELSE %(closed)s END,
           customer.id, customer.id, NULL, '0', true, 'who' || n || '@bench.example',
           d, d + interval '1 hour',
           CASE WHEN n %% 20 <> 0 THEN d + interval '1 day' END,
           d + interval '8 hours', d + interval '5 days',
           CASE WHEN n %% 20 = 0 THEN d + interval '5 days' END, d, d
      FROM (SELECT n, now() AT TIME ZONE 'UTC' - interval '1 minute' * n AS d
              FROM generate_series(1, %(tickets)s) AS n) AS made
      JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k
              FROM res_partner WHERE name LIKE 'Bench %%') AS customer
        ON customer.k = n %% %(customers)s;
    INSERT INTO dcrm_sla_clock (ticket_id, company_id, target, policy_id,
                                promised_hours, started_at, deadline, reached_at,
                                missed, create_date, write_date)
    SELECT ticket.id, ticket.company_id, target, %(policy)s, 8, ticket.opened_at,
           CASE target WHEN 'resolution' THEN ticket.resolution_deadline
                       ELSE ticket.first_response_deadline END,
           CASE target WHEN 'resolution' THEN ticket.closed_at
                       ELSE ticket.first_response_at END,
           false, ticket.create_date, ticket.create_date
      FROM dcrm_ticket ticket
     CROSS JOIN unnest(ARRAY['first_response', 'resolution']) AS target
     WHERE ticket.name LIKE 'Filled %%'
"""


class Bench:
    """A company with a team, policies and customers, and what is measured in it."""

    def __init__(self, env, records):
        company = env["res.company"].create({"name": "Bench"})
        env.user.company_ids |= company
        env = env(context=dict(env.context, allowed_company_ids=company.ids))
        domain = env["mail.alias.domain"].create({"name": "bench.example"})
        company.alias_domain_id = domain
        self.env, self.company, self.records = env, company, records
        self.team = env["dcrm.ticket.team"].create(
            {
                "name": "Bench",
                "company_id": company.id,
                "alias_name": "bench",
                "resource_calendar_id": self._hours().id,
            }
        )
        levels = env["dcrm.service.level"].search([])
        self.policies = self._policies(levels)
        self.customers = env["res.partner"].create(
            [{"name": f"Bench {n}", "email": f"{n}@bench.example"} for n in range(90)]
        )
        for position, level in enumerate(levels):
            self.customers[position :: len(levels)].service_level_id = level
        # The gateway's guard against loops would end the bench.
        env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 10**9)
        self.mails = 0
        env.cr.commit()

    def _hours(self):
        return self.env["resource.calendar"].create(
            {
                "name": "Bench",
                "company_id": self.company.id,
                "tz": "Europe/Brussels",
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": "Open",
                                "dayofweek": str(day),
                                "hour_from": start,
                                "hour_to": start + 4,
                                "day_period": period,
                            }
                        )
                        for day in range(5)
                        for start, period in ((8, "morning"), (13, "afternoon"))
                    ),
                ],
            }
        )

    def _policies(self, levels):
        narrow = [{"service_level_ids": level.ids} for level in levels]
        cases = [{}, {"priority": "2"}, *narrow][:5]
        return self.env["dcrm.sla.policy"].create(
            [
                {
                    "name": f"Bench {hours}",
                    "company_id": self.company.id,
                    "first_response_hours": hours,
                    "resolution_hours": 5 * hours,
                    **values,
                }
                for hours, values in zip((8, 6, 1, 2, 4), cases, strict=False)
            ]
        )

    def bare(self, count):
        return self.env["product.pricelist"], [
            {"name": f"Bench {n}", "company_id": self.company.id} for n in range(count)
        ]

    def tickets(self, count):
        return self.env["dcrm.ticket"], [
            {
                "name": f"Bench {n}",
                "team_id": self.team.id,
                "partner_id": self.customers[n % len(self.customers)].id,
                "priority": str(n % 4),
            }
            for n in range(count)
        ]

    def singly(self, made):
        model, values = made(self.records // 10)
        for each in values:
            model.create(each)
            self.env.flush_all()

    def together(self, made):
        model, values = made(self.records)
        model.create(values)
        self.env.flush_all()

    def email(self):
        for _number in range(self.records // 10):
            self.mails += 1
            self.env["mail.thread"].message_process(
                None,
                f"From: {self.mails % 90}@bench.example\r\nTo: bench@bench.example\r\n"
                f"Subject: Bench\r\nMessage-Id: <{self.mails}@bench.example>\r\n\r\n"
                "It leaks.",
            )

    def page(self):
        self.env.invalidate_all()
        self.env["dcrm.ticket"].web_search_read(
            [("closed_at", "=", False)],
            {name: {} for name in ("number", "name", "deadline_text", "is_late")}
            | {"commercial_partner_id": {"fields": {"display_name": {}}}},
            limit=80,
            order="next_deadline",
        )

    def counters(self):
        self.env.invalidate_all()
        self.team.read(["open_count", "unassigned_count", "late_count"])

    def measure(self):
        """Return ``{name: (seconds a record, queries a record)}``."""
        one, many = self.records // 10, self.records
        return {
            "bare thread, singly": self._step(one, self.singly, self.bare),
            "tickets, singly": self._step(one, self.singly, self.tickets),
            "bare thread, at once": self._step(many, self.together, self.bare),
            "tickets, at once": self._step(many, self.together, self.tickets),
            "tickets, by e-mail": self._step(one, self.email),
            "page of a list": self._step(1, self.page),
            "counters of a team": self._step(1, self.counters),
        }

    def _step(self, count, run, *args):
        run(*args)
        self.env.cr.commit()
        seconds = []
        for _run in range(RUNS):
            before, started = self.env.cr.sql_log_count, time.perf_counter()
            run(*args)
            self.env.cr.commit()
            seconds.append(time.perf_counter() - started)
            queries = self.env.cr.sql_log_count - before
        return statistics.median(seconds) / count, queries / count

    def fill(self, tickets):
        """Make so many other tickets, set-based."""
        started = time.perf_counter()
        stage = self.env["dcrm.ticket.stage"]
        self.env.cr.execute("SET LOCAL session_replication_role = replica")
        self.env.cr.execute(
            FILL,
            {
                "company": self.company.id,
                "team": self.team.id,
                "open": stage.search([("is_closed", "=", False)], limit=1).id,
                "closed": stage.search([("is_closed", "=", True)], limit=1).id,
                "policy": self.policies[0].id,
                "customers": len(self.customers),
                "tickets": tickets,
            },
        )
        self.env.cr.commit()
        self.env.cr.execute("ANALYZE dcrm_ticket, dcrm_sla_clock")
        self.env.cr.commit()
        self.env.invalidate_all()
        say(f"made {tickets:,} tickets in {time.perf_counter() - started:.0f} s")


def report(title, steps):
    print(f"\n{title}")
    print(f"{'':22}{'ms each':>10}{'ratio':>8}{'queries each':>14}")
    for name, (seconds, queries) in steps.items():
        baseline = steps.get(name.replace("tickets", "bare thread"))
        ratio = f"{seconds / baseline[0]:.2f}" if baseline else ""
        print(f"{name:22}{1000 * seconds:10.2f}{ratio:>8}{queries:14.2f}")
    sys.stdout.flush()


def say(text):
    print(text, file=sys.stderr, flush=True)


def main(env):
    parser = argparse.ArgumentParser(prog="bench ticket", description=__doc__)
    parser.add_argument("--tickets", type=int, default=160_000, metavar="N")
    parser.add_argument("--records", type=int, default=500, metavar="N")
    options = parser.parse_args()
    bench = Bench(env, options.records)
    report("With few tickets", bench.measure())
    bench.fill(options.tickets)
    report(f"Beside {options.tickets:,} tickets", bench.measure())


main(env)  # noqa: F821 - whoever runs the file gives it its environment
