"""Who sees and decides what of ladders, and of whom they told."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.dcrm_analytics.tests.common_access import assert_matrix

from .common_escalation import DUE, EscalationCase

ROLES = (
    "public",
    "portal",
    "nobody",
    "seller",
    "seller_all",
    "analyst",
    "manager",
    "agent",
    "service_manager",
)
READ = ("", "", "", "r", "r", "r", "r", "r", "r")
SETTLED = ("", "", "r", "r", "r", "r", "r", "r", "rwcd")
ACCESS = {
    "dcrm.escalation.notice": READ,
    "dcrm.escalation.policy": SETTLED,
    "dcrm.escalation.step": SETTLED,
}
# Whose notices each role sees: customers of the fixture.
VISIBLE = {
    "seller": {"own"},
    "other_seller": {"other"},
    "seller_all": {"own", "other"},
    "analyst": {"own", "other"},
    "manager": {"own", "other"},
    "agent": {"own", "other"},
    "service_manager": {"own", "other"},
    "seller_b": {"far"},
    "agent_b": {"far"},
    "agent_ab": {"own", "other", "far"},
}


@tagged("post_install", "-at_install")
class TestEscalationAccess(EscalationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["public"] = cls.env.ref("base.public_user")
        cls.ladder_b = cls.make_ladder(cls.team_b)
        cls.env["dcrm.sla.policy"].create(
            {
                "name": "B",
                "company_id": cls.company_b.id,
                "first_response_hours": 1,
            }
        )

    def setUp(self):
        super().setUp()
        other = self.partner(seller="other_seller")
        far = self.partner(seller="seller_b")
        self.tickets = {
            "own": self.late(),
            "other": self.late(partner=other),
            "far": self.ticket(far, self.team_b),
        }
        # In Auckland it is night; it is late there the next day.
        self.run_at(DUE)
        self.run_at("2026-03-05 00:00:00")

    def test_matrix(self):
        assert_matrix(self, ACCESS, ROLES)

    def test_whose_notices(self):
        for role, visible in VISIBLE.items():
            with self.subTest(role):
                found = self.env_as(role)["dcrm.escalation.notice"].search([])
                self.assertEqual(
                    {
                        name
                        for name, ticket in self.tickets.items()
                        if ticket in found.sudo().ticket_id
                    },
                    visible,
                )

    def test_ladders_of_a_company(self):
        for role, ladder in (("agent", self.ladder), ("agent_b", self.ladder_b)):
            env = self.env_as(role)
            self.assertEqual(env["dcrm.escalation.policy"].search([]), ladder)
            self.assertEqual(env["dcrm.escalation.step"].search([]), ladder.step_ids)
        manager = self.env_as("service_manager")
        with self.assertRaises(AccessError):
            self.ladder_b.with_env(manager).name = "Mine"
        with self.assertRaises(AccessError):
            self.ladder_b.step_ids[:1].with_env(manager).timer_minutes = 1
        with self.assertRaises(AccessError):
            manager["dcrm.escalation.policy"].create(
                {"name": "Mine", "team_id": self.team_b.id, "value_class": "c"}
            )

    def test_a_ladder_is_of_the_company_of_its_team(self):
        self.assertEqual(self.ladder.company_id, self.company_a)
        self.assertEqual(self.ladder_b.company_id, self.company_b)
        for field in ("lead_id", "manager_id"):
            with self.assertRaisesRegex(Exception, "ompan"), self.cr.savepoint():
                self.team_a[field] = self.users["agent_b"]

    def test_each_company_is_told_by_itself(self):
        for name, user in (("own", "lead"), ("far", "seller_b")):
            notices = self.notices(self.tickets[name])
            self.assertTrue(notices, name)
            self.assertIn(self.users[user], notices.user_id | self.users[user])
            self.assertEqual(notices.company_id, self.tickets[name].company_id, name)
            told = notices.filtered("user_id").user_id
            for each in told:
                self.assertIn(self.tickets[name].company_id, each.company_ids)
        self.assertNoViolations()

    def test_nobody_writes_what_was_told(self):
        notice = self.notices(self.tickets["own"])[:1]
        for role in VISIBLE:
            mine = notice.with_env(self.env_as(role))
            for operation in ("write", "create", "unlink"):
                self.assertFalse(mine.has_access(operation), role)
        for role in ("agent", "seller"):
            with self.assertRaises(AccessError):
                notice.with_env(self.env_as(role)).state = "accepted"
        ticket = self.tickets["own"].with_env(self.env_as("agent"))
        for values in ({"customer_told_at": DUE}, {"is_of_machine": True}):
            with self.assertRaises(AccessError):
                ticket.write(values)
            with self.assertRaises(AccessError):
                ticket.create({"name": "Mine", **values})
        with self.assertRaises(AccessError):
            ticket.write(
                {"escalation_ids": [(0, 0, {"clock_id": ticket.clock_ids.id})]}
            )

    def test_figures_of_others_do_not_leak_by_groups(self):
        env = self.env_as("seller")
        [[count]] = env["dcrm.escalation.notice"]._read_group([], [], ["__count"])
        own = self.notices(self.tickets["own"])
        self.assertEqual(count, len(own))
        found = env["dcrm.ticket"].search([("escalation_state", "!=", False)])
        self.assertLessEqual(found.sudo(), self.tickets["own"])
