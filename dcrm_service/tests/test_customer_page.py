"""What the page of a customer says of interactions and tickets."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestCustomerPage(InteractionCase):
    def setUp(self):
        super().setUp()
        self.bistro.user_id = self.users["seller"]

    def page(self, role="seller", customer=None):
        self.env.flush_all()
        pages = self.env_as(role)["dcrm.customer.page"]
        return pages.page((customer or self.bistro).id)

    def section(self, page, key):
        return next((each for each in page["sections"] if each["key"] == key), None)

    def lines(self, page, key):
        """Return the lines of a section in their order."""
        blocks = self.section(page, key)["blocks"]
        return [item for block in blocks for item in block["items"]]

    def texts(self, page, key):
        return [line["text"] for line in self.lines(page, key)]

    # -- interactions ----------------------------------------------------------------

    def test_last_interactions(self):
        now = fields.Datetime.now()
        for number in range(7):
            self.log(
                subject=f"Talk {number}",
                channel="visit",
                direction="in",
                date=now - timedelta(number + 1),
            )
        self.log(partner=self.leo, subject="Of the hotel")
        page = self.page()
        self.assertEqual(
            self.texts(page, "contacts"), [f"Talk {number}" for number in range(5)]
        )
        line = self.lines(page, "contacts")[0]
        self.assertEqual(line["detail"], "Visit, from the customer")
        self.assertEqual(line["aside"], "yesterday")

    def test_a_message_is_told_once(self):
        """As the interaction that it made, not as a message beside it."""
        self.long_since()
        self.send("agent", self.jan, [self.jan])
        self.assertTrue(self.interactions(self.bistro))
        self.assertEqual(self.texts(self.page(), "contacts"), ["Our offer"])
        self.assertEqual(
            self.lines(self.page(), "contacts")[0]["detail"], "E-mail, to the customer"
        )

    def test_meetings_ahead(self):
        """What a colleague keeps private has no words here, as in the calendar."""
        self.meeting([self.jan], begin=48, name="Open to all", location="Showroom")
        self.meeting([self.jan], begin=72, name="Secret talk", privacy="private")
        self.meeting(
            [self.jan], begin=96, role="seller", name="Own talk", privacy="private"
        )
        page = self.page()
        self.assertEqual(self.texts(page, "dates"), ["Open to all", "Busy", "Own talk"])
        self.assertEqual(self.lines(page, "dates")[0]["detail"], "Showroom")

    def test_next_step_is_a_date_ahead(self):
        self.log(
            next_step="Send the samples", next_step_date=self.today() + timedelta(5)
        )
        page = self.page()
        self.assertEqual(self.texts(page, "dates"), ["Send the samples"])
        self.assertEqual(self.lines(page, "dates")[0]["aside"], "in 5 days")

    # -- tickets ---------------------------------------------------------------------

    def policy(self, hours):
        return self.env["dcrm.sla.policy"].create(
            {
                "name": "Promise",
                "company_id": self.company_a.id,
                "resolution_hours": hours,
            }
        )

    def test_open_tickets_with_their_deadlines(self):
        self.policy(80)
        soon = self.ticket(self.jan, name="Lid broken")
        solved = self.ticket(self.jan, name="Solved")
        solved.stage_id = self.stage_solved
        self.ticket(self.leo, name="Of the hotel")
        page = self.page()
        self.assertEqual(self.texts(page, "tickets"), ["Lid broken"])
        self.assertIn(soon.number, self.lines(page, "tickets")[0]["detail"])
        self.assertIsNone(self.section(page, "tickets")["tone"])
        self.assertEqual(self.texts(page, "dates"), ["Ticket due: Lid broken"])
        self.assertFalse(
            [text for text in self.texts(page, "next") if soon.number in text]
        )

    def test_late_ticket_is_the_first_thing_to_know(self):
        self.policy(1)
        ticket = self.ticket(
            self.jan, opened_at=fields.Datetime.now() - timedelta(30), name="Lid broken"
        )
        page = self.page()
        self.assertEqual(self.section(page, "tickets")["tone"], "danger")
        self.assertEqual(self.lines(page, "tickets")[0]["tone"], "danger")
        self.assertIn(ticket.number, self.texts(page, "next")[0])

    def test_more_tickets_than_are_shown(self):
        for _number in range(7):
            self.ticket(self.jan)
        section = self.section(self.page(), "tickets")
        [block] = section["blocks"]
        self.assertEqual((len(block["items"]), section["note"]), (5, "7"))
        tickets = self.env["dcrm.ticket"].search(block["more"]["domain"])
        self.assertEqual(len(tickets), 7)

    # -- whose -----------------------------------------------------------------------

    def test_another_company(self):
        self.ticket(self.jan, self.team_b, name="Far ticket")
        self.env["dcrm.interaction"].create(
            {
                "subject": "Far talk",
                "partner_id": self.jan.id,
                "company_id": self.company_b.id,
                "user_id": self.users["manager_ab"].id,
            }
        )
        self.assertNotIn("Far", str(self.page("manager_ab")))

    def test_an_agent_reads_whom_it_talks_to_and_not_what_that_brings(self):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "INSERT INTO dcrm_customer_score "
                "(partner_id, company_id, frequency, monetary) VALUES (%s, %s, 7, 321)",
                self.bistro.id,
                self.company_a.id,
            )
        )
        self.ticket(self.jan, name="Lid broken")
        self.log(subject="Talk")
        page = self.page("agent")
        self.assertEqual(page["header"]["name"], self.bistro.name)
        self.assertEqual(self.texts(page, "tickets"), ["Lid broken"])
        self.assertEqual(self.texts(page, "contacts"), ["Talk"])
        self.assertIn(self.jan.name, self.texts(page, "people"))
        own = {"next", "tickets", "contacts", "dates", "people"}
        self.assertLessEqual({each["key"] for each in page["sections"]}, own)
        self.assertNotIn("321", str(page["sections"]))
        self.assertIn("321", str(self.page("seller")["sections"]))

    def test_who_answers_nobody_has_no_page(self):
        for role in ("nobody", "portal"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.page(role)

    def test_queries_do_not_grow(self):
        costs = []
        for count in (1, 12):
            for _number in range(count):
                self.log()
                self.ticket(self.jan)
            costs.append(self.cost())
        self.assertEqual(costs[0], costs[1])
        self.assertLessEqual(costs[1], 25)

    def cost(self):
        pages = self.env_as("seller")["dcrm.customer.page"]
        for _attempt in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            pages.page(self.bistro.id)
        return self.env.cr.sql_log_count - before
