"""The scheduled action that climbs ladders, beside the bare SQL that finds the due."""

import statistics
import time

from _measuring import say

from odoo.fields import Command
from odoo.tools import SQL

RUNS = 3
PEOPLE = 20

# Every tenth ticket is not answered yet; all are to be solved within ten days.
TICKETS = """
    INSERT INTO dcrm_ticket (name, number, company_id, team_id, stage_id, partner_id,
                             commercial_partner_id, user_id, priority, active,
                             email_from, opened_at, first_response_at,
                             first_response_deadline, resolution_deadline,
                             next_deadline, create_date, write_date)
    SELECT 'Open ' || n, 'O' || n, %(company)s, %(team)s, %(stage)s, customer.id,
           customer.id, (%(people)s)[1 + n %% %(count)s], '0', true,
           customer.email, d, CASE WHEN n %% 10 > 0 THEN d + interval '1 hour' END,
           due, due, due, d, d
      FROM (SELECT n, now() AT TIME ZONE 'UTC' - interval '1 second' * n AS d,
                   date_trunc('second', now() AT TIME ZONE 'UTC')
                       + interval '1 day' + interval '7 seconds' * n AS due
              FROM generate_series(1, %(tickets)s) AS n) AS made
      JOIN (SELECT id, email, row_number() OVER (ORDER BY id) - 1 AS k
              FROM res_partner WHERE id = ANY(%(customers)s)) AS customer
        ON customer.k = n %% %(kinds)s;
    INSERT INTO dcrm_sla_clock (ticket_id, company_id, target, policy_id,
                                promised_hours, started_at, deadline, reached_at,
                                missed, create_date, write_date)
    SELECT ticket.id, ticket.company_id, target, %(policy)s, 80, ticket.opened_at,
           ticket.resolution_deadline,
           CASE target WHEN 'first_response' THEN ticket.first_response_at END,
           false, ticket.create_date, ticket.create_date
      FROM dcrm_ticket ticket
     CROSS JOIN unnest(ARRAY['first_response', 'resolution']) AS target
     WHERE ticket.team_id = %(team)s
"""

# What has to be found, from the facts themselves: open deadlines of teams with a
# ladder of whose steps one is due, where nobody has time left to accept another.
DUE = """
    SELECT clock.id, step.id
      FROM dcrm_sla_clock clock
      JOIN dcrm_ticket ticket ON ticket.id = clock.ticket_id
      JOIN dcrm_escalation_policy policy
        ON policy.team_id = ticket.team_id AND policy.active
      JOIN LATERAL (
           SELECT step.id FROM dcrm_escalation_step step
            WHERE step.policy_id = policy.id
              AND clock.deadline + step.offset * interval '1 minute'
                  <= now() AT TIME ZONE 'UTC'
              AND NOT EXISTS (
                  SELECT FROM dcrm_escalation_notice notice
                   WHERE notice.clock_id = clock.id AND notice.step_id = step.id
                     AND notice.state <> 'obsolete')
            ORDER BY step.offset, step.sequence, step.id LIMIT 1
      ) step ON TRUE
     WHERE clock.reached_at IS NULL AND clock.deadline IS NOT NULL
       AND ticket.active AND ticket.team_id = %(team)s
       AND NOT EXISTS (
           SELECT FROM dcrm_escalation_notice notice
            WHERE notice.clock_id = clock.id AND notice.state IN ('open', 'accepted')
              AND COALESCE(notice.expires_at > now() AT TIME ZONE 'UTC', TRUE))
"""

# So many of them were due a minute ago.
LATE = """
    UPDATE dcrm_sla_clock
       SET deadline = date_trunc('second', now() AT TIME ZONE 'UTC')
                      - interval '1 minute',
           climb_at = now() AT TIME ZONE 'UTC' - interval '1 minute'
     WHERE id IN (
           SELECT clock.id FROM dcrm_sla_clock clock
             JOIN dcrm_ticket ticket ON ticket.id = clock.ticket_id
            WHERE ticket.team_id = %(team)s AND clock.target = 'resolution'
              AND clock.reached_at IS NULL AND clock.deadline > now()
            ORDER BY clock.id LIMIT %(due)s)
"""


