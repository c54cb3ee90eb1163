"""What a ticket is from its opening to its end."""

from datetime import datetime

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ServiceCase


@tagged("post_install", "-at_install")
class TestTicket(ServiceCase):
    def env_ticket(self, role, ticket):
        return ticket.with_env(self.env_as(role))

    def make(self, role, **values):
        return self.env_as(role)["dcrm.ticket"].create({"name": "Leaks", **values})

    # -- opening ---------------------------------------------------------------------

    def test_an_agent_opens_one_with_a_subject_alone(self):
        ticket = self.make("agent")
        self.assertEqual(ticket.company_id, self.company_a)
        self.assertEqual(ticket.team_id, self.team_a)
        self.assertEqual(ticket.stage_id, self.stage_new)
        self.assertTrue(ticket.number)
        self.assertFalse(ticket.closed_at)
        self.assertEqual(ticket.display_name, f"{ticket.number} Leaks")
        self.assertIn(ticket, ticket.search([("display_name", "ilike", ticket.number)]))

    def test_the_team_of_who_opens_it_comes_first(self):
        mine = self.make_team(
            "Mine", self.company_a, sequence=999, member_ids=self.users["agent"].ids
        )
        self.assertEqual(self.make("agent").team_id, mine)
        self.assertEqual(self.make("other_agent").team_id, self.team_a)

    def test_the_company_follows_the_team(self):
        ticket = self.env["dcrm.ticket"].create(
            {"name": "Leaks", "team_id": self.team_b.id}
        )
        self.assertEqual(ticket.company_id, self.company_b)
        ticket = self.env["dcrm.ticket"].create(
            {"name": "Leaks", "company_id": self.company_b.id}
        )
        self.assertEqual(ticket.team_id, self.team_b)

    def test_a_company_without_teams_has_tickets_all_the_same(self):
        company = self.make_company("C", self.eur, "UTC")
        ticket = self.env["dcrm.ticket"].create(
            {"name": "Leaks", "company_id": company.id}
        )
        self.assertFalse(ticket.team_id)
        self.assertEqual(ticket.stage_id, self.stage_new)

    def test_numbers_are_the_companys_and_are_given_once(self):
        # New companies: what a sequence gave once no test takes back.
        one, other = (
            self.make_team(name, self.make_company(name, self.eur, "UTC"))
            for name in ("One", "Other")
        )
        tickets = self.env["dcrm.ticket"].create(
            [{"name": "Leaks", "team_id": team.id} for team in (one, other, one)]
        )
        self.assertEqual(tickets.mapped("number"), ["T00001", "T00001", "T00002"])
        self.assertEqual(self.ticket(team=one).number, "T00003")
        self.assertEqual(tickets[0].copy().number, "T00004")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            tickets[0].write({"number": "T00002"})
            self.env.flush_all()

    def test_numbers_whatever_the_sequence_is_made_to_be(self):
        sequence = self.env["ir.sequence"].search(
            [("code", "=", "dcrm.ticket"), ("company_id", "=", self.company_a.id)]
        )
        sequence.write({"implementation": "no_gap", "prefix": "%(year)s/"})
        tickets = self.env["dcrm.ticket"].create(
            [{"name": "One", "team_id": self.team_a.id}] * 3
        )
        self.assertEqual(len(set(tickets.mapped("number"))), 3)
        self.assertIn(f"{datetime.now().year}/", tickets[0].number)
        sequence.unlink()
        self.assertEqual(self.ticket().number, "T00001")

    def test_the_customer_is_the_contacts_company(self):
        customer = self.partner()
        contact = self.partner(parent_id=customer.id, email="ann@customer.example")
        ticket = self.ticket(contact)
        self.assertEqual(ticket.commercial_partner_id, customer)
        self.assertEqual(ticket.email_from, "ann@customer.example")
        ticket.partner_id = self.partner()
        self.assertEqual(ticket.commercial_partner_id, ticket.partner_id)
        # Where answers went to stays known as long as nothing better is.
        self.assertEqual(ticket.email_from, "ann@customer.example")
        self.assertNoViolations()

    def test_who_finds_a_company_takes_the_tickets_along(self):
        lone, customer = self.partner(), self.partner()
        ticket = self.ticket(lone)
        lone.parent_id = customer
        self.assertEqual(ticket.commercial_partner_id, customer)
        self.assertNoViolations()

    def test_who_leaves_a_company_leaves_its_tickets_there(self):
        """Or the next employer's people would read them in the portal."""
        old, new = self.partner(), self.partner()
        contact = self.partner(parent_id=old.id)
        ticket = self.ticket(contact)
        contact.parent_id = new
        self.assertEqual(ticket.commercial_partner_id, old)
        self.assertEqual(self.ticket(contact).commercial_partner_id, new)
        self.assertNoViolations()

    def test_merged_contacts(self):
        customer = self.partner(email="one@customer.example")
        into = self.partner(parent_id=customer.id, email="two@customer.example")
        lone = self.partner(email="two@customer.example")
        kept, taken = self.ticket(into), self.ticket(lone)
        closed = self.ticket(lone, stage_id=self.stage_solved.id)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((into | lone).ids, into, extra_checks=False)
        for ticket in kept | taken | closed:
            self.assertEqual(ticket.partner_id, into)
            self.assertEqual(ticket.commercial_partner_id, customer)
        self.assertNoViolations()

    # -- stages ----------------------------------------------------------------------

    def test_stages_of_other_teams_are_not_for_this_one(self):
        theirs = self.env["dcrm.ticket.stage"].create(
            {"name": "Workshop", "sequence": 1, "team_ids": self.team_b.ids}
        )
        self.assertEqual(self.ticket(team=self.team_b).stage_id, theirs)
        ticket = self.ticket()
        self.assertEqual(ticket.stage_id, self.stage_new)
        columns = ticket._read_group_stage_ids(ticket.stage_id, [])
        self.assertNotIn(theirs, columns)
        columns = ticket.with_context(
            default_team_id=self.team_b.id
        )._read_group_stage_ids(ticket.stage_id, [])
        self.assertEqual(columns[0], theirs)
        other = self.make_team("Other", self.company_a)
        theirs.team_ids = other
        ticket.write({"team_id": other.id, "stage_id": theirs.id})
        ticket.team_id = self.team_a
        self.assertEqual(ticket.stage_id, self.stage_new)

    def test_a_stage_keeps_closing_what_it_closed(self):
        self.ticket(stage_id=self.stage_solved.id)
        with self.assertRaisesRegex(UserError, "move them first"):
            self.stage_solved.is_closed = False
        self.stage_waiting.is_closed = True

    def test_without_any_stage(self):
        self.env["dcrm.ticket.stage"].search([]).active = False
        ticket = self.ticket()
        self.assertFalse(ticket.stage_id)
        self.assertFalse(ticket.closed_at)
        ticket._go_on()
        self.assertNoViolations()

    # -- what the system says of it ----------------------------------------------------

    def test_agents_do_not_write_what_the_system_says(self):
        ticket = self.ticket(self.partner())
        moment = datetime(2026, 3, 2, 9)
        for values in (
            {"opened_at": moment},
            {"first_response_at": moment},
            {"closed_at": moment},
            {"number": "T1"},
            {"service_level_id": False},
            {"commercial_partner_id": self.partner().id},
        ):
            with self.subTest(values=values):
                with self.assertRaisesRegex(AccessError, "Only the system sets these"):
                    self.env_ticket("agent", ticket).write(values)
                with self.assertRaisesRegex(AccessError, "Only the system sets these"):
                    self.make("agent", **values)

    def test_managers_bring_in_old_tickets(self):
        ticket = self.make(
            "service_manager",
            opened_at=datetime(2025, 3, 3, 9),
            first_response_at=datetime(2025, 3, 3, 10),
            closed_at=datetime(2025, 3, 4, 10),
            stage_id=self.stage_solved.id,
            number="OLD-7",
        )
        self.assertEqual(ticket.number, "OLD-7")
        self.assertEqual(ticket.closed_at, datetime(2025, 3, 4, 10))
        self.assertNoViolations()

    def test_instants_that_cannot_be(self):
        opened = datetime(2025, 3, 3, 9)
        for values in (
            {"first_response_at": datetime(2025, 3, 2)},
            {"closed_at": datetime(2025, 3, 2), "stage_id": self.stage_solved.id},
            {"closed_at": datetime(2025, 3, 5), "stage_id": self.stage_new.id},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.make("service_manager", opened_at=opened, **values)

    def test_a_ticket_stays_in_its_company(self):
        ticket = self.ticket()
        with self.assertRaisesRegex(UserError, "stays in the company"):
            ticket.company_id = self.company_b
        with self.assertRaises(UserError):
            ticket.team_id = self.team_b
            self.env.flush_all()

    def test_what_belongs_to_another_company_is_refused(self):
        stranger = self.partner(company_id=self.company_b.id)
        for values in (
            {"partner_id": stranger.id},
            {"user_id": self.users["agent_b"].id},
            {"team_id": self.team_b.id},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.env["dcrm.ticket"].create(
                    {"name": "Leaks", "company_id": self.company_a.id, **values}
                )
                self.env.flush_all()

    # -- answers -----------------------------------------------------------------------

    def say(self, ticket, role, **values):
        values = {
            "body": "Hello",
            "message_type": "comment",
            "subtype_xmlid": "mail.mt_comment",
            **values,
        }
        return self.env_ticket(role, ticket).message_post(**values)

    def test_what_is_an_answer_and_what_is_not(self):
        customer = self.partner(email="ann@customer.example")
        ticket = self.ticket(customer)
        self.say(ticket, "agent", subtype_xmlid="mail.mt_note")
        ticket.message_post(
            body="I wait.",
            author_id=customer.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.say(ticket, "agent", message_type="notification")
        self.say(ticket, "agent")
        self.assertFalse(ticket.first_response_at)
        self.say(ticket, "agent", partner_ids=customer.ids)
        first = ticket.first_response_at
        self.assertTrue(first)
        self.say(ticket, "other_agent", partner_ids=customer.ids)
        self.assertEqual(ticket.first_response_at, first)

    def test_who_asked_does_not_answer_by_asking_again(self):
        colleague = self.users["nobody"]
        ticket = self.ticket(colleague.partner_id)
        ticket.message_post(
            body="I wait.",
            author_id=colleague.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertFalse(ticket.first_response_at)
        self.say(ticket, "agent")
        self.assertTrue(ticket.first_response_at)

    def test_the_customers_word_goes_on_with_it(self):
        customer = self.partner()
        ticket = self.ticket(customer)
        for stage in (self.stage_waiting, self.stage_solved):
            ticket.stage_id = stage
            self.say(ticket, "agent")
            self.assertEqual(ticket.stage_id, stage)
            ticket.message_post(
                body="It leaks again.",
                author_id=customer.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
            self.assertEqual(ticket.stage_id, self.stage_progress)
            self.assertFalse(ticket.closed_at)

    def test_sellers_speak_in_the_tickets_that_they_see(self):
        customer = self.partner(seller="seller", email="ann@customer.example")
        ticket = self.ticket(customer)
        ticket.message_subscribe(customer.ids)
        self.say(ticket, "seller")
        self.assertTrue(ticket.first_response_at)
        with self.assertRaises(AccessError):
            self.say(ticket, "other_seller")
