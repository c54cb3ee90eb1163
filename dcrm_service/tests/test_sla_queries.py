"""Clocks cost the same whatever there is beside them."""

from odoo.tests import tagged
from odoo.tools import SQL

from .common_sla import CourseCase


@tagged("post_install", "-at_install")
class TestSlaQueries(CourseCase):
    def setUp(self):
        super().setUp()
        self.policy("Quick", 1, 4, priority="2", next_response_hours=1)
        self.customer = self.partner()
        # What is read once is read.
        self.ticket(self.customer)
        self.env.flush_all()

    def cost(self, work):
        """Return how many queries a piece of work takes, with nothing known before."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_a_ticket_costs_the_same_among_many(self):
        few = self.cost(lambda: self.ticket(self.customer))
        for _each in range(40):
            self.answer(self.ticket(self.customer))
        many = self.cost(lambda: self.ticket(self.customer))
        self.assertEqual(many, few)

    def test_a_stage_costs_the_same_among_many(self):
        def wait_and_go_on():
            ticket.stage_id = self.stage_waiting
            ticket.stage_id = self.stage_progress

        ticket = self.ticket(self.customer)
        self.answer(ticket)
        few = self.cost(wait_and_go_on)
        for _each in range(20):
            other = self.ticket(self.customer)
            self.answer(other)
            other.stage_id = self.stage_waiting
        self.assertLessEqual(self.cost(wait_and_go_on), few)

    def test_a_message_costs_the_same_whatever_was_said_before(self):
        self.everyone.next_response_hours = 4
        ticket = self.ticket(self.customer)
        costs = []
        for _each in range(6):
            self.answer(ticket)
            costs.append(self.cost(lambda: self.write_as_customer(ticket)))
        self.assertLessEqual(costs[-1], costs[1])

    def test_many_tickets_at_once_cost_little_more_than_two(self):
        def make(count):
            self.env["dcrm.ticket"].create(
                [
                    {
                        "name": "Many",
                        "team_id": self.team_a.id,
                        "company_id": self.company_a.id,
                    }
                    for _each in range(count)
                ]
            )

        promised = self.env["dcrm.sla.clock"]
        before = promised.search_count([])
        two, twenty = self.cost(lambda: make(2)), self.cost(lambda: make(20))
        self.assertEqual(promised.search_count([]) - before, 44)
        self.assertLessEqual(twenty, two + 2)

    def test_what_is_asked_for_each_ticket_has_an_index(self):
        """The planner may not use it among few rows: it is there to be used."""
        self.env.cr.execute(
            SQL(
                "SELECT indexdef FROM pg_indexes WHERE tablename IN "
                "('dcrm_sla_clock', 'dcrm_sla_pause', 'dcrm_sla_clock_change', "
                "'dcrm_sla_recount')"
            )
        )
        indexes = " ".join(definition for [definition] in self.cr.fetchall())
        for table, columns in (
            ("dcrm_sla_clock", "(ticket_id)"),
            ("dcrm_sla_clock", "(ticket_id, target) WHERE"),
            ("dcrm_sla_recount", "(ticket_id)"),
            ("dcrm_sla_pause", "(ticket_id)"),
            ("dcrm_sla_pause", "(ticket_id) WHERE (ended_at IS NULL)"),
            ("dcrm_sla_clock_change", "(clock_id)"),
        ):
            self.assertIn(f"ON public.{table} USING btree {columns}", indexes)
