"""What the tests of service levels stand on: policies, customers, a clock to turn."""

from datetime import datetime
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from .common import ServiceCase

UTC = ZoneInfo("UTC")


def utc(text, zone="Europe/Brussels"):
    """Return the naive UTC instant of a time in a zone."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC).replace(tzinfo=None)


class SlaCase(ServiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.premier, cls.preferred, cls.standard = (
            cls.env.ref(f"dcrm_analytics.service_level_{name}")
            for name in ("premier", "preferred", "standard")
        )
        cls.everyone = cls.policy("Everyone", 8, 40)

    @classmethod
    def policy(cls, name, answer=0, solution=0, company=None, **values):
        return cls.env["dcrm.sla.policy"].create(
            {
                "name": name,
                "company_id": (company or cls.company_a).id,
                "first_response_hours": answer,
                "resolution_hours": solution,
                **values,
            }
        )

    def partner(self, name=None, **values):
        """Return a customer whom an e-mail reaches."""
        values.setdefault("email", f"c{next(self.numbers)}@customer.example")
        return super().partner(name, **values)

    def served(self, level, company=None):
        """Return a customer who has a service level in a company."""
        partner = self.partner()
        partner.with_company(company or self.company_a).service_level_id = level
        return partner

    def clock(self, ticket, target="first_response"):
        return ticket.clock_ids.filtered(lambda clock: clock.target == target)

    def states(self, ticket):
        return tuple(
            self.clock(ticket, target).state
            for target in ("first_response", "resolution")
        )

    def assertDue(self, ticket, answer, zone="Europe/Brussels"):
        self.assertEqual(ticket.first_response_deadline, utc(answer, zone))


class CourseCase(SlaCase):
    """Tests begin on Wednesday, 4 March 2026, at 10:00 in Brussels."""

    def setUp(self):
        super().setUp()
        self.freezer = freeze_time()
        self.addCleanup(self.now("2026-03-04 10:00").stop)

    def now(self, text):
        self.freezer = freeze_time(utc(text))
        self.frozen = self.freezer.start()
        self.env.invalidate_all()
        return self.freezer

    def later(self, text):
        self.frozen.move_to(utc(text))
        self.env.invalidate_all()

    def notice(self):
        """Run the cron that notices what has passed."""
        self.run_cron("cron_notice_breaches")

    def found(self, ticket, model="dcrm.ticket", field="sla_state"):
        """Return the states in which a search finds the ticket or its clocks."""
        domain = [("id", "in", ticket.ids)]
        return [
            state
            for state in ("running", "at_risk", "paused", "met", "breached", False)
            if self.env[model].search([*domain, (field, "=", state)])
        ]

    def answer(self, ticket, role="agent", **values):
        """Write to the ticket's contact."""
        values.setdefault("partner_ids", ticket.partner_id.ids)
        return ticket.with_env(self.env_as(role)).message_post(
            body="We are on it.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **values,
        )

    def write_as_customer(self, ticket, **values):
        """Post what the customer writes to a ticket."""
        return ticket.message_post(
            body="It still leaks.",
            author_id=ticket.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **values,
        )

    def changes(self, clock):
        """Return the reasons for which a deadline was set anew, the first one first."""
        return clock.change_ids.sorted("id").mapped("reason")


class PauseCase(CourseCase):
    """Tests begin with a ticket that was answered, and may wait for the customer."""

    def setUp(self):
        super().setUp()
        self.asked = self.ticket(self.partner())
        self.answer(self.asked)

    def wait(self, text="2026-03-04 12:00"):
        self.later(text)
        self.asked.stage_id = self.stage_waiting

    def solution(self):
        return self.clock(self.asked, "resolution")

    def interaction(self, text, **values):
        return self.env["dcrm.interaction"].create(
            {
                "subject": "It leaks",
                "partner_id": self.asked.partner_id.id,
                "company_id": self.company_a.id,
                "date": utc(text),
                "direction": "in",
                "channel": "phone",
                "ticket_id": self.asked.id,
                **values,
            }
        )
