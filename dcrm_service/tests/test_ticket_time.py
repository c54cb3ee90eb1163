"""Time spent on tickets, and what it costs in the customer's profit."""

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ServiceCase


@tagged("post_install", "-at_install")
class TestTicketTime(ServiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent, cls.other = cls.users["agent"], cls.users["other_agent"]
        cls.team_a.hourly_cost = 60.0
        cls.team_b.hourly_cost = 3000.0
        cls.env["dcrm.ticket.agent"].create(
            {
                "team_id": cls.team_a.id,
                "user_id": cls.other.id,
                "hourly_cost": 90.0,
            }
        )
        for company in cls.companies:
            company.customer_worth = True
        cls.served = [
            ("source", "=", "service"),
            ("company_id", "in", cls.companies.ids),
        ]

    def setUp(self):
        super().setUp()
        self.customer = self.partner("Bistro", is_company=True)
        self.work = self.ticket(self.customer)

    def spend(self, minutes, ticket=None, user=None, **values):
        return self.env["dcrm.ticket.time"].create(
            {
                "ticket_id": (ticket or self.work).id,
                "user_id": (user or self.agent).id,
                "date": self.today(),
                "minutes": minutes,
                **values,
            }
        )

    def as_(self, record, role):
        return record.with_env(self.env_as(role))

    def profit(self, partner=None, company=None):
        """Return ``(cost to serve, profit)`` of a customer as the P&L has it."""
        rows = self.env["dcrm.customer.profit"].search(
            [
                ("partner_id", "=", (partner or self.customer).id),
                ("company_id", "=", (company or self.company_a).id),
            ]
        )
        return sum(rows.mapped("service_cost")), sum(rows.mapped("profit"))

    def refresh_all(self):
        self.env.flush_all()
        self.refresh(*self.companies)

    # -- entering it -----------------------------------------------------------------

    def test_an_agent_enters_time_on_the_ticket(self):
        entries = self.env_as("agent")["dcrm.ticket.time"]
        with Form(entries.with_context(default_ticket_id=self.work.id)) as form:
            form.minutes = 25
            form.note = "Called back"
        entry = self.work.time_ids
        self.assertEqual(entry.user_id, self.agent)
        self.assertEqual(entry.partner_id, self.customer)
        self.assertEqual(entry.company_id, self.company_a)
        self.assertEqual(entry.cost, 25.0)
        self.assertEqual(self.work.minutes_spent, 25)

    def test_each_at_their_own_cost(self):
        self.assertEqual(self.spend(30).cost, 30.0)
        self.assertEqual(self.spend(30, user=self.other).cost, 45.0)
        team = self.make_team("Free", self.company_a)
        self.assertEqual(self.spend(30, self.ticket(self.customer, team)).cost, 0.0)

    def test_rounded_as_the_currency_is(self):
        self.team_a.hourly_cost = 50.0
        self.assertEqual(self.spend(1).cost, 0.83)
        far = self.ticket(self.customer, self.team_b)
        entry = self.spend(1, far, self.users["agent_b"])
        self.assertEqual((entry.currency_id, entry.cost), (self.jpy, 50.0))
        self.team_b.hourly_cost = 50.0
        self.assertEqual(self.spend(1, far, self.users["agent_b"]).cost, 1.0)

    def test_what_an_hour_costs_later_changes_nothing_before(self):
        entry = self.spend(60)
        self.team_a.hourly_cost = 100.0
        self.assertEqual(entry.cost, 60.0)
        self.assertEqual(self.spend(60).cost, 100.0)
        entry.minutes = 30
        self.assertEqual(entry.cost, 30.0)
        with self.assertRaises(AccessError):
            self.as_(entry, "agent").action_apply_cost()
        self.as_(entry, "service_manager").action_apply_cost()
        self.assertEqual(entry.cost, 50.0)

    def test_a_merge_of_tickets_takes_the_time_along_as_it_was_valued(self):
        dear = self.make_team("Dear", self.company_a, hourly_cost=600.0)
        into = self.ticket(self.customer, dear)
        entry = self.spend(30)
        self.refresh_all()
        self.work._merge_into(into)
        self.env.flush_all()
        self.assertEqual(
            (entry.ticket_id, entry.team_id, entry.cost), (into, self.team_a, 30.0)
        )
        self.refresh_all()
        self.assertEqual(self.profit()[0], -30.0)
        entry.user_id = self.other
        self.assertEqual(entry.cost, 45.0)

    def test_only_minutes_that_there_are(self):
        for minutes in (0, -5, 1441):
            with self.subTest(minutes), self.assertRaises(IntegrityError):
                with self.cr.savepoint():
                    self.spend(minutes)
        with self.assertRaises(ValidationError):
            self.spend(5, date=self.today() + timedelta(days=3))

    # -- who may ---------------------------------------------------------------------

    def test_each_their_own_and_no_cost_for_agents(self):
        entry = self.spend(10)
        mine = self.as_(entry, "agent")
        mine.minutes = 12
        theirs = self.as_(entry, "other_agent")
        self.assertEqual(theirs.minutes, 12)
        for change in (
            lambda: theirs.write({"minutes": 1}),
            theirs.unlink,
            lambda: theirs.create(
                {"ticket_id": self.work.id, "user_id": self.agent.id, "minutes": 5}
            ),
            lambda: mine.write({"hourly_cost": 0}),
            lambda: mine.read(["cost"]),
            lambda: mine.search([("hourly_cost", ">", 1)]),
            lambda: self.as_(self.team_a, "agent").read(["hourly_cost"]),
        ):
            with self.assertRaises(AccessError):
                change()
        self.assertEqual(
            self.as_(entry, "service_manager").read(["cost"])[0]["cost"],
            12.0,
        )
        mine.unlink()

    def test_seen_as_the_tickets_are(self):
        own = self.spend(5, self.ticket(self.partner(seller="seller")))
        entry = self.spend(5)
        far = self.spend(
            5, self.ticket(self.customer, self.team_b), self.users["agent_b"]
        )
        for role, seen in (
            ("seller", own),
            ("seller_all", own | entry),
            ("agent", own | entry),
            ("agent_b", far),
            ("agent_ab", own | entry | far),
        ):
            with self.subTest(role):
                found = self.env_as(role)["dcrm.ticket.time"].search([])
                self.assertEqual(set(found.ids), set(seen.ids))
        for role in ("nobody", "portal"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.env_as(role)["dcrm.ticket.time"].search([])

    # -- what it costs ---------------------------------------------------------------

    def test_counts_in_the_profit_of_the_customer(self):
        self.purchase(self.customer, 1000, self.days_ago(3))
        self.spend(30)
        self.spend(20, user=self.other, date=self.days_ago(40))
        far = self.ticket(self.customer, self.team_b)
        self.spend(60, far, self.users["agent_b"])
        before = self.profit()[1]
        self.refresh_all()
        self.assertEqual(self.profit()[0], -60.0)
        self.assertEqual(self.profit(company=self.company_b), (-3000.0, -3000.0))
        rows = self.env["dcrm.customer.profit"].search(
            [("partner_id", "=", self.customer.id), ("source", "=", "service")],
            order="date",
        )
        of_a = rows.filtered(lambda row: row.company_id == self.company_a)
        self.assertEqual(of_a.mapped("date"), [self.days_ago(40), self.today()])
        statement = self.env["dcrm.customer.profit"].statement(self.company_a)
        [row] = statement[statement.partner_id == self.customer.id].to_dict("records")
        self.assertEqual(row["service_cost"], -60.0)
        self.assertEqual(row["profit"], self.profit()[1])
        self.assertEqual(before, 0.0)
        self.assertNoViolations()

    def test_follows_what_is_corrected(self):
        entry = self.spend(30)
        gone = self.spend(60)
        self.refresh_all()
        self.assertEqual(self.profit()[0], -90.0)
        entry.minutes = 45
        gone.unlink()
        self.spend(5)
        self.refresh_all()
        self.assertEqual(self.profit(), (-50.0, -50.0))
        self.assertEqual(self.score_of(self.customer).profit or -50.0, -50.0)
        self.work.unlink()
        self.refresh_all()
        self.assertEqual(self.profit(), (0.0, 0.0))
        self.assertNoViolations()

    def test_follows_whose_ticket_it_is(self):
        self.spend(30)
        self.refresh_all()
        other = self.partner("Brasserie", is_company=True)
        self.work.partner_id = other
        self.refresh_all()
        self.assertEqual(self.profit()[0], 0.0)
        self.assertEqual(self.profit(other)[0], -30.0)
        group = self.partner("Group", is_company=True)
        other.write({"is_company": False, "parent_id": group.id})
        self.refresh_all()
        self.assertEqual(self.profit(other)[0], 0.0)
        self.assertEqual(self.profit(group)[0], -30.0)
        self.assertNoViolations()

    def test_follows_a_merge_of_customers(self):
        other = self.partner("Bistro too", is_company=True)
        self.spend(30)
        self.spend(10, self.ticket(other))
        self.refresh_all()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | other).ids, self.customer, extra_checks=False)
        self.env.invalidate_all()
        self.refresh_all()
        self.assertEqual(self.profit(), (-40.0, -40.0))
        self.assertNoViolations()

    def test_what_is_refreshed_is_what_a_full_refresh_finds(self):
        entries = [self.spend(minutes) for minutes in (5, 25, 50)]
        self.refresh_all()
        entries[0].unlink()
        entries[1].write({"minutes": 7, "user_id": self.other.id})
        self.work.partner_id = self.partner()
        self.refresh_all()

        def rows():
            found = self.env["dcrm.customer.profit"].search(self.served, order="id")
            return [
                (row.service_time_id, row.partner_id, row.date, row.service_cost)
                for row in found
            ]

        incremental = rows()
        self.assertEqual(len(incremental), 2)
        self.refresh(self.company_a, full=True)
        self.assertEqual(rows(), incremental)

    def test_drill_down_to_the_entry(self):
        entry = self.spend(30)
        self.refresh_all()
        row = self.env["dcrm.customer.profit"].search(self.served)
        action = self.as_(row, "manager").action_open_document()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (entry._name, entry.id)
        )
        self.assertEqual(entry.action_open_ticket()["res_id"], self.work.id)

    def test_the_audit_finds_what_differs(self):
        entry = self.spend(30)
        self.refresh_all()
        self.assertNoViolations()
        # As nothing in the system does it: without a trace.
        self.env.cr.execute(
            "UPDATE dcrm_ticket_time SET cost = 31 WHERE id = %s", [entry.id]
        )
        found = [
            (each["invariant"], each["model"], each["ids"])
            for each in self.env["dcrm.audit"].run()
        ]
        self.assertIn(("profit_matches_sources", "dcrm.ticket.time", [entry.id]), found)

    def test_the_customers_page_tells_it(self):
        self.spend(30)
        self.refresh_all()
        page = self.env_as("manager")["dcrm.customer.page"].page(self.customer.id)
        [section] = [each for each in page["sections"] if each["key"] == "profit"]
        [row] = [
            row
            for row in section["blocks"][0]["rows"]
            if row["label"] == "Cost to Serve"
        ]
        self.assertEqual(row["cells"][0]["text"], "-30.00")

    def test_an_agent_has_no_row_twice(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.team_a.agent_ids = [Command.create({"user_id": self.other.id})]
