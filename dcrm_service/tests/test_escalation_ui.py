"""A breach that climbs, as people see it, ending in what the database then holds."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common_escalation import EscalationCase

MINE = "/odoo/action-dcrm_service.dcrm_escalation_notice_action_mine"
LADDERS = "/odoo/action-dcrm_service.dcrm_escalation_policy_action"


@tagged("post_install", "-at_install")
class TestEscalationUi(EscalationCase, HttpCase):
    browser_size = "1366x768"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team_a.resource_calendar_id = cls.make_hours(
            cls.company_a, ((0, 24),), range(7)
        )

    def now(self, text):
        """The browser lives in the present."""

    def setUp(self):
        super().setUp()
        self.freezer = self

    def stop(self):
        pass

    def test_a_breach_that_climbs(self):
        self.ladder.unlink()
        ladder = self.make_ladder(
            steps=[
                ("before", 60, "owner", 30),
                ("at", 0, "sponsor", 30),
                ("at", 0, "seller", 30),
                ("at", 0, "lead", 30),
                ("at", 0, "manager", 30),
            ],
        )
        self.customer.with_company(self.company_a).executive_sponsor_id = False
        ticket = self.late(
            name="The oven is cold",
            user_id=False,
            opened_at=fields.Datetime.now() - timedelta(days=2),
        )
        self.run_at()
        self.assertEqual(
            self.said(ticket), [("sponsor", "skipped"), ("seller", "open")]
        )
        self.start_tour(MINE, "dcrm_escalation_hand_on", login="dcrm_seller")
        self.env.invalidate_all()
        self.assertEqual(
            self.said(ticket),
            [("sponsor", "skipped"), ("seller", "handed_on"), ("lead", "open")],
        )
        self.assertEqual(ticket.activity_ids.user_id, self.users["lead"])
        self.start_tour(MINE, "dcrm_escalation_accept", login="dcrm_lead")
        self.env.invalidate_all()
        self.assertEqual(self.said(ticket)[-1], ("lead", "accepted"))
        notice = self.notices(ticket)[-1]
        self.assertEqual(notice.answered_by_id, self.users["lead"])
        self.assertEqual(notice.policy_id, ladder)
        self.assertEqual(ticket.escalated_to_id, self.users["lead"])
        # Nobody above is told while the lead has time to act.
        self.run_at()
        self.assertEqual(len(self.notices(ticket)), 3)
        self.assertNoViolations()

    def test_a_ladder_is_made(self):
        self.ladder.unlink()
        self.start_tour(LADDERS, "dcrm_escalation_ladder", login="dcrm_service_manager")
        ladder = self.env["dcrm.escalation.policy"].search(
            [("team_id", "=", self.team_a.id)]
        )
        self.assertEqual(ladder.name, "Big customers")
        self.assertEqual(
            ladder.step_ids.mapped("role"),
            ["owner", "seller", "lead", "manager", "sponsor"],
        )
        self.assertEqual(ladder.step_ids.mapped("offset"), [-60, 0, 0, 0, 0])
        self.assertFalse(ladder.customer_template_id)

    def test_who_sees_the_menus(self):
        menus = {
            "menu_service_escalations_mine": {"agent", "seller", "service_manager"},
            "menu_service_escalations": {"agent", "seller", "service_manager"},
        }
        for name, roles in menus.items():
            menu = self.env.ref(f"dcrm_service.{name}").id
            for role in ("agent", "seller", "service_manager", "nobody"):
                seen = self.env_as(role)["ir.ui.menu"]._visible_menu_ids()
                self.assertEqual(menu in seen, role in roles, (name, role))
