"""The agent's queue: what is due next first, and of that who is worth most."""

from odoo.tests import tagged

from .common_sla import CourseCase, utc

ORDER = "next_deadline, value_class, customer_danger_since, priority desc, id desc"


@tagged("post_install", "-at_install")
class TestTicketQueue(CourseCase):
    def worth(self, value_class, danger_since=False):
        """Return a customer of a class, who may be in danger of being lost."""
        partner = self.partner()
        self.env["dcrm.customer.score"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company_a.id,
                "value_class": value_class,
                "danger_since": danger_since,
            }
        )
        return partner

    def queue(self, *names, **context):
        tickets = self.env_as("agent")["dcrm.ticket"].with_context(**context)
        return tickets.search([("name", "in", names)], order=ORDER).mapped("name")

    def test_by_deadline_then_by_worth_then_by_danger(self):
        for name, customer, priority in (
            ("c", self.worth("c"), "3"),
            ("b", self.worth("b"), "0"),
            ("b in danger", self.worth("b", "2026-03-01"), "0"),
            ("a", self.worth("a"), "0"),
            ("nobody's", None, "3"),
        ):
            self.ticket(customer, name=name, priority=priority)
        self.ticket(self.worth("c"), name="earlier", opened_at=utc("2026-03-04 09:30"))
        waits = self.ticket(self.worth("a"), name="waits")
        self.answer(waits)
        waits.stage_id = self.stage_waiting
        self.env.flush_all()
        names = ("waits", "c", "nobody's", "b", "a", "b in danger", "earlier")
        self.assertEqual(
            self.queue(*names),
            ["earlier", "a", "b in danger", "b", "c", "nobody's", "waits"],
        )

    def test_the_views_are_in_that_order(self):
        for view_type in ("list", "kanban"):
            arch = self.env_as("agent")["dcrm.ticket"].get_view(view_type=view_type)
            self.assertIn(f'default_order="{ORDER}"', arch["arch"])

    def test_what_is_due_next_and_since_when_it_is_near(self):
        ticket = self.ticket(self.partner())
        answer, solution = self.clock(ticket), self.clock(ticket, "resolution")
        self.assertEqual(ticket.next_at_risk_at, answer.at_risk_at)
        self.assertEqual(ticket.deadline_text, answer.summary)
        self.later("2026-03-04 11:00")
        self.answer(ticket)
        self.assertEqual(ticket.next_at_risk_at, solution.at_risk_at)
        self.assertEqual(ticket.deadline_text, solution.summary)
        ticket.stage_id = self.stage_solved
        self.assertFalse(ticket.next_at_risk_at)
        self.assertFalse(ticket.deadline_text)

    def test_what_waits_for_the_customer_says_so(self):
        self.everyone.next_response_hours = 4
        ticket = self.ticket(self.partner())
        self.answer(ticket)
        ticket.stage_id = self.stage_waiting
        self.assertFalse(ticket.next_deadline)
        self.assertFalse(ticket.next_at_risk_at)
        self.assertEqual(
            ticket.deadline_text, "Solution waits for the customer: 40 h left."
        )
        self.later("2026-03-05 11:00")
        self.write_as_customer(ticket)
        self.assertIn("Next answer due", ticket.deadline_text)
        self.assertEqual(
            ticket.next_at_risk_at, self.clock(ticket, "next_response").at_risk_at
        )

    def test_nothing_promised_nothing_said(self):
        self.everyone.active = False
        ticket = self.ticket(self.partner())
        self.assertFalse(ticket.deadline_text)
        ticket.stage_id = self.stage_waiting
        self.assertFalse(ticket.deadline_text)

    def test_grouped_by_danger_and_by_promise(self):
        safe = self.ticket(self.worth("a"))
        lost = self.ticket(self.worth("a", "2026-02-10"))
        tickets = self.env_as("agent")["dcrm.ticket"]
        groups = tickets.web_read_group(
            [("id", "in", (safe | lost).ids)],
            ["customer_danger_since:month"],
            ["__count"],
        )["groups"]
        self.assertEqual([group["__count"] for group in groups], [1, 1])
