"""What a customer buys and joins decides how soon it is answered, end to end."""

from datetime import timedelta

from odoo.fields import Command

from odoo.addons.dcrm_analytics.tests.common import DcrmCase

HOURS = {"Premier": 2, "Preferred": 4, "Standard": 8}


class TestChain(DcrmCase):
    """Invoice → value class → service level → deadline, and club → level → deadline."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Round the clock: no calendar stands between an hour promised and the deadline.
        cls.company_a.resource_calendar_id = False
        env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company_a.ids)
        )
        cls.team = env["dcrm.ticket.team"].create(
            {"name": "Care", "company_id": cls.company_a.id}
        )
        levels = env["dcrm.service.level"].search([])
        cls.level = {level.name: level for level in levels}
        env["dcrm.sla.policy"].search([]).active = False
        env["dcrm.sla.policy"].create(
            [
                {
                    "name": name,
                    "company_id": cls.company_a.id,
                    "service_level_ids": [Command.set(cls.level[name].ids)],
                    "first_response_hours": hours,
                    "resolution_hours": 10 * hours,
                }
                for name, hours in HOURS.items()
            ]
        )

    def setUp(self):
        super().setUp()
        self.large = self.partner("The Grand Hotel", is_company=True)
        self.small = self.partner("The Corner Café", is_company=True)
        self.invoice(self.large, 9000, self.days_ago(20))
        self.invoice(self.small, 100, self.days_ago(20))
        self.refresh()

    def ticket(self, customer):
        return self.env["dcrm.ticket"].create(
            {
                "name": "The pot leaks",
                "partner_id": customer.id,
                "team_id": self.team.id,
                "company_id": self.company_a.id,
            }
        )

    def promised(self, ticket):
        """Return the hours that a ticket was promised: for the answer, the solution."""
        deadline = {clock.target: clock.deadline for clock in ticket.clock_ids}
        return tuple(
            (deadline[target] - ticket.opened_at) / timedelta(hours=1)
            for target in ("first_response", "resolution")
        )

    def level_of(self, customer):
        customer = customer.with_company(self.company_a)
        return customer.service_level_id.name

    def test_two_customers_differ_by_their_value_alone(self):
        self.assertEqual(self.level_of(self.large), "Premier")
        self.assertEqual(self.level_of(self.small), "Standard")
        self.assertEqual(self.promised(self.ticket(self.large)), (2, 20))
        self.assertEqual(self.promised(self.ticket(self.small)), (8, 80))

    def test_a_posted_invoice_lifts_the_next_ticket(self):
        before = self.ticket(self.small)
        self.invoice(self.small, 20000, self.days_ago(1))
        self.assertEqual(self.level_of(self.small), "Standard", "until scored")
        self.refresh(full=True)
        self.assertEqual(self.small.with_company(self.company_a).value_class, "a")
        self.assertEqual(self.level_of(self.small), "Premier")
        self.assertEqual(self.promised(self.ticket(self.small)), (2, 20))
        self.assertEqual(self.promised(before), (2, 20), "the open one too")
        self.assertEqual(before.service_level_id, self.level["Premier"])
        self.assertNoViolations()

    def test_a_contact_is_served_as_its_company(self):
        cook = self.partner("Head chef", parent_id=self.large.id)
        self.assertEqual(self.promised(self.ticket(cook)), (2, 20))

    def test_another_company_of_ours_does_not_care(self):
        team = self.env["dcrm.ticket.team"].create(
            {"name": "Care B", "company_id": self.company_b.id}
        )
        ticket = self.env["dcrm.ticket"].create(
            {
                "name": "The pot leaks",
                "partner_id": self.large.id,
                "team_id": team.id,
                "company_id": self.company_b.id,
            }
        )
        self.assertFalse(ticket.service_level_id or ticket.clock_ids)

    def test_joining_a_tier_lifts_the_next_ticket(self):
        club = self.env["dcrm.club"].create(
            {
                "name": "Kitchen Club",
                "company_id": self.company_a.id,
                "tier_ids": [
                    Command.create({"name": "Member", "sequence": 1}),
                    Command.create(
                        {
                            "name": "Gold",
                            "sequence": 2,
                            "service_level_id": self.level["Premier"].id,
                        }
                    ),
                ],
            }
        )
        before = self.ticket(self.small)
        member = self.env["dcrm.membership"].create(
            {"partner_id": self.small.id, "club_id": club.id}
        )
        self.assertEqual(self.level_of(self.small), "Standard", "the tier says nothing")
        member.tier_id = club.tier_ids[1]
        self.assertEqual(self.level_of(self.small), "Premier")
        self.assertEqual(self.promised(self.ticket(self.small)), (2, 20))
        self.assertEqual(self.promised(before), (2, 20), "the open one too")
        member.action_leave()
        self.assertEqual(self.level_of(self.small), "Standard")
        self.assertEqual(self.promised(self.ticket(self.small)), (8, 80))
        self.assertNoViolations()

    def test_by_hand_wins_over_tier_and_value(self):
        self.large.with_company(self.company_a).service_level_id = self.level[
            "Standard"
        ]
        self.assertEqual(self.promised(self.ticket(self.large)), (8, 80))
        self.large.with_company(self.company_a).service_level_id = False
        self.assertEqual(self.promised(self.ticket(self.large)), (2, 20))
