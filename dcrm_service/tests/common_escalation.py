"""A team with a ladder, somebody on each of its rungs, and the hours of a Wednesday."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command

from .common import ServiceCase

# A Wednesday, 10:00 in Brussels; the team works until 17:00 there.
BEGIN = "2026-03-04 09:00:00"
# Answers are promised in four hours: until 14:00 in Brussels.
DUE = "2026-03-04 13:00:00"


class EscalationCase(ServiceCase):
    """Team A has a ladder: its agent is warned an hour before, then it climbs.

    ``cls.customer`` is who ``seller`` sells to; ``lead``, ``boss`` and ``sponsor`` are
    users of company A who may read its tickets.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        agent = "dcrm_service.group_service_agent"
        for role in ("lead", "boss", "sponsor"):
            cls.users[role] = cls.make_user(role, agent, cls.company_a)
        for role, user in cls.users.items():
            user.partner_id.email = f"{role.replace('_', '-')}@ours.example"
        cls.team_a.write(
            {"lead_id": cls.users["lead"].id, "manager_id": cls.users["boss"].id}
        )
        cls.customer = cls("ticket").partner("Bistro", seller="seller")
        cls.customer.email = "who@bistro.example"
        cls.customer.with_company(cls.company_a).executive_sponsor_id = cls.users[
            "sponsor"
        ]
        cls.promise = cls.env["dcrm.sla.policy"].create(
            {
                "name": "Everyone",
                "company_id": cls.company_a.id,
                "first_response_hours": 4,
            }
        )
        cls.ladder = cls.make_ladder()

    @classmethod
    def make_ladder(cls, team=None, steps=None, **values):
        """Return a ladder; ``steps``: (when, minutes, role, minutes to accept)."""
        values = {"name": "Ladder", "team_id": (team or cls.team_a).id, **values}
        if steps is not None:
            values["step_ids"] = [
                Command.create(
                    {
                        "timing": timing,
                        "minutes": minutes,
                        "role": role,
                        "timer_minutes": timer,
                    }
                )
                for timing, minutes, role, timer in steps
            ]
        return cls.env["dcrm.escalation.policy"].create(values)

    def setUp(self):
        super().setUp()
        # What is committed as a batch ends is kept until the test ends.
        self.patch(self.env.cr, "commit", lambda: None)
        self.freezer = None
        self.now(BEGIN)
        self.addCleanup(lambda: self.freezer.stop())

    def now(self, text):
        """Let it be a UTC instant from now on."""
        if self.freezer:
            self.freezer.stop()
        self.freezer = freeze_time(text)
        self.freezer.start()

    def later(self, **span):
        self.now(fields.Datetime.now() + timedelta(**span))

    def run_at(self, text=None):
        """Let the scheduled action run at a UTC instant, or now."""
        if text:
            self.now(text if len(text) > 5 else f"2026-03-04 {text}:00")
        self.env["dcrm.sla.clock"]._climb_due()
        self.env.invalidate_all()

    def late(self, **values):
        """Return a ticket of the customer, assigned to the agent."""
        values = {"user_id": self.users["agent"].id, **values}
        return self.ticket(values.pop("partner", self.customer), **values)

    def clock(self, ticket):
        return ticket.clock_ids.filtered(lambda clock: not clock.reached_at)

    def notices(self, ticket):
        return self.env["dcrm.escalation.notice"].search(
            [("ticket_id", "=", ticket.id)], order="id"
        )

    def said(self, ticket):
        """Return [(role, state)] of all notices of a ticket, the first first."""
        return [
            ("end" if notice.is_end else notice.role, notice.state)
            for notice in self.notices(ticket)
        ]

    def asked(self, ticket):
        """Return the role's name of whom a ticket asks now, ``None``: nobody."""
        open_ = self.notices(ticket).filtered(lambda notice: notice.state == "open")
        self.assertLessEqual(len(open_), 1)
        names = {user: role for role, user in self.users.items()}
        return names.get(open_.user_id)

    def absent(self, role, hours=48):
        """Let a role's user be on leave from now on."""
        user = self.users[role]
        resource = self.env["resource.resource"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": self.company_a.id,
                "calendar_id": self.hours_a.id,
            }
        )
        now = fields.Datetime.now()
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": resource.id,
                "calendar_id": self.hours_a.id,
                "date_from": now,
                "date_to": now + timedelta(hours=hours),
            }
        )
