from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestLastContact(InteractionCase):
    """The partner shows when it was last in contact, and how long it has been silent.

    It is noon of 10 March 2026 in Brussels.
    """

    def setUp(self):
        super().setUp()
        clock = freeze_time("2026-03-10 11:00:00")
        clock.start()
        self.addCleanup(clock.stop)
        # Silent for 0, 1 and 30 days; the last hour of the 8th in UTC is the 9th there.
        self.today_, self.yesterday, self.month, self.never = (
            self.partner(name) for name in ("Today", "Yesterday", "Month", "Never")
        )
        self.log(partner=self.today_, date="2026-03-10 09:00:00")
        self.log(partner=self.today_, date="2026-01-01 09:00:00")
        self.log(partner=self.yesterday, date="2026-03-08 23:30:00")
        self.log(partner=self.month, date="2026-02-08 12:00:00")
        self.all = self.today_ | self.yesterday | self.month | self.never
        self.env.invalidate_all()

    def partners(self, role="agent", *companies):
        return self.env_as(role, *companies)["res.partner"]

    def found(self, *domain, order=None, role="agent"):
        return (
            self.partners(role)
            .search([*domain, ("id", "in", self.all.ids)], order=order or "id")
            .mapped("name")
        )

    def test_shown(self):
        seen = self.all.with_env(self.env_as("agent"))
        self.assertEqual(seen.mapped("silent_days"), [0, 1, 30, 0])
        self.assertEqual(seen.mapped("interaction_count"), [2, 1, 1, 0])
        self.assertEqual(
            seen[0].last_contact_date,
            fields.Datetime.to_datetime("2026-03-10 09:00:00"),
        )
        self.assertFalse(seen[3].last_contact_date)

    def test_contacts_show_their_companys(self):
        contact = self.partner(parent_id=self.month.id).with_env(self.env_as("agent"))
        self.assertEqual(contact.silent_days, 30)
        self.assertEqual(contact.interaction_count, 1)

    def test_search_by_silence(self):
        cases = {
            (">", 0): ["Yesterday", "Month"],
            (">", 1): ["Month"],
            (">=", 1): ["Yesterday", "Month"],
            (">=", 30): ["Month"],
            (">=", 31): [],
            ("<", 1): ["Today"],
            ("<", 30): ["Today", "Yesterday"],
            ("<=", 30): ["Today", "Yesterday", "Month"],
            ("=", 1): ["Yesterday"],
            ("=", 0): ["Today"],
            ("!=", 0): ["Yesterday", "Month", "Never"],
            ("in", (0, 30)): ["Today", "Month"],
        }
        for (operator, days), names in cases.items():
            with self.subTest(f"{operator} {days}"):
                self.assertEqual(self.found(("silent_days", operator, days)), names)

    def test_search_by_last_contact(self):
        cases = {
            ("=", False): ["Never"],
            ("!=", False): ["Today", "Yesterday", "Month"],
            (">=", "2026-03-08 23:30:00"): ["Today", "Yesterday"],
            (">", "2026-03-08 23:30:00"): ["Today"],
            ("<", "2026-03-01"): ["Month"],
            ("=", "2026-02-08 12:00:00"): ["Month"],
        }
        for (operator, moment), names in cases.items():
            with self.subTest(f"{operator} {moment}"):
                self.assertEqual(
                    self.found(("last_contact_date", operator, moment)), names
                )

    def test_sorted(self):
        for order in ("last_contact_date", "silent_days desc"):
            self.assertEqual(
                self.found(order=order), ["Month", "Yesterday", "Today", "Never"]
            )
        for order in ("last_contact_date desc", "silent_days"):
            self.assertEqual(
                self.found(order=order), ["Today", "Yesterday", "Month", "Never"]
            )

    def test_grouped(self):
        """By the month of the last contact, as far as each may read."""
        partners = self.partners()
        domain = [("id", "in", self.all.ids)]
        groups = partners.formatted_read_group(
            domain, ["last_contact_date:month"], ["__count"]
        )
        self.assertEqual([group["__count"] for group in groups], [1, 2, 1])
        for group in groups:
            found = partners.search([*domain, *group["__extra_domain"]])
            self.assertEqual(len(found), group["__count"])
        groups = self.partners("nobody").formatted_read_group(
            domain, ["last_contact_date:month"], ["__count"]
        )
        self.assertEqual([group["__count"] for group in groups], [4])

    def test_averaged(self):
        self.assertEqual(
            self.partners()._read_group(
                [("id", "in", self.all.ids)], [], ["silent_days:avg"]
            ),
            [(31 / 3,)],
        )

    def test_two_companies(self):
        """What the other company did shows to who works in both."""
        self.env_as("agent_b")["dcrm.interaction"].create(
            {"subject": "B", "partner_id": self.never.id, "date": "2026-03-05 00:00:00"}
        )
        here = self.never.with_env(self.env_as("agent"))
        both = self.never.with_env(self.env_as("agent_ab"))
        there = self.never.with_env(self.env_as("agent_b"))
        self.assertFalse(here.last_contact_date)
        self.assertEqual(both.silent_days, 5)
        self.assertEqual(there.silent_days, 6)  # noon of the 5th, and the 11th
        self.assertEqual(self.found(("silent_days", ">=", 5)), ["Month"])

    def test_each_sees_what_the_rules_let(self):
        """Neither value, nor search, nor order, nor average tells more than reading."""
        self.month.user_id = self.users["seller"]
        seen = self.all.with_env(self.env_as("seller"))
        self.assertEqual(seen.mapped("silent_days"), [0, 0, 30, 0])
        self.assertEqual(self.found(("silent_days", ">=", 0), role="seller"), ["Month"])
        self.assertEqual(
            self.found(("last_contact_date", "=", False), role="seller"),
            ["Today", "Yesterday", "Never"],
        )
        self.assertEqual(
            self.found(order="last_contact_date desc, id", role="seller"),
            ["Month", "Today", "Yesterday", "Never"],
        )
        self.assertEqual(
            self.partners("seller")._read_group(
                [("id", "in", self.all.ids)], [], ["silent_days:avg"]
            ),
            [(30,)],
        )
        self.assertEqual(self.found(("silent_days", ">=", 0), role="nobody"), [])

    def test_unknown_to_the_portal(self):
        names = {
            "interaction_count",
            "last_contact_date",
            "open_ticket_count",
            "silent_days",
        }
        partners = self.partners("portal")
        self.assertFalse(names & set(partners.fields_get()))
        own = partners.browse(self.users["portal"].partner_id.id)
        for name in names:
            with self.assertRaises(AccessError):
                own.read([name])
        for name in ("last_contact_date", "silent_days"):
            with self.assertRaises(AccessError):
                partners.search([], order=name)
            with self.assertRaises(AccessError):
                partners.search([(name, "!=", False)])

    def test_open_tickets(self):
        self.ticket(self.jan)
        self.ticket(self.bistro)
        self.ticket(self.mia).stage_id = self.stage_solved
        self.env.invalidate_all()
        for role, count in (("agent", 2), ("nobody", 0), ("seller", 0)):
            with self.subTest(role):
                seen = self.bistro.with_env(self.env_as(role))
                self.assertEqual(seen.open_ticket_count, count)
        self.assertEqual(self.jan.with_env(self.env_as("agent")).open_ticket_count, 2)

    def test_buttons_lead_to_the_customers(self):
        interactions = self.env["dcrm.interaction"]
        contact = self.partner(parent_id=self.today_.id)
        action = contact.with_env(self.env_as("agent")).action_open_interactions()
        found = interactions.search(action["domain"])
        self.assertEqual(found.commercial_partner_id, self.today_)
        ticket = self.ticket(contact)
        action = self.today_.with_env(self.env_as("agent")).action_open_tickets()
        self.assertEqual(self.env["dcrm.ticket"].search(action["domain"]), ticket)


