"""What the tests of service stand on: two companies with teams, an agent, a manager.

Company A lives in Brussels, company B in Auckland; each has a team that works Monday
to Friday from 9 to 17 of its own zone (``cls.team_a``, ``cls.team_b``).
"""

from odoo.fields import Command

from odoo.addons.dcrm_analytics.tests.common import DcrmCase

SERVICE_ROLES = {
    "agent": "dcrm_service.group_service_agent",
    "other_agent": "dcrm_service.group_service_agent",
    "service_manager": "dcrm_service.group_service_manager",
}


class ServiceCase(DcrmCase):
    """As ``DcrmCase``, with agents and managers of service, teams and their hours.

    ``cls.users`` has ``agent``, ``other_agent`` and ``service_manager`` of company A,
    ``agent_b`` of company B and ``agent_ab`` of both, besides those of analytics.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hours_a = cls.make_hours(cls.company_a)
        cls.hours_b = cls.make_hours(cls.company_b)
        cls.team_a = cls.make_team("Care A", cls.company_a, cls.hours_a)
        cls.team_b = cls.make_team("Care B", cls.company_b, cls.hours_b)
        cls.stage_new = cls.env.ref("dcrm_service.ticket_stage_new")
        cls.stage_progress = cls.env.ref("dcrm_service.ticket_stage_progress")
        cls.stage_waiting = cls.env.ref("dcrm_service.ticket_stage_waiting")
        cls.stage_solved = cls.env.ref("dcrm_service.ticket_stage_solved")

    @classmethod
    def _make_users(cls):
        outcome = super()._make_users()
        for role, groups in SERVICE_ROLES.items():
            cls.users[role] = cls.make_user(role, groups, cls.company_a)
        agent = SERVICE_ROLES["agent"]
        cls.users["agent_b"] = cls.make_user("agent_b", agent, cls.company_b)
        cls.users["agent_ab"] = cls.make_user("agent_ab", agent, cls.companies)
        return outcome

    @classmethod
    def make_hours(cls, company, hours=((9, 17),), days=range(5), zone=None):
        """Return working hours: the same pairs of hours on each of the days."""
        return cls.env["resource.calendar"].create(
            {
                "name": f"Hours of {company.name}",
                "company_id": company.id,
                "tz": zone or company.partner_id.tz,
                "global_leave_ids": [Command.clear()],
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": "Open",
                                "dayofweek": str(day),
                                "hour_from": start,
                                "hour_to": stop,
                                "day_period": "morning",
                            }
                        )
                        for day in days
                        for start, stop in hours
                    ),
                ],
            }
        )

    @classmethod
    def make_team(cls, name, company, hours=None, **values):
        return cls.env["dcrm.ticket.team"].create(
            {
                "name": name,
                "company_id": company.id,
                "resource_calendar_id": hours and hours.id,
                **values,
            }
        )

    def run_cron(self, name):
        """Run a scheduled action of the addon."""
        cron = self.env.ref(f"dcrm_service.{name}")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def ticket(self, partner=None, team=None, **values):
        """Return a new ticket of team A, or of the given one, for a customer."""
        team = self.team_a if team is None else team
        return self.env["dcrm.ticket"].create(
            {
                "name": f"Ticket {next(self.numbers)}",
                "partner_id": partner and partner.id,
                "team_id": team.id,
                "company_id": (team.company_id or self.company_a).id,
                **values,
            }
        )
