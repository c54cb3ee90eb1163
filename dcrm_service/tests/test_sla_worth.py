"""What the customer is worth decides what is promised, and the reason is kept."""

from datetime import date

from odoo.tests import tagged
from odoo.tools import SQL

from .common_sla import CourseCase


@tagged("post_install", "-at_install")
class TestSlaWorth(CourseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.segment, cls.other_segment = cls.env["dcrm.segment"].create(
            [{"name": name, "company_id": False} for name in ("Jewels", "Stones")]
        )

    def scored(self, partner=None, company=None, **values):
        """Return a customer whose score says so; written as a refresh does, by SQL."""
        partner = partner or self.partner()
        company = company or self.company_a
        values = {"frequency": 1, "monetary": 1, **values}
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "INSERT INTO dcrm_customer_score (partner_id, company_id, %s) "
                "VALUES (%s, %s, %s) ON CONFLICT (partner_id, company_id) "
                "DO UPDATE SET (%s) = ROW(%s)",
                SQL(", ").join(map(SQL.identifier, values)),
                partner.id,
                company.id,
                SQL(", ").join(SQL("%s", value) for value in values.values()),
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(SQL("%s", value) for value in values.values()),
            )
        )
        self.env.invalidate_all()
        return partner

    def follow(self, company=None):
        count = self.env["dcrm.ticket"]._follow_all_customers(company or self.company_a)
        self.env.invalidate_all()
        return count

    def assertServiceHolds(self):
        """What is of clocks holds; scores that no refresh wrote break other rules."""
        self.env.flush_all()
        broken = {each["invariant"] for each in self.env["dcrm.audit"].run()}
        self.assertFalse(
            [name for name in broken if name.startswith(("clocks", "pauses"))]
        )

    # -- what policies cover -----------------------------------------------------------

    def test_by_value_class(self):
        self.policy("Valuable", 1, value_class="b")
        for value_class, policy in (
            ("a", "Valuable"),
            ("b", "Valuable"),
            ("c", "Everyone"),
            (None, "Everyone"),
        ):
            with self.subTest(value_class):
                ticket = self.ticket(self.scored(value_class=value_class))
                self.assertEqual(ticket.value_class or None, value_class)
                self.assertEqual(self.clock(ticket).policy_id.name, policy)
        self.assertEqual(self.clock(self.ticket()).policy_id, self.everyone)

    def test_by_segment(self):
        self.policy("Jewels", 1, segment_ids=self.segment.ids)
        inside = self.ticket(self.scored(segment_id=self.segment.id))
        outside = self.ticket(self.scored(segment_id=self.other_segment.id))
        self.assertEqual(self.clock(inside).policy_id.name, "Jewels")
        self.assertEqual(inside.customer_segment_id, self.segment)
        self.assertEqual(self.clock(outside).policy_id, self.everyone)

    def test_by_danger(self):
        self.policy("Do not lose them", 1, in_danger=True)
        leaving = self.ticket(self.scored(danger_since="2026-02-01"))
        staying = self.ticket(self.scored(value_class="a"))
        self.assertEqual(self.clock(leaving).policy_id.name, "Do not lose them")
        self.assertEqual(leaving.customer_danger_since, date(2026, 2, 1))
        self.assertEqual(self.clock(staying).policy_id, self.everyone)

    def test_by_the_score_of_the_tickets_company(self):
        self.policy("Valuable", 1, value_class="a", company_id=False)
        partner = self.scored(value_class="a", company=self.company_b)
        self.assertEqual(self.clock(self.ticket(partner)).policy_id, self.everyone)
        theirs = self.ticket(partner, self.team_b)
        self.assertEqual(self.clock(theirs).policy_id.name, "Valuable")

    def test_a_contact_is_served_as_its_company(self):
        self.policy("Valuable", 1, value_class="a")
        customer = self.scored(self.partner(is_company=True), value_class="a")
        ticket = self.ticket(self.partner(parent_id=customer.id))
        self.assertEqual(self.clock(ticket).policy_id.name, "Valuable")

    def test_the_most_favourable_wins_and_says_why(self):
        self.policy(
            "Top", 2, 60, value_class="b", in_danger=True, segment_ids=self.segment.ids
        )
        self.policy("Quick", 2, 8)
        customer = self.scored(
            value_class="a", danger_since="2026-02-01", segment_id=self.segment.id
        )
        ticket = self.ticket(customer)
        self.assertEqual(
            self.clock(ticket).reason,
            "Top (2 h) for value class B or better, segment Jewels, customer in "
            "danger; more favourable than Everyone (8 h)",
        )
        self.assertEqual(
            self.clock(ticket, "resolution").reason,
            "Quick (8 h) for every ticket; more favourable than Everyone (40 h), "
            "Top (60 h)",
        )
        self.env["dcrm.sla.policy"].search([("name", "=", "Top")]).name = "Renamed"
        self.assertIn("Top (2 h)", self.clock(ticket).reason)

    # -- following the score -----------------------------------------------------------

    def test_open_tickets_follow_the_score(self):
        self.policy("Valuable", 1, value_class="a")
        customer = self.scored(value_class="c")
        open_, closed = self.ticket(customer), self.ticket(customer)
        other = self.ticket(self.partner())
        closed.stage_id = self.stage_solved
        self.scored(customer, value_class="a", danger_since="2026-03-01")
        self.assertEqual(self.follow(), 1)
        self.assertDue(open_, "2026-03-04 11:00")
        [change] = self.clock(open_).change_ids
        self.assertEqual(change.reason, "Value class: A, Customer in danger")
        self.assertEqual(change.policy_before_id, self.everyone)
        self.assertIn("Valuable (1 h)", self.clock(open_).reason)
        self.assertEqual(closed.value_class, "c")
        self.assertDue(closed, "2026-03-05 10:00")
        self.assertFalse(other.sla_change_ids)
        self.assertFalse(self.follow())
        self.assertServiceHolds()

    def test_danger_that_ends_and_scores_that_go(self):
        self.policy("Do not lose them", 1, in_danger=True)
        customer = self.scored(danger_since="2026-02-01")
        ticket = self.ticket(customer)
        self.scored(customer, danger_since=None)
        self.follow()
        self.assertDue(ticket, "2026-03-05 10:00")
        self.assertEqual(
            ticket.sla_change_ids[:1].reason, "Customer not in danger any more"
        )
        self.scored(customer, value_class="a")
        self.follow()
        self.score_of(customer).unlink()
        self.env.flush_all()
        self.follow()
        self.assertFalse(ticket.value_class)

    def test_another_customer_another_promise(self):
        self.policy("Valuable", 1, value_class="a")
        ticket = self.ticket(self.scored(value_class="c"))
        ticket.partner_id = self.scored(value_class="a")
        self.assertDue(ticket, "2026-03-04 11:00")
        self.assertEqual(ticket.value_class, "a")

    def test_a_refresh_of_scores_hands_on(self):
        """By hand and as a run alike, for the company that was scored only."""
        self.company_a.customer_scoring = True
        self.policy("Valuable", 1, value_class="a")
        large, small = self.partner(), self.partner()
        self.purchase(large, 900.0)
        self.purchase(small, 30.0)
        ticket, theirs = self.ticket(small), self.ticket(small, self.team_b)
        self.refresh()
        self.assertEqual(ticket.value_class, "c")
        self.assertDue(ticket, "2026-03-05 10:00")
        self.purchase(small, 9000.0)
        run = self.env["dcrm.run"]._start("refresh", self.company_a, full=True)
        with self.enter_registry_test_mode():
            self.env.ref("dcrm_analytics.ir_cron_run").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(run.state, "done")
        self.assertEqual(ticket.value_class, "a")
        self.assertDue(ticket, "2026-03-04 11:00")
        self.assertFalse(theirs.value_class)
        self.assertNoViolations()

    def test_a_paused_ticket_follows_too(self):
        self.policy("Valuable", solution=8, value_class="a")
        customer = self.scored(value_class="c")
        ticket = self.ticket(customer)
        self.answer(ticket)
        ticket.stage_id = self.stage_waiting
        self.scored(customer, value_class="a")
        self.follow()
        self.assertEqual(self.clock(ticket, "resolution").remaining_hours, 8)
        self.assertServiceHolds()

    def test_many_follow_in_as_many_queries_as_few(self):
        self.policy("Valuable", 1, value_class="a")
        counts = []
        for size in (2, 20):
            customers = [self.scored(value_class="c") for _each in range(size)]
            for customer in customers:
                self.ticket(customer)
            self.env.flush_all()
            for customer in customers:
                self.scored(customer, value_class="a")
            before = self.cr.sql_log_count
            self.assertEqual(self.follow(), size)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