class Escalation:
    """A team with so many open tickets and a ladder."""

    def __init__(self, env, tickets):
        company = env["res.company"].create({"name": "Bench Ladders"})
        env.user.company_ids |= company
        quiet = {"tracking_disable": True, "mail_auto_subscribe_no_notify": True}
        self.quiet = env(
            context={**env.context, **quiet, "allowed_company_ids": company.ids}
        )
        env = env(context={**env.context, "allowed_company_ids": company.ids})
        self.env, self.company, self.tickets = env, company, tickets
        self.people = self._people()
        hours = env["resource.calendar"].create(
            {
                "name": "Always",
                "company_id": company.id,
                "attendance_ids": [Command.clear()],
            }
        )
        self.team = env["dcrm.ticket.team"].create(
            {
                "name": "Bench Ladders",
                "company_id": company.id,
                "resource_calendar_id": hours.id,
                "lead_id": self.people[0].id,
                "manager_id": self.people[1].id,
            }
        )
        started = time.perf_counter()
        self._fill()
        say(f"made {tickets:,} open tickets in {time.perf_counter() - started:.0f} s")

    def _people(self):
        agent = self.env.ref("dcrm_service.group_service_agent")
        users = self.env["res.users"].with_context(no_reset_password=True)
        return users.create(
            [
                {
                    "name": f"Bench {number}",
                    "login": f"bench_ladder_{number}",
                    "email": f"ladder{number}@bench.example",
                    "company_id": self.company.id,
                    "company_ids": [Command.set(self.company.ids)],
                    "group_ids": [Command.link(agent.id)],
                }
                for number in range(PEOPLE)
            ]
        )

    def _fill(self):
        env = self.quiet
        customers = env["res.partner"].create(
            [
                {
                    "name": f"Bench {number}",
                    "email": f"c{number}@bench.example",
                    "user_id": self.people[number % PEOPLE].id,
                }
                for number in range(1000)
            ]
        )
        policy = env["dcrm.sla.policy"].create(
            {
                "name": "Bench",
                "company_id": self.company.id,
                "team_ids": [Command.set(self.team.ids)],
                "resolution_hours": 80,
            }
        )
        values = {
            "company": self.company.id,
            "team": self.team.id,
            "stage": env["dcrm.ticket.stage"]
            .search([("is_closed", "=", False)], limit=1)
            .id,
            "people": self.people.ids,
            "count": PEOPLE,
            "customers": customers.ids,
            "kinds": len(customers),
            "policy": policy.id,
            "tickets": self.tickets,
        }
        env.flush_all()
        # The rows are right by construction: checking their foreign keys takes longest.
        env.cr.execute("SET LOCAL session_replication_role = replica")
        env.cr.execute(TICKETS, values)
        env.cr.commit()
        env.cr.execute("ANALYZE dcrm_ticket, dcrm_sla_clock, res_partner")
        env.cr.commit()
        env.invalidate_all()

    # -- what is measured --------------------------------------------------------------

    def switch_on(self):
        self.env["dcrm.escalation.policy"].create(
            {"name": "Bench", "team_id": self.team.id}
        )

    def climb(self):
        self.env["dcrm.sla.clock"]._climb_due()

    def seconds(self, run):
        self.env.invalidate_all()
        before, started = self.env.cr.sql_log_count, time.perf_counter()
        worked = time.process_time()
        run()
        self.env.cr.commit()
        return (
            time.perf_counter() - started,
            time.process_time() - worked,
            self.env.cr.sql_log_count - before,
        )

    def find(self):
        """Return the median seconds of the bare SQL, and how many it finds."""
        seconds = []
        for _run in range(RUNS):
            started = time.perf_counter()
            self.env.cr.execute(DUE, {"team": self.team.id})
            found = self.env.cr.fetchall()
            seconds.append(time.perf_counter() - started)
        return statistics.median(seconds), len(found)

    def make_late(self, due):
        self.env.cr.execute(LATE, {"team": self.team.id, "due": due})
        self.env.cr.commit()
        self.env.cr.execute(SQL("ANALYZE dcrm_sla_clock"))
        self.env.cr.commit()


def measure(env, tickets, due):
    """Print what the scheduled action takes over so many open tickets.

    :param int tickets: how many are open
    :param list due: of how many of them somebody is to be told, one after another
    """
    bench = Escalation(env, tickets)
    print(f"\nEscalation over {tickets:,} open tickets")
    heads = (
        ("seconds", 9),
        ("of CPU", 8),
        ("bare SQL", 10),
        ("ratio", 8),
        ("queries", 9),
    )
    print(f"{'':34}{''.join(f'{head:>{size}}' for head, size in heads)}{'told':>7}")
    rows = [("switching a ladder on", bench.switch_on, None)]
    rows += [("the first look at all of them", bench.climb, None)]
    rows += [("nobody to be told", bench.climb, 0)]
    rows += [(f"{count:,} to be told", bench.climb, count) for count in due]
    for name, run, count in rows:
        if count:
            bench.make_late(count)
        bare, found = bench.find() if count is not None else (None, None)
        before = env["dcrm.escalation.notice"].search_count([])
        seconds, worked, queries = bench.seconds(run)
        told = env["dcrm.escalation.notice"].search_count([]) - before
        figures = f"{1000 * bare:8.0f}ms{seconds / bare:8.1f}" if bare else f"{'':18}"
        print(
            f"{name:34}{seconds:9.2f}{worked:8.2f}{figures}{queries:9}{told:7}",
            flush=True,
        )
        if found is not None and told < found:
            raise SystemExit(f"{found} were due, and {told} were told.")