@tagged("post_install", "-at_install")
class TestQueryCounts(InteractionCase):
    """Lists cost the same number of queries however many rows they show."""

    def test_lists(self):
        customers = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(80)]
        )
        for number, customer in enumerate(customers):
            self.log(
                partner=customer,
                next_step="Call" if number % 2 else False,
                date=fields.Datetime.now() - timedelta(days=number % 40),
            )
            self.ticket(customer)
        name = {"fields": {"display_name": {}}}
        lists = {
            "res.partner": (
                {
                    "name": {},
                    "last_contact_date": {},
                    "silent_days": {},
                    "interaction_count": {},
                    "open_ticket_count": {},
                },
                "silent_days desc",
            ),
            "dcrm.interaction": (
                {
                    "date": {},
                    "channel": {},
                    "commercial_partner_id": name,
                    "partner_id": name,
                    "subject": {},
                    "user_id": name,
                    "user_ids": name,
                    "next_step": {},
                    "next_step_date": {},
                    "next_step_state": {},
                    "ticket_id": name,
                },
                "date desc",
            ),
        }
        for model, (specification, order) in lists.items():
            costs = [
                self.cost(model, customers[:count], specification, order)
                for count in (40, 80)
            ]
            with self.subTest(model):
                self.assertEqual(*costs)
                self.assertLessEqual(costs[0], 15)

    def cost(self, model, customers, specification, order):
        records = self.env_as("agent")[model]
        field = "id" if model == "res.partner" else "commercial_partner_id"
        for _attempt in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.web_search_read(
                [(field, "in", customers.ids)], specification, order=order
            )
        return self.env.cr.sql_log_count - before

    def test_nothing_where_nobody_captures(self):
        """Posting costs no query more as long as no company captures."""
        self.company_a.interaction_capture = False

        def cost():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.send("agent", self.bistro, [self.jan])
            return self.env.cr.sql_log_count - before

        cost()
        without = cost()
        thread = self.env.registry["mail.thread"]
        self.patch(thread, "_is_customer_thread", lambda self: False)
        self.assertEqual(cost(), without)
