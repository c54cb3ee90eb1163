"""Who may do what with tickets and policies: model × role × operation, each record."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.dcrm_analytics.tests.common_access import assert_matrix, models_of

from .common import ServiceCase

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
READERS = ("", "", "", "r", "r", "r", "r", "r", "r")
SETTLED = ("", "", "r", "r", "r", "r", "r", "r", "rwcd")
# Dialogs of agents.
WORKING = ("",) * 7 + ("rwc", "rwc")
# What each role may do with a model at all, in the order of ROLES; "": nothing.
ACCESS = {
    "dcrm.automatic.email": ("",) * 8 + ("r",),
    "dcrm.escalation.notice": READERS,
    "dcrm.escalation.policy": SETTLED,
    "dcrm.escalation.step": SETTLED,
    "dcrm.interaction": ("", "", *("rwc",) * 6, "rwcd"),
    "dcrm.interaction.import": ("",) * 6 + ("rwcd", "", ""),
    "dcrm.interaction.import.column": ("",) * 6 + ("rwcd", "", ""),
    "dcrm.interaction.promise": ("", "", *("rwcd",) * 7),
    "dcrm.sla.clock": READERS,
    "dcrm.sla.clock.change": READERS,
    "dcrm.sla.pause": READERS,
    "dcrm.sla.policy": SETTLED,
    "dcrm.sla.recount": ("",) * 8 + ("r",),
    "dcrm.sla.report": READERS,
    "dcrm.ticket": ("", "r", "", "r", "r", "r", "r", "rwc", "rwcd"),
    "dcrm.ticket.check": (*READERS[:7], "rwc", "rwcd"),
    "dcrm.ticket.checklist": SETTLED,
    "dcrm.ticket.checklist.item": SETTLED,
    "dcrm.ticket.choice": ("",) * 7 + ("r", "r"),
    "dcrm.ticket.choice.line": ("",) * 7 + ("r", "r"),
    "dcrm.ticket.close": WORKING,
    "dcrm.ticket.document": READERS,
    "dcrm.ticket.email": ("",) * 8 + ("r",),
    "dcrm.ticket.kind": SETTLED,
    "dcrm.ticket.agent": ("",) * 7 + ("r", "rwcd"),
    "dcrm.ticket.presence": ("",) * 8 + ("r",),
    "dcrm.ticket.request": ("",) * 8 + ("r",),
    "dcrm.ticket.sender": ("",) * 8 + ("r",),
    "dcrm.ticket.tag": ("", "", *("r",) * 5, "rwc", "rwcd"),
    "dcrm.ticket.time": ("", "", "", *("r",) * 4, "rwcd", "rwcd"),
    "dcrm.ticket.macro": ("",) * 7 + ("r", "rwcd"),
    "dcrm.ticket.macro.run": WORKING,
    "dcrm.ticket.merge": WORKING,
    "dcrm.ticket.split": WORKING,
    "dcrm.ticket.split.line": ("",) * 7 + ("rwcd", "rwcd"),
    "dcrm.ticket.stage": SETTLED,
    "dcrm.ticket.team": SETTLED,
}
# Whose tickets each role sees: customers of the fixture.
VISIBLE = {
    "portal": set(),
    "nobody": None,  # may not search at all
    "seller": {"own"},
    "other_seller": {"other"},
    "seller_all": {"own", "other", "nobody's"},
    "analyst": {"own", "other", "nobody's"},
    "manager": {"own", "other", "nobody's"},
    "agent": {"own", "other", "nobody's"},
    "service_manager": {"own", "other", "nobody's"},
    "seller_b": {"far"},
    "agent_b": {"far"},
    "agent_ab": {"own", "other", "nobody's", "far"},
}
WRITERS = {"agent", "service_manager", "agent_b", "agent_ab"}


@tagged("post_install", "-at_install")
class TestServiceAccess(ServiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["public"] = cls.env.ref("base.public_user")
        case = cls("ticket")
        case.env["dcrm.sla.policy"].create(
            {"name": "Everyone", "company_id": False, "first_response_hours": 4}
        )
        sellers = {"own": "seller", "other": "other_seller", "far": "seller_b"}
        cls.tickets = {
            name: case.ticket(
                case.partner(name, seller=sellers.get(name)),
                cls.team_b if name == "far" else cls.team_a,
            )
            for name in ("own", "other", "nobody's", "far")
        }
        cls.env.flush_all()

    def test_matrix_knows_every_model(self):
        self.assertEqual(models_of(self.env, "dcrm_service"), set(ACCESS))

    def test_matrix(self):
        assert_matrix(self, ACCESS, ROLES)

    def test_whose_tickets(self):
        for role, visible in VISIBLE.items():
            env = self.env_as(role)
            with self.subTest(role):
                if visible is None:
                    with self.assertRaises(AccessError):
                        env["dcrm.ticket"].search([])
                    continue
                found = env["dcrm.ticket"].search([], order="id")
                names = {n for n, each in self.tickets.items() if each in found.sudo()}
                self.assertEqual(names, visible)
                for name, ticket in self.tickets.items():
                    mine = ticket.with_env(env)
                    self.assertEqual(mine.has_access("read"), name in visible)
                    self.assertEqual(
                        mine.has_access("write"), role in WRITERS and name in visible
                    )

    def test_deadlines_are_seen_as_their_tickets_are(self):
        for role, visible in VISIBLE.items():
            if role in ("portal", "nobody"):
                continue
            with self.subTest(role):
                clocks = self.env_as(role)["dcrm.sla.clock"].search([])
                names = {
                    name
                    for name, ticket in self.tickets.items()
                    if ticket in clocks.sudo().ticket_id
                }
                self.assertEqual(names, visible)

    def test_claims_on_emails_of_other_companies(self):
        claims = self.env["dcrm.ticket.email"]
        for ticket in self.tickets.values():
            claims._claim(f"<{ticket.id}@x.example>", ticket.team_id, ticket)
        seen = self.env_as("service_manager")["dcrm.ticket.email"].search([])
        self.assertNotIn(self.tickets["far"], seen.sudo().ticket_id)
        self.assertIn(self.tickets["own"], seen.sudo().ticket_id)

    def test_figures_of_others_do_not_leak_by_groups(self):
        env = self.env_as("seller")
        [[count]] = env["dcrm.ticket"]._read_group([], [], ["__count"])
        self.assertEqual(count, 1)
        for name, seen in (("own", 1), ("other", 0)):
            customer = self.tickets[name].commercial_partner_id.with_env(env)
            self.assertEqual(customer.open_ticket_count, seen)
