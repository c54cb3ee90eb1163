"""The queue in a browser: its order, and badges that count down while one looks."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common_sla import SlaCase

QUEUE = "/odoo/action-dcrm_service.dcrm_ticket_action?view_type=list"


@tagged("post_install", "-at_install")
class TestTicketQueueUi(SlaCase, HttpCase):
    browser_size = "1700x1000"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team_a.resource_calendar_id = cls.make_hours(
            cls.company_a, ((0, 24),), range(7)
        )

    def setUp(self):
        super().setUp()
        self.best, self.other = self.partner(), self.partner()
        self.env["dcrm.customer.score"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.company_a.id,
                    "value_class": value_class,
                    "danger_since": danger_since,
                }
                for partner, value_class, danger_since in (
                    (self.best, "a", "2026-01-07"),
                    (self.other, "c", False),
                )
            ]
        )

    def test_the_queue_counts_down(self):
        now = fields.Datetime.now()
        hours = timedelta(hours=1)
        # Eight hours are promised; a quarter of that and less is at risk.
        self.everyone.write({"resolution_hours": 8, "risk_percent": 75})
        for name, partner, age in (
            ("Asked by another", self.other, 0),
            ("Asked by the best", self.best, 0),
            ("Leaks", self.other, 5.2),
            ("Which one?", self.best, 7),
        ):
            self.ticket(partner, name=name, opened_at=now - age * hours)
        found = self.env["dcrm.ticket"].search([("company_id", "=", self.company_a.id)])
        waits = found.filtered(lambda ticket: ticket.name == "Which one?")
        leaks = found.filtered(lambda ticket: ticket.name == "Leaks")
        for answered in waits | leaks:
            answered._answered()
        waits.stage_id = self.stage_waiting
        self.start_tour(QUEUE, "dcrm_ticket_queue", login="dcrm_agent")
        self.env.invalidate_all()
        self.assertEqual(leaks.user_id, self.users["agent"])
        self.assertEqual(leaks.stage_id, self.stage_waiting)
        self.assertEqual(self.states(leaks), ("met", "paused"))
        solution = self.clock(leaks, "resolution")
        self.assertAlmostEqual(solution.remaining_hours, 2.8, delta=0.1)
