"""A company's service desk for benchmarks: a team, its customers, tickets and talks."""

import time

from _measuring import say

from odoo.fields import Command

CUSTOMERS = 90
PASSWORD = "bench"

# The first hundred are open, and a twentieth of the others. They are all late: what is
# opened beside them comes after them.
TICKETS = """
    INSERT INTO dcrm_ticket (name, number, company_id, team_id, stage_id, partner_id,
                             commercial_partner_id, user_id, priority, active, channel,
                             email_from, opened_at, first_response_at, closed_at,
                             first_response_deadline, resolution_deadline,
                             next_deadline, create_date, write_date)
    SELECT 'Filled ' || n, 'F' || n, %(company)s, %(team)s,
           CASE WHEN is_open THEN (%(open)s)[1 + n %% %(stages)s] ELSE %(closed)s END,
           customer.id, customer.id, %(agent)s, '0', true, 'email',
           customer.email, d, d + interval '1 hour',
           CASE WHEN NOT is_open THEN d + interval '1 day' END,
           d + interval '8 hours', d + interval '5 days',
           CASE WHEN is_open THEN d + interval '5 days' END, d, d
      FROM (SELECT n, n <= 100 OR n %% 20 = 0 AS is_open,
                   now() AT TIME ZONE 'UTC' - interval '1 month'
                       - interval '1 minute' * n AS d
              FROM generate_series(%(first)s, %(last)s) AS n) AS made
      JOIN (SELECT id, email, row_number() OVER (ORDER BY id) - 1 AS k
              FROM res_partner WHERE id = ANY(%(customers)s)) AS customer
        ON customer.k = n %% %(kinds)s
"""

CLOCKS = """
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
     WHERE ticket.team_id = %(team)s AND ticket.name LIKE 'Filled %%'
       AND NOT EXISTS (SELECT FROM dcrm_sla_clock clock
                        WHERE clock.ticket_id = ticket.id)
"""

# A talk about each; the first customer has the first hundred, and a sixteenth of the
# others: ten thousand of 160,000.
TALKS = """
    INSERT INTO dcrm_interaction (subject, active, date, channel, direction, partner_id,
                                  commercial_partner_id, user_id, company_id, ticket_id,
                                  create_date, write_date)
    SELECT 'Talk ' || ticket.name, true, ticket.opened_at,
           (ARRAY['phone', 'email', 'visit'])[1 + ticket.id %% 3], 'in', customer,
           customer, ticket.user_id, ticket.company_id, ticket.id,
           ticket.create_date, ticket.create_date
      FROM (SELECT *, substr(number, 2)::integer AS n FROM dcrm_ticket
             WHERE team_id = %(team)s AND name LIKE 'Filled %%') AS ticket,
           LATERAL (SELECT CASE WHEN n <= 100 OR n %% 16 = 0 THEN %(first_customer)s
                                ELSE ticket.partner_id END AS customer) AS whose
     WHERE n BETWEEN %(first)s AND %(last)s
"""


class Desk:
    """A team with its working hours, five service policies, customers of each service
    level, an agent and a customer who has the portal."""

    def __init__(self, env):
        company = env["res.company"].create({"name": "Bench"})
        env.user.company_ids |= company
        env = env(context=dict(env.context, allowed_company_ids=company.ids))
        domain = env["mail.alias.domain"].create({"name": "bench.example"})
        company.alias_domain_id = domain
        self.env, self.company = env, company
        self.team = self._team()
        levels = env["dcrm.service.level"].search([])
        self.policies = self._policies(levels)
        self.customers = env["res.partner"].create(
            [
                {"name": f"Bench {n}", "email": f"{n}@customer.example"}
                for n in range(CUSTOMERS)
            ]
        )
        for position, level in enumerate(levels):
            self.customers[position :: len(levels)].service_level_id = level
        self.agent = self._user("agent", "dcrm_service.group_service_agent")
        self.buyer = self._user("buyer", "base.group_portal")
        self.buyer.partner_id.parent_id = self.customers[0]
        self.filled = 0
        # The gateway's guard against loops would end the bench.
        env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 10**9)
        env.cr.commit()

    def _team(self):
        teams = self.env["dcrm.ticket.team"]
        teams.search([("company_id", "=", self.company.id)]).active = False
        return teams.create(
            {
                "name": "Bench",
                "company_id": self.company.id,
                "alias_name": "bench",
                "resource_calendar_id": self._hours().id,
            }
        )

    def _hours(self):
        opened = [
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
        ]
        return self.env["resource.calendar"].create(
            {
                "name": "Bench",
                "company_id": self.company.id,
                "tz": "Europe/Brussels",
                "attendance_ids": [Command.clear(), *opened],
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

    def _user(self, name, group):
        users = self.env["res.users"].with_context(no_reset_password=True)
        return users.create(
            {
                "name": f"Bench {name}",
                "login": f"bench_{name}",
                "password": PASSWORD,
                "email": f"{name}@customer.example",
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [Command.set(self.env.ref(group).ids)],
            }
        )

    def fill(self, tickets):
        """Have so many tickets beside those that are opened, and a talk about each."""
        started = time.perf_counter()
        stages = self.env["dcrm.ticket.stage"].search([])
        opened = stages.filtered(lambda stage: not stage.is_closed)
        values = {
            "company": self.company.id,
            "team": self.team.id,
            "open": opened.ids,
            "stages": len(opened),
            "closed": (stages - opened)[0].id,
            "agent": self.agent.id,
            "policy": self.policies[0].id,
            "customers": self.customers.ids,
            "kinds": len(self.customers),
            "first_customer": self.customers[0].id,
            "first": self.filled + 1,
            "last": tickets,
        }
        # The rows are right by construction: checking their foreign keys takes longest.
        self.env.cr.execute("SET LOCAL session_replication_role = replica")
        for statement in (TICKETS, CLOCKS, TALKS):
            self.env.cr.execute(statement, values)
        self.env.cr.commit()
        self.env.cr.execute("ANALYZE dcrm_ticket, dcrm_sla_clock, dcrm_interaction")
        self.env.cr.commit()
        self.env.invalidate_all()
        made, self.filled = tickets - self.filled, tickets
        say(f"made {made:,} tickets in {time.perf_counter() - started:.0f} s")
